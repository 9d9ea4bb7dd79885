package io.verbena.verbs;

/**
 * Memory that becomes accessible when a request of the send queue is processed: a {@link FastRegistration} or a
 * {@link WindowBinding}. Its STag is known at once, so requests posted behind it on the same send queue may use it, and a
 * message may tell it to the peer (SYS-MEM-05, VRB-MO-08).
 *
 * <p>Those of one region or window overtake each other: once one that was prepared later has been processed, an earlier one is
 * stale and is refused. Tag Instances are 8 bits, so STags come again: of many that are prepared and dropped, none processed, the
 * 128th has the STag of the first. Nobody may use that for the first any more, the peer included.
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
