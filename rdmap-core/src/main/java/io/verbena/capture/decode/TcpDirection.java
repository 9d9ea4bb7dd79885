package io.verbena.capture.decode;

import java.nio.ByteBuffer;
import java.util.TreeMap;

/**
 * Puts the octets of one direction of a TCP connection in order: repeated octets are dropped, early ones kept until the gap
 * before them is closed. Used by one thread.
 */
final class TcpDirection {
    /** A gap before so many octets of memory is never closed any more: what follows is not kept. */
    private static final int MAX_BEHIND_GAP_OCTETS = 1 << 24;

    /** Memory that a segment takes beside its octets. */
    private static final int SEGMENT_OVERHEAD_OCTETS = 100;

    private final TreeMap<Long, byte[]> early = new TreeMap<>();
    private boolean started;
    private int firstSequence;
    private long next;
    private int octetsBehindGap;

    /** Takes a segment and gives the octets that are now in order to the taker, in pieces. */
    void onSegment(TcpSegment segment, Taker taker) {
        if (segment.syn()) {
            started = true;
            firstSequence = segment.sequence() + 1;
            return;
        }
        if (!started) {
            // The capture began in the middle: the first octets seen are the first there are.
            started = true;
            firstSequence = segment.sequence();
        }
        int length = segment.payload().remaining();
        if (length > 0 && heldOctets() <= MAX_BEHIND_GAP_OCTETS) {
            byte[] octets = new byte[length];
            segment.payload().get(segment.payload().position(), octets);
            byte[] before = early.get(position(segment.sequence()));
            if (before == null || before.length < length) {
                early.put(position(segment.sequence()), octets);
                octetsBehindGap += length - (before == null ? 0 : before.length);
            }
            takeInOrder(taker);
        }
    }

    /** Offset of a sequence number in the direction, which may be longer than sequence numbers go. */
    private long position(int sequence) {
        return next + (sequence - (firstSequence + (int) next));
    }

    private void takeInOrder(Taker taker) {
        while (!early.isEmpty() && early.firstKey() <= next) {
            long start = early.firstKey();
            byte[] octets = early.remove(start);
            octetsBehindGap -= octets.length;
            int known = (int) Math.min(octets.length, next - start);
            if (known < octets.length) {
                next = start + octets.length;
                taker.onOctets(ByteBuffer.wrap(octets, known, octets.length - known));
            }
        }
    }

    boolean silent() {
        return next == 0 && early.isEmpty();
    }

    /** Octets of memory. */
    int heldOctets() {
        return octetsBehindGap + early.size() * SEGMENT_OVERHEAD_OCTETS;
    }

    /** Octets that have arrived behind a gap that was never closed. */
    int octetsBehindGap() {
        return octetsBehindGap;
    }

    /** Takes octets in order. */
    interface Taker {
        /** Octets between position and limit follow those given before. */
        void onOctets(ByteBuffer given);
    }
}
