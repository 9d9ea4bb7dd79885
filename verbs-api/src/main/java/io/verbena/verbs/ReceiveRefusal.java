package io.verbena.verbs;

/**
 * What becomes of a message whose queue pair holds as many receives of a shared receive queue as it may (SYS-SRQ-03). Either
 * way the other queue pairs notice nothing.
 */
public enum ReceiveRefusal {
    /**
     * The message is dropped: its octets are consumed and nothing is placed, delivered or invalidated. The connection lives
     * on, and the sender notices nothing.
     */
    DROP_MESSAGE,
    /** The connection is dropped: Terminate (no buffer for the message), then close. */
    DROP_CONNECTION
}
