package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.mpa.wire.MarkerLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A deframer with the transport below and the receiver above it played by the test. */
final class DeframerDesk implements StagingSource {
    // Made once, because tests make thousands of desks; a deframer expects nothing of what is in them.
    private static final ByteBuffer SCRATCH = ByteBuffer.allocateDirect(MarkerLayout.MAX_FPDU_OCTETS);
    private static final ByteBuffer STAGING = ByteBuffer.allocateDirect(MarkerLayout.MAX_FPDU_OCTETS);
    private static final ByteBuffer LITTLE = ByteBuffer.allocateDirect(FpduDeframer.CARRY_OCTETS);

    final RecordingSegments above = new RecordingSegments();
    final FpduDeframer deframer;
    boolean stagingExhausted;
    boolean stagingReady = true;
    boolean littleAtHand = true;
    boolean astray;
    int stagingOut;
    int littleOut;

    private final ByteBuffer scratch = SCRATCH;
    private final ByteBuffer[] targets = new ByteBuffer[16];

    DeframerDesk(boolean crc, boolean markers, FpduDeframer.Placing placing) {
        deframer = new FpduDeframer(above, this, scratch, crc, markers, placing);
    }

    @Override
    public boolean ready(boolean whole) {
        return littleAtHand && (!whole || stagingReady);
    }

    @Override
    public boolean atHand(boolean whole) {
        return (littleAtHand || littleOut > 0) && (!whole || stagingReady);
    }

    @Override
    public ByteBuffer stage(ByteBuffer borrowed, int ulpdu, int available) {
        if (stagingExhausted) {
            return null;
        }
        stagingOut = 1;
        return STAGING.clear();
    }

    @Override
    public ByteBuffer keepLittle(ByteBuffer borrowed, int ulpdu, int available) {
        littleOut = 1;
        return LITTLE.clear();
    }

    @Override
    public boolean admits(ByteBuffer lent, int ulpdu, int available) {
        return !astray;
    }

    @Override
    public void release(ByteBuffer given) {
        if (given == LITTLE) {
            assertThat(littleOut).isEqualTo(1);
            littleOut = 0;
        } else {
            assertThat(given).isSameAs(STAGING);
            assertThat(stagingOut).isEqualTo(1);
            stagingOut = 0;
        }
    }

    /** Lets the octets of {@code stream} from {@code from} up to {@code end} arrive, in as few reads as the targets allow. */
    void arrive(byte[] stream, int from, int end) {
        int at = from;
        while (at < end) {
            at += read(stream, at, end);
        }
    }

    void arrive(byte[] stream) {
        arrive(stream, 0, stream.length);
    }

    /** One read: offers what is there to the targets; returns how much they took. */
    int read(byte[] stream, int from, int end) {
        int count = deframer.targets(targets);
        assertThat(count).isBetween(1, targets.length);
        int at = from;
        for (int i = 0; i < count; i++) {
            assertThat(targets[i].hasRemaining()).isTrue();
            int piece = Math.min(targets[i].remaining(), end - at);
            targets[i].put(stream, at, piece);
            at += piece;
        }
        deframer.onOctets(at - from);
        // The scratch buffer belongs to all streams of the loop: what is in it is gone after the call.
        for (int i = 0; i < 200; i++) {
            scratch.put(i, (byte) 0x5A);
        }
        return at - from;
    }

    /** A read that brings nothing. */
    void readNothing() {
        int count = deframer.targets(targets);
        assertThat(count).isPositive();
        deframer.onReadNothing();
        assertThat(above.hasPlacesOut()).isFalse();
        for (int i = 0; i < 200; i++) {
            scratch.put(i, (byte) 0x5A);
        }
    }

    void assertReceived(byte[]... segments) {
        assertThat(above.errors).isEmpty();
        byte[][] received = above.segments.toArray(byte[][]::new);
        if (!Arrays.deepEquals(received, segments)) {
            assertThat(received).isDeepEqualTo(segments);
        }
        assertThat(deframer.betweenFpdus()).isTrue();
        assertThat(stagingOut).isZero();
        assertThat(littleOut).isZero();
    }
}
