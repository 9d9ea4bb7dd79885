package io.verbena.mpa.wire;

import java.nio.ByteBuffer;

/**
 * Where markers stand in one direction of a connection, and what one looks like (RFC 5044 sections 4.2 and 4.3).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  | reserved, zero when sent      | FPDUPTR (low two bits zero)   |
 *  +-------------------------------+-------------------------------+
 * </pre>
 *
 * <p>A stream position counts octets from the first one behind the startup frame of that direction, markers included.
 * A marker occupies the four octets at every position divisible by 512. A marker that falls due between two FPDUs
 * belongs to the second one: it is sent with it and is part of its CRC.
 *
 * <p>Pure arithmetic: any thread, no state.
 */
public final class MarkerLayout {
    /** Distance between the first octets of two neighbouring markers, octets. */
    public static final int INTERVAL_OCTETS = 512;

    /** Octets of one marker. */
    public static final int OCTETS = 4;

    /** Octets of FPDU material between two markers. */
    public static final int MATERIAL_OCTETS = INTERVAL_OCTETS - OCTETS;

    /** Offset of the reserved half. */
    public static final int RESERVED = 0;

    /** Offset of FPDUPTR. */
    public static final int FPDU_POINTER = RESERVED + 2;

    /** Largest FPDU that can be announced, with the most markers it can have: what a receiver has to have room for. */
    public static final int MAX_FPDU_OCTETS = markedOctets(0, FpduLayout.MAX_FPDU_OCTETS);

    private static final int POINTER_MASK = 0xFFFC;

    private MarkerLayout() {}

    /**
     * Tells whether a marker starts at this position.
     *
     * @param position stream position, octets
     * @return true at 0, 512, 1024 and so on
     */
    public static boolean isMarkerPosition(long position) {
        return (position & (INTERVAL_OCTETS - 1)) == 0;
    }

    /**
     * Octets from a position to the next marker.
     *
     * @param position stream position, octets
     * @return 0 to 511; 0 if a marker starts right there
     */
    public static int octetsToMarker(long position) {
        return (int) -position & (INTERVAL_OCTETS - 1);
    }

    /**
     * Markers that belong to an FPDU.
     *
     * @param position stream position where the previous FPDU ended, octets
     * @param fpduOctets octets of the FPDU without markers
     * @return number of markers, a leading one included
     */
    public static int markersInFpdu(long position, int fpduOctets) {
        int beforeFirst = octetsToMarker(position);
        if (fpduOctets <= beforeFirst) {
            return 0;
        }
        return 1 + (fpduOctets - beforeFirst - 1) / MATERIAL_OCTETS;
    }

    /**
     * Octets an FPDU takes on the stream with its markers.
     *
     * @param position stream position where the previous FPDU ended, octets
     * @param fpduOctets octets of the FPDU without markers
     * @return octets with markers, a leading one included
     */
    public static int markedOctets(long position, int fpduOctets) {
        return fpduOctets + OCTETS * markersInFpdu(position, fpduOctets);
    }

    /**
     * Reads FPDUPTR; its two low bits are taken as zero (RFC 5044 section 4.2).
     *
     * @param borrowed big-endian buffer holding the marker
     * @param offset where the marker starts
     * @return distance from ULPDU_Length to the marker in octets, 0 for a marker between two FPDUs
     */
    public static int fpduPointer(ByteBuffer borrowed, int offset) {
        return borrowed.getShort(offset + FPDU_POINTER) & POINTER_MASK;
    }

    /**
     * Writes a whole marker.
     *
     * @param borrowed big-endian buffer to receive it
     * @param offset where the marker starts
     * @param fpduPointer distance from ULPDU_Length to the marker in octets, 0 between two FPDUs
     */
    public static void put(ByteBuffer borrowed, int offset, int fpduPointer) {
        borrowed.putInt(offset + RESERVED, fpduPointer & POINTER_MASK);
    }
}
