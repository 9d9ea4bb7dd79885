/**
 * The whole stack over loopback TCP, from verb to verb: two devices (or one) that behave, and what an application may rely on.
 */
package io.verbena.testkit.endtoend;
