/** Atomic operations and Immediate Data (RFC 7306) over loopback TCP: what they do, what they guarantee, what is refused. */
package io.verbena.testkit.atomics;
