package io.verbena.mpa.wire;

import java.nio.ByteBuffer;

/**
 * Sizes and offsets of one FPDU without markers (RFC 5044 section 4.1).
 *
 * <pre>
 *  +0            +2                      +2+L       +2+L+P
 *  +-------------+-----------------------+----------+---------+
 *  | ULPDU_Length| ULPDU, L octets       | PAD, P   | CRC     |
 *  |  2 octets   | (one DDP segment)     | 0..3     | 4 octets|
 *  +-------------+-----------------------+----------+---------+
 * </pre>
 *
 * <p>Pure arithmetic: any thread, no state. All lengths are octets.
 */
public final class FpduLayout {
    /** Offset of ULPDU_Length. */
    public static final int ULPDU_LENGTH = 0;

    /** Offset of the ULPDU, which is the DDP segment. */
    public static final int ULPDU = ULPDU_LENGTH + 2;

    /** Octets of the CRC field, present whether or not the CRC is in use. */
    public static final int CRC_OCTETS = 4;

    /** Largest ULPDU the length field can announce; a receiver has to live with it. */
    public static final int MAX_ULPDU_OCTETS = 0xFFFF;

    /** Every FPDU is a multiple of this, which keeps markers off the inside of 32-bit words. */
    public static final int ALIGNMENT = 4;

    /** Largest FPDU without markers that can be announced. */
    public static final int MAX_FPDU_OCTETS = fpduOctets(MAX_ULPDU_OCTETS);

    private FpduLayout() {}

    /**
     * Tells whether ULPDU_Length can be read.
     *
     * @param available octets at hand from the start of the FPDU
     * @return true if {@link #ulpduLength} may be called
     */
    public static boolean fits(int available) {
        return available >= ULPDU;
    }

    /**
     * Reads ULPDU_Length.
     *
     * @param borrowed big-endian buffer holding the FPDU
     * @param offset where the FPDU starts
     * @return the length in octets, 0 to 65535
     */
    public static int ulpduLength(ByteBuffer borrowed, int offset) {
        return borrowed.getShort(offset + ULPDU_LENGTH) & 0xFFFF;
    }

    /**
     * Writes ULPDU_Length.
     *
     * @param borrowed big-endian buffer to receive the FPDU
     * @param offset where the FPDU starts
     * @param ulpduLength length of the ULPDU in octets, 0 to 65535
     */
    public static void putUlpduLength(ByteBuffer borrowed, int offset, int ulpduLength) {
        borrowed.putShort(offset + ULPDU_LENGTH, (short) ulpduLength);
    }

    /**
     * Pad octets behind a ULPDU.
     *
     * @param ulpduLength length of the ULPDU in octets
     * @return 0 to 3
     */
    public static int padOctets(int ulpduLength) {
        return -(ULPDU + ulpduLength) & (ALIGNMENT - 1);
    }

    /**
     * Octets of length field, ULPDU and pad together: everything the CRC covers when no marker is near.
     *
     * @param ulpduLength length of the ULPDU in octets
     * @return octets before the CRC field
     */
    public static int bodyOctets(int ulpduLength) {
        return ULPDU + ulpduLength + padOctets(ulpduLength);
    }

    /**
     * Offset of the CRC field in the FPDU.
     *
     * @param ulpduLength length of the ULPDU in octets
     * @return offset from ULPDU_Length, markers not counted
     */
    public static int crcOffset(int ulpduLength) {
        return bodyOctets(ulpduLength);
    }

    /**
     * Octets of a whole FPDU without markers.
     *
     * @param ulpduLength length of the ULPDU in octets
     * @return a multiple of 4
     */
    public static int fpduOctets(int ulpduLength) {
        return bodyOctets(ulpduLength) + CRC_OCTETS;
    }

    /**
     * Writes the zero pad octets behind a ULPDU.
     *
     * @param borrowed buffer holding the FPDU
     * @param offset where the FPDU starts
     * @param ulpduLength length of the ULPDU in octets
     */
    public static void putPad(ByteBuffer borrowed, int offset, int ulpduLength) {
        int end = offset + bodyOctets(ulpduLength);
        for (int at = offset + ULPDU + ulpduLength; at < end; at++) {
            borrowed.put(at, (byte) 0);
        }
    }
}
