package io.verbena.rdmap.wire;

/**
 * Bits of the RDMAP control octet, which DDP carries unread (RFC 5040 section 4.1).
 *
 * <pre>
 *   0 1 2 3 4 5 6 7
 *  +---+---+-------+
 *  | RV|Rsv| Opcode|
 *  +---+---+-------+
 * </pre>
 *
 * <p>Pure functions on the octet as {@code int}: any thread.
 */
public final class RdmapControl {
    /** Mask of the version. */
    public static final int VERSION_MASK = 0xC0;

    /** Reserved bits: zero when sent, not checked when received. */
    public static final int RESERVED = 0x30;

    /** Mask of the opcode. */
    public static final int OPCODE_MASK = 0x0F;

    /** The one version of RFC 5040. */
    public static final int VERSION = 1;

    private static final int VERSION_SHIFT = 6;

    private RdmapControl() {}

    public static int version(int control) {
        return (control & VERSION_MASK) >>> VERSION_SHIFT;
    }

    /**
     * Finds the message.
     *
     * @param control the octet
     * @return its row, or null if the opcode is not assigned
     */
    public static RdmapOpcode opcode(int control) {
        return RdmapOpcode.of(control);
    }

    /**
     * Builds the octet with the version of RFC 5040.
     *
     * @param opcode the message
     * @return the octet, 0 to 255
     */
    public static int encode(RdmapOpcode opcode) {
        return VERSION << VERSION_SHIFT | opcode.value();
    }
}
