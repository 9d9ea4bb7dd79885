/**
 * {@code verbena info}: what the device is and allows, for people or as JSON. Called by the command line, calls the verbs;
 * no threads. Start reading at {@link io.verbena.examples.info.InfoCommand}.
 */
package io.verbena.examples.info;
