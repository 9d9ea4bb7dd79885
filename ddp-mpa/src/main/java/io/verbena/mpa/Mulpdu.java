package io.verbena.mpa;

import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MarkerLayout;

/**
 * How large a ULPDU may be so that its FPDU fits one TCP segment (RFC 5044 section 4.5). Pure functions: any thread.
 */
public final class Mulpdu {
    /** Least that DDP may count on, however small the segments are. */
    public static final int MIN_OCTETS = 128;

    /** Most that a sender may put into one FPDU. */
    public static final int MAX_OCTETS = 64768;

    private Mulpdu() {}

    /**
     * Computes MULPDU.
     *
     * @param effectiveMaximumSegmentSize EMSS: the smaller of TCP's MSS and what the path MTU leaves, octets
     * @param markers whether markers are inserted in this direction
     * @return octets, 128 to 64768
     */
    public static int of(int effectiveMaximumSegmentSize, boolean markers) {
        if (effectiveMaximumSegmentSize <= 0) {
            throw new IllegalArgumentException(
                    "effective maximum segment size must be positive, was " + effectiveMaximumSegmentSize);
        }
        int overhead = FpduLayout.ULPDU + FpduLayout.CRC_OCTETS + effectiveMaximumSegmentSize % FpduLayout.ALIGNMENT;
        if (markers) {
            overhead += MarkerLayout.OCTETS * ceilDivide(effectiveMaximumSegmentSize, MarkerLayout.INTERVAL_OCTETS);
        }
        return Math.max(MIN_OCTETS, Math.min(MAX_OCTETS, effectiveMaximumSegmentSize - overhead));
    }

    private static int ceilDivide(int dividend, int divisor) {
        return (int) (((long) dividend + divisor - 1) / divisor);
    }
}
