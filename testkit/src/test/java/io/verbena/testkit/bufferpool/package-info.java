/**
 * The adapter's buffer pool over TCP: what is drawn from it, by whom and what for, its quotas, and what happens when it is
 * exhausted (SYS-POOL).
 */
package io.verbena.testkit.bufferpool;
