package io.verbena.testkit.simulated;

import java.time.Duration;

/**
 * How a simulated connection behaves, the same in both directions. Immutable; {@code with...} methods return changed copies.
 *
 * @param latencyNs nanoseconds that octets travel, 0 or more
 * @param jitterNs up to so many nanoseconds more, drawn for each segment; no segment overtakes another for it
 * @param segmentOctets the maximum segment size that the path reports, {@value #MIN_SEGMENT_OCTETS} to 65535
 * @param windowOctets octets that a sender may have under way and unread at the receiver, at least 1
 * @param readOctets the most that one read brings: the portions are drawn from 1 to this; 0 for all that is there
 * @param stallsPerThousand how many of a thousand segments are held up
 * @param stallNs how long, in nanoseconds; what comes behind such a segment waits too
 * @param damagedPerMillion how many of a million segments have one bit flipped behind TCP's back
 * @param outOfOrder how FPDUs are handed up out of order, or null: everything arrives in order
 */
public record LinkOptions(
        long latencyNs,
        long jitterNs,
        int segmentOctets,
        int windowOctets,
        int readOctets,
        int stallsPerThousand,
        long stallNs,
        int damagedPerMillion,
        OutOfOrder outOfOrder) {
    /** The smallest segment size: MULPDU never goes below 128 (RFC 5044 section 3). */
    public static final int MIN_SEGMENT_OCTETS = 128;

    /** The smallest window of a link that hands up FPDUs: the longest FPDU has to fit. */
    public static final int MIN_OUT_OF_ORDER_WINDOW_OCTETS = 65_544;

    private static final LinkOptions DEFAULTS = new LinkOptions(10_000, 0, 1460, 262_144, 0, 0, 0, 0, null);

    /** Checks the ranges. */
    public LinkOptions {
        require("latencyNs", latencyNs, 0, Long.MAX_VALUE / 4);
        require("jitterNs", jitterNs, 0, Long.MAX_VALUE / 4);
        require("segmentOctets", segmentOctets, MIN_SEGMENT_OCTETS, 65_535);
        require("windowOctets", windowOctets, 1, Integer.MAX_VALUE);
        require("readOctets", readOctets, 0, Integer.MAX_VALUE);
        require("stallsPerThousand", stallsPerThousand, 0, 1000);
        require("stallNs", stallNs, 0, Long.MAX_VALUE / 4);
        require("damagedPerMillion", damagedPerMillion, 0, 1_000_000);
        if (outOfOrder != null && windowOctets < MIN_OUT_OF_ORDER_WINDOW_OCTETS) {
            throw new IllegalArgumentException("windowOctets " + windowOctets + " must be at least "
                    + MIN_OUT_OF_ORDER_WINDOW_OCTETS + " out of order: an FPDU travels in one piece");
        }
    }

    private static void require(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + " must be " + least + " to " + most);
        }
    }

    /** Returns the defaults: 10 microseconds, segments of 1460 octets, a window of 256 KiB, in order, no trouble. */
    public static LinkOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy in which octets travel for {@code latency}, and up to {@code jitter} longer. */
    public LinkOptions withLatency(Duration latency, Duration jitter) {
        return new LinkOptions(
                latency.toNanos(),
                jitter.toNanos(),
                segmentOctets,
                windowOctets,
                readOctets,
                stallsPerThousand,
                stallNs,
                damagedPerMillion,
                outOfOrder);
    }

    /** Returns a copy with another maximum segment size. */
    public LinkOptions withSegmentOctets(int octets) {
        return new LinkOptions(
                latencyNs,
                jitterNs,
                octets,
                windowOctets,
                readOctets,
                stallsPerThousand,
                stallNs,
                damagedPerMillion,
                outOfOrder);
    }

    /** Returns a copy with another window. */
    public LinkOptions withWindowOctets(int octets) {
        return new LinkOptions(
                latencyNs,
                jitterNs,
                segmentOctets,
                octets,
                readOctets,
                stallsPerThousand,
                stallNs,
                damagedPerMillion,
                outOfOrder);
    }

    /** Returns a copy in which a read brings 1 to {@code octets} octets, and now and then nothing; 0 for all there are. */
    public LinkOptions withReadOctets(int octets) {
        return new LinkOptions(
                latencyNs,
                jitterNs,
                segmentOctets,
                windowOctets,
                octets,
                stallsPerThousand,
                stallNs,
                damagedPerMillion,
                outOfOrder);
    }

    /** Returns a copy in which {@code perThousand} of a thousand segments are held up for {@code stall}. */
    public LinkOptions withStalls(int perThousand, Duration stall) {
        return new LinkOptions(
                latencyNs,
                jitterNs,
                segmentOctets,
                windowOctets,
                readOctets,
                perThousand,
                stall.toNanos(),
                damagedPerMillion,
                outOfOrder);
    }

    /** Returns a copy in which {@code perMillion} of a million segments have one bit flipped. */
    public LinkOptions withDamage(int perMillion) {
        return new LinkOptions(
                latencyNs,
                jitterNs,
                segmentOctets,
                windowOctets,
                readOctets,
                stallsPerThousand,
                stallNs,
                perMillion,
                outOfOrder);
    }

    /** Returns a copy that hands FPDUs up out of order, or with null one that does not. */
    public LinkOptions withOutOfOrder(OutOfOrder order) {
        return new LinkOptions(
                latencyNs,
                jitterNs,
                segmentOctets,
                windowOctets,
                readOctets,
                stallsPerThousand,
                stallNs,
                damagedPerMillion,
                order);
    }
}
