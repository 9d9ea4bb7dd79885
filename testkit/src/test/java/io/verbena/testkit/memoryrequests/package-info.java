/** Requests of the send queue that change memory, over TCP: fast registration, windows, invalidation, and what their failure does. */
package io.verbena.testkit.memoryrequests;
