package io.verbena.mpa;

import static io.verbena.mpa.FpduDeframerTest.segment;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.mpa.FpduDeframerTest.Mode;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Segments that there is no place for yet are parked with what was read behind them, and nothing is lost. */
class FpduDeframerParkTest {
    private static final int[] LENGTHS = {18, 46, 119, 120, 121, 300, 122, 123, 14, 499, 200, 40};

    @ParameterizedTest
    @EnumSource
    void losesNothingWhereverTheStreamIsSplit(Mode mode) {
        byte[][] segments = segments();
        PlainMpaSender sender = mode.sender();
        for (byte[] segment : segments) {
            sender.send(segment);
        }
        byte[] stream = sender.octets();
        for (int split = 1; split < stream.length; split++) {
            DeframerDesk desk = waiting(mode, 1 + split % 2);
            arriveAndResume(desk, stream, 0, split);
            assertThat(desk.deframer.betweenFpdus())
                    .as("between FPDUs after %d octets", split)
                    .isEqualTo(sender.ends().contains(split));
            arriveAndResume(desk, stream, split, stream.length);
            desk.assertReceived(segments);
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingOctetAfterOctet(Mode mode) {
        byte[][] segments = segments();
        PlainMpaSender sender = mode.sender();
        for (byte[] segment : segments) {
            sender.send(segment);
        }
        byte[] stream = sender.octets();
        DeframerDesk desk = waiting(mode, 1);
        for (int i = 0; i < stream.length; i++) {
            arriveAndResume(desk, stream, i, i + 1);
        }
        desk.assertReceived(segments);
    }

    @ParameterizedTest
    @EnumSource
    void takesTheOctetsThatCameBeforeItWasMade(Mode mode) {
        byte[][] segments = segments();
        PlainMpaSender sender = mode.sender();
        for (byte[] segment : segments) {
            sender.send(segment);
        }
        byte[] stream = sender.octets();
        DeframerDesk desk = waiting(mode, 1);
        desk.deframer.feed(ByteBuffer.wrap(stream), 0, stream.length);
        resumeAll(desk);
        desk.assertReceived(segments);
    }

    @ParameterizedTest
    @EnumSource
    void takesTheLongestFpdusOneBehindTheOther(Mode mode) {
        byte[] longest = segment(64_000, true);
        PlainMpaSender sender = mode.sender();
        sender.send(longest);
        sender.send(longest);
        sender.send(longest);
        byte[] stream = sender.octets();
        for (int split : new int[] {1, 100, 1000, 40_000, 64_100, 100_000}) {
            DeframerDesk desk = waiting(mode, 1);
            arriveAndResume(desk, stream, 0, split);
            arriveAndResume(desk, stream, split, stream.length);
            desk.assertReceived(longest, longest, longest);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsNothingWhileSomethingWaitsAndGivesAllBackWhenItFallsSilent(Mode mode) {
        PlainMpaSender sender = mode.sender();
        sender.send(segment(300, true));
        sender.send(segment(300, true));
        byte[] stream = sender.octets();
        DeframerDesk desk = waiting(mode, 100);
        desk.read(stream, 0, stream.length - 10);
        assertThat(desk.deframer.parkedOctets()).isEqualTo(stream.length - 10);
        assertThat(desk.deframer.holdsStaging()).as("to be watched").isFalse();
        assertThat(desk.deframer.betweenFpdus()).isFalse();
        assertThat(desk.deframer.targets(new ByteBuffer[16])).isZero();
        desk.deframer.resume();
        assertThat(desk.deframer.parkedOctets()).isEqualTo(stream.length - 10);
        assertThat(desk.stagingOut).isEqualTo(1);
        desk.deframer.silence();
        assertThat(desk.stagingOut).isZero();
        assertThat(desk.deframer.parkedOctets()).isZero();
        assertThat(desk.deframer.targets(new ByteBuffer[16])).isEqualTo(1);
        desk.deframer.resume();
        assertThat(desk.above.segments).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void doesNotReadWhatItCouldNotPark(Mode mode) {
        DeframerDesk desk = waiting(mode, 1);
        desk.stagingReady = false;
        assertThat(desk.deframer.targets(new ByteBuffer[16])).isZero();
        desk.stagingReady = true;
        assertThat(desk.deframer.targets(new ByteBuffer[16])).isPositive();
    }

    private static byte[][] segments() {
        byte[][] segments = new byte[LENGTHS.length][];
        for (int i = 0; i < LENGTHS.length; i++) {
            segments[i] = segment(LENGTHS[i], i % 2 == 1);
        }
        return segments;
    }

    private static DeframerDesk waiting(Mode mode, int waits) {
        DeframerDesk desk = mode.desk();
        desk.deframer.mayPark();
        desk.above.waitsOfEach = waits;
        return desk;
    }

    private static void arriveAndResume(DeframerDesk desk, byte[] stream, int from, int end) {
        int at = from;
        while (at < end) {
            at += desk.read(stream, at, end);
            resumeAll(desk);
        }
    }

    private static void resumeAll(DeframerDesk desk) {
        while (desk.deframer.parkedOctets() > 0) {
            desk.deframer.resume();
        }
    }
}
