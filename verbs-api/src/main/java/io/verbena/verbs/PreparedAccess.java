package io.verbena.verbs;

/**
 * Memory that becomes accessible when a request of the send queue is processed: a {@link FastRegistration} or a
 * {@link WindowBinding}. Its STag is known at once, so requests posted behind it on the same send queue may use it, and a
 * message may tell it to the peer (SYS-MEM-05, VRB-MO-08).
 *
 * <p>Immutable; can be posted again after a failure. Thread rule: any thread.
 */
public interface PreparedAccess {
    /** Returns the STag that it will have. */
    int stag();

    /** Returns the (unsigned) address that its first octet will have. */
    long startAddress();

    /** Returns the length in octets. */
    long lengthOctets();

    /** Returns the value that tells a peer how to reach it. */
    default RemoteRegion remote() {
        return new RemoteRegion(stag(), startAddress(), lengthOctets());
    }
}
