package io.verbena.verbs;

/** When a receive that a queue pair has drawn from a shared receive queue no longer counts as held by it (SYS-SRQ-04). */
public enum GiveBack {
    /** When its completion is taken off the completion queue. */
    WHEN_CONSUMED,
    /** When the application says so after that, with {@link SharedReceiveQueue#giveBack}: it is done with the memory. */
    BY_APPLICATION
}
