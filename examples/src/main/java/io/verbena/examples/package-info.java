/**
 * The {@code verbena} command line and the small samples that read in one sitting.
 */
package io.verbena.examples;
