/**
 * The verbs: what an application compiles against. Interfaces and values only; nothing here knows a wire or a thread.
 */
package io.verbena.verbs;
