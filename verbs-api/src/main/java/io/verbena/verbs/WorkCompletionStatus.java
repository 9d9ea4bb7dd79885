package io.verbena.verbs;

/**
 * How a request ended (RDMA verbs, section 10.2 of our verbs notes), with the number libibverbs would give.
 *
 * <p>Per connection at most one completion has a status other than {@link #SUCCESS} and {@link #FLUSHED}: that of the
 * request which caused the error. Under {@link RegistrationFailurePolicy#REACTIVE} each drain of the send queue has one more.
 */
public enum WorkCompletionStatus {
    /** Done. */
    SUCCESS(0),
    /** Not executed, because the queue pair stopped; the cause says why. */
    FLUSHED(5),
    /** The STag of local memory is unknown, not valid, of another instance, or a window. */
    LOCAL_INVALID_STAG(4),
    /** Local memory is outside its region. */
    LOCAL_BOUNDS(4),
    /** Local memory lacks the right. */
    LOCAL_ACCESS(4),
    /** Local memory belongs to another protection domain, or a window to be invalidated to another queue pair. */
    LOCAL_PROTECTION_DOMAIN(4),
    /** Address plus length of local memory passes 2^64. */
    LOCAL_ADDRESS_WRAP(4),
    /** A message was longer than the receive that it met, or a request longer than a message can be. */
    LOCAL_LENGTH(1),
    /** A Read was posted, but this connection may have none outstanding (ORD 0). */
    ZERO_READ_RESOURCES(2),
    /** The queue pair is not enabled for the request: fast registration, or binding of windows. */
    NOT_ENABLED(2),
    /** The region or window is not in the state, or not of the kind, that the request needs; or its room is too small. */
    MEMORY_MANAGEMENT(6),
    /** The peer asked to invalidate an STag that may not be invalidated by it. */
    INVALIDATE_REFUSED(9),
    /** The peer sent a Terminate that names this request: access refused. */
    REMOTE_ACCESS(10),
    /** The peer sent a Terminate that names this request: not understood or not possible. */
    REMOTE_INVALID_REQUEST(9),
    /** The peer sent a Terminate that names this request: another failure. */
    REMOTE_OPERATION(11);

    private final int verbsNumber;

    WorkCompletionStatus(int verbsNumber) {
        this.verbsNumber = verbsNumber;
    }

    /** Returns the number of the closest {@code ibv_wc_status}. */
    public int verbsNumber() {
        return verbsNumber;
    }
}
