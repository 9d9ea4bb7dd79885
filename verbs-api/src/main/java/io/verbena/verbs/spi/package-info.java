/** What a provider of verbs implements: {@link io.verbena.verbs.spi.VerbsProvider}, found by ServiceLoader. */
package io.verbena.verbs.spi;
