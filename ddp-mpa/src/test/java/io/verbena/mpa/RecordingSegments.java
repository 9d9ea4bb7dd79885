package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The layer above MPA: keeps each segment, takes steered payload in pieces, and minds what the contract promises it. */
final class RecordingSegments implements SegmentReceiver {
    final List<byte[]> segments = new ArrayList<>();
    final List<MpaError> errors = new ArrayList<>();
    long copiedOctets;
    long steeredOctets;
    int pieceOctets = 1000;
    int refuseBegin = -1;
    int refusePayload = -1;
    int refuseTargets = -1;
    int refuseEnd = -1;

    /** How often each segment has to wait before it is welcome. */
    int waitsOfEach;

    private int waited;

    private final ByteArrayOutputStream segment = new ByteArrayOutputStream();
    private final List<ByteBuffer> lentOut = new ArrayList<>();
    private int missing;
    private boolean begun;
    private boolean finished;

    @Override
    public int onSegmentBegin(ByteBuffer lent, int offset, int available, int segmentOctets) {
        assertThat(finished).isFalse();
        assertThat(begun).as("a segment begins inside another").isFalse();
        assertThat(available).isLessThanOrEqualTo(segmentOctets).isGreaterThanOrEqualTo(Math.min(18, segmentOctets));
        if (segments.size() == refuseBegin) {
            finished = true;
            return REFUSED;
        }
        if (waited < waitsOfEach) {
            waited++;
            return LATER;
        }
        waited = 0;
        begun = true;
        segment.reset();
        int header = Math.min(segmentOctets, segmentOctets > 0 && lent.get(offset) < 0 ? 14 : 18);
        byte[] octets = new byte[header];
        lent.get(offset, octets);
        segment.writeBytes(octets);
        missing = segmentOctets - header;
        return header;
    }

    @Override
    public boolean onPayload(ByteBuffer lent, int offset, int octets) {
        assertThat(begun).isTrue();
        assertThat(octets).isPositive().isLessThanOrEqualTo(missing);
        if (segments.size() == refusePayload) {
            finished = true;
            return false;
        }
        byte[] copy = new byte[octets];
        lent.get(offset, copy);
        segment.writeBytes(copy);
        copiedOctets += octets;
        missing -= octets;
        return true;
    }

    @Override
    public int payloadTargets(ByteBuffer[] lent, int from, int limit, int octets) {
        assertThat(begun).isTrue();
        assertThat(octets).isEqualTo(missing);
        assertThat(lentOut).as("places that were not taken back").isEmpty();
        if (segments.size() == refuseTargets) {
            finished = true;
            return REFUSED;
        }
        int room = octets;
        int count = 0;
        while (room > 0 && from + count < limit) {
            int piece = Math.min(room, pieceOctets);
            // An odd position and more capacity than room: only position and limit may count.
            ByteBuffer target =
                    ByteBuffer.allocateDirect(piece + 10).position(3).limit(3 + piece);
            lent[from + count++] = target;
            lentOut.add(target);
            room -= piece;
        }
        return count;
    }

    @Override
    public void onPayloadArrived(int octets, FpduCrc crc) {
        int left = octets;
        for (ByteBuffer target : lentOut) {
            int piece = Math.min(left, target.limit() - 3);
            assertThat(target.position()).isEqualTo(3 + piece);
            byte[] copy = new byte[piece];
            target.get(3, copy);
            segment.writeBytes(copy);
            if (crc != null) {
                crc.update(target, 3, piece);
            }
            left -= piece;
        }
        assertThat(left).isZero();
        lentOut.clear();
        steeredOctets += octets;
        missing -= octets;
    }

    @Override
    public boolean onSegmentEnd() {
        assertThat(begun).isTrue();
        assertThat(missing).isZero();
        assertThat(lentOut).isEmpty();
        begun = false;
        boolean goesOn = segments.size() != refuseEnd;
        finished = !goesOn;
        segments.add(segment.toByteArray());
        return goesOn;
    }

    @Override
    public void onFramingError(MpaError error) {
        assertThat(finished).isFalse();
        finished = true;
        errors.add(error);
    }

    boolean begun() {
        return begun;
    }

    boolean hasPlacesOut() {
        return !lentOut.isEmpty();
    }
}
