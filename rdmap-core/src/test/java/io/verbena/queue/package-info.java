/** Tests of the queues: single-threaded for the rules, several threads with bounded, seeded work for the hand-overs. */
package io.verbena.queue;
