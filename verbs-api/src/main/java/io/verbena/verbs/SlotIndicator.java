package io.verbena.verbs;

/** What the indicator of a work queue's slot says (SYS-WQ-01), in the order in which a slot goes through it. */
public enum SlotIndicator {
    /** No request, or one that is done: the slot may be used. */
    FREE,
    /** A posting thread is copying its request into the slot. */
    FILLING,
    /** It holds a request that waits to be taken into service. */
    WAITING,
    /** It holds a request that was taken into service and is not done. */
    IN_SERVICE;

    /** Returns whether the slot holds a request that is not done. */
    public boolean busy() {
        return this == WAITING || this == IN_SERVICE;
    }
}
