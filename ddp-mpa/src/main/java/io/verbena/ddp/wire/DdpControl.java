package io.verbena.ddp.wire;

/**
 * Bits of the DDP control octet (RFC 5041 section 4.1).
 *
 * <pre>
 *   0 1 2 3 4 5 6 7
 *  +-+-+-------+---+
 *  |T|L| Rsvd  | DV|
 *  +-+-+-------+---+
 * </pre>
 *
 * <p>Pure functions on the octet as {@code int}: any thread.
 */
public final class DdpControl {
    /** T: the segment is tagged. */
    public static final int TAGGED = 0x80;

    /** L: the segment is the last one of its message. */
    public static final int LAST = 0x40;

    /** Reserved bits: zero when sent, not checked when received. */
    public static final int RESERVED = 0x3C;

    /** Mask of the version. */
    public static final int VERSION_MASK = 0x03;

    /** The one version of RFC 5041. */
    public static final int VERSION = 1;

    private DdpControl() {}

    public static boolean isTagged(int control) {
        return (control & TAGGED) != 0;
    }

    public static boolean isLast(int control) {
        return (control & LAST) != 0;
    }

    public static int version(int control) {
        return control & VERSION_MASK;
    }

    /**
     * Builds the octet with the version of RFC 5041.
     *
     * @param tagged value of T
     * @param last value of L
     * @return the octet, 0 to 255
     */
    public static int encode(boolean tagged, boolean last) {
        return (tagged ? TAGGED : 0) | (last ? LAST : 0) | VERSION;
    }

    /**
     * Octets of the header that a control octet announces.
     *
     * @param control the octet
     * @return 14 for tagged, 18 for untagged
     */
    public static int headerOctets(int control) {
        return isTagged(control) ? TaggedHeader.OCTETS : UntaggedHeader.OCTETS;
    }
}
