package io.verbena.benchmarks.scale;

/** An operation whose cost is compared. */
enum ScaledOperation {
    /** From the post until the octets are in the peer's memory and the completion is taken; always the same target. */
    WRITE("Write, always the same", false),
    /** The same, the next queue pair, region or window each time. */
    WRITE_IN_TURN("Write, each in turn", false),
    /** From the post until both completions are taken. */
    SEND("Send, always the same", false),
    /** The same, the next queue pair each time. */
    SEND_IN_TURN("Send, each in turn", true),
    /** A region of 64 octets, immediately. */
    REGISTER("register, deregister", false),
    /** A window, both through the send queue, one completion. */
    BIND("bind, invalidate", false),
    /** A queue pair that is not connected. */
    CREATE("create, destroy", true);

    private final String label;
    private final boolean ofQueuePairsOnly;

    ScaledOperation(String label, boolean ofQueuePairsOnly) {
        this.label = label;
        this.ofQueuePairsOnly = ofQueuePairsOnly;
    }

    String label() {
        return label;
    }

    /** Returns whether it makes no difference to others where there are many regions or windows. */
    boolean ofQueuePairsOnly() {
        return ofQueuePairsOnly;
    }
}
