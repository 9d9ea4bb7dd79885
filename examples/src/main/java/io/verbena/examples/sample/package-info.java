/**
 * Small programs that each show one thing and can be read in one sitting; to begin from, copy one. They use nothing but the
 * verbs, and what stands beside them in the library: the async layer and the listeners. Start reading at {@link io.verbena.examples.sample.SendAndReceive}.
 */
package io.verbena.examples.sample;
