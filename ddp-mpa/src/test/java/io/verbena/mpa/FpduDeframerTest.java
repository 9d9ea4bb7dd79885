package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.mpa.FpduDeframer.Placing;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any chunking of a stream gives the same segments, in every mode. */
class FpduDeframerTest {
    /** Every combination that can be agreed. */
    enum Mode {
        PLAIN(false, false, Placing.AFTER_CRC),
        VALIDATED(true, false, Placing.AFTER_CRC),
        EAGER(true, false, Placing.AS_IT_ARRIVES),
        DIRECT(false, false, Placing.AS_IT_ARRIVES),
        MARKED(false, true, Placing.AS_IT_ARRIVES),
        MARKED_VALIDATED(true, true, Placing.AFTER_CRC),
        MARKED_EAGER(true, true, Placing.AS_IT_ARRIVES);

        final boolean crc;
        final boolean markers;
        final Placing placing;

        Mode(boolean crc, boolean markers, Placing placing) {
            this.crc = crc;
            this.markers = markers;
            this.placing = placing;
        }

        DeframerDesk desk() {
            return new DeframerDesk(crc, markers, placing);
        }

        PlainMpaSender sender() {
            return new PlainMpaSender(crc, markers);
        }

        boolean steers() {
            return !markers && (!crc || placing == Placing.AS_IT_ARRIVES);
        }
    }

    /** A segment of {@code octets} octets, tagged or not. */
    static byte[] segment(int octets, boolean tagged) {
        byte[] segment = HexVectors.pattern(octets);
        if (octets > 0) {
            segment[0] = (byte) (tagged ? 0xC1 : 0x41);
        }
        return segment;
    }

    private static byte[][] mixedSegments() {
        int[] lengths = {18, 14, 0, 1, 2, 3, 46, 119, 120, 121, 122, 123, 200, 499, 508, 700};
        byte[][] segments = new byte[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            segments[i] = segment(lengths[i], i % 2 == 1);
        }
        return segments;
    }

    private static byte[] stream(Mode mode, byte[]... segments) {
        PlainMpaSender sender = mode.sender();
        for (byte[] segment : segments) {
            sender.send(segment);
        }
        return sender.octets();
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({
        "MPA-3-08",
        "MPA-4.3-12",
        "MPA-4.3-13",
        "MPA-5.2-01",
        "MPA-6-02",
        "MPA-6-04",
        "DDP-3-07",
        "DDP-3-11",
        "MPA-6-05"
    })
    void splittingTheStreamAnywhereGivesTheSameSegments(Mode mode) {
        byte[][] segments = mixedSegments();
        PlainMpaSender sender = mode.sender();
        for (byte[] segment : segments) {
            sender.send(segment);
        }
        byte[] stream = sender.octets();
        for (int split = 1; split < stream.length; split++) {
            DeframerDesk desk = mode.desk();
            desk.arrive(stream, 0, split);
            assertThat(desk.deframer.betweenFpdus())
                    .as("between FPDUs after %d octets", split)
                    .isEqualTo(sender.ends().contains(split));
            desk.arrive(stream, split, stream.length);
            desk.assertReceived(segments);
        }
    }

    @ParameterizedTest
    @EnumSource
    void splittingALongFpduTwiceAnywhereGivesTheSameSegment(Mode mode) {
        byte[] segment = segment(330, true);
        byte[] stream = stream(mode, segment, segment);
        for (int first = 1; first < stream.length; first += 3) {
            for (int second = first + 1; second < stream.length; second += 5) {
                DeframerDesk desk = mode.desk();
                desk.arrive(stream, 0, first);
                desk.arrive(stream, first, second);
                desk.arrive(stream, second, stream.length);
                desk.assertReceived(segment, segment);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void octetAfterOctetGivesTheSameSegments(Mode mode) {
        byte[][] segments = mixedSegments();
        byte[] stream = stream(mode, segments);
        DeframerDesk desk = mode.desk();
        for (int i = 0; i < stream.length; i++) {
            desk.readNothing();
            desk.arrive(stream, i, i + 1);
        }
        desk.assertReceived(segments);
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"MPA-3-08", "MPA-4.3-13", "MPA-6-02", "MPA-6-04"})
    void randomMessagesInRandomChunksGiveTheSameSegments(Mode mode) {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            byte[][] segments = new byte[1 + random.nextInt(20)][];
            for (int i = 0; i < segments.length; i++) {
                int bound = random.nextInt(4) == 0 ? 20_000 : 300;
                segments[i] = segment(random.nextInt(bound), random.nextBoolean());
            }
            byte[] stream = stream(mode, segments);
            DeframerDesk desk = mode.desk();
            desk.above.pieceOctets = 1 + random.nextInt(5000);
            int at = 0;
            while (at < stream.length) {
                int chunk = Math.min(stream.length - at, 1 + random.nextInt(random.nextBoolean() ? 10 : 5000));
                desk.arrive(stream, at, at + chunk);
                at += chunk;
                if (random.nextInt(4) == 0) {
                    desk.readNothing();
                }
            }
            desk.assertReceived(segments);
        }
    }

    /**
     * FPDUPTR has 16 bits, and in the longest FPDU of all the last markers are further away than that: they were taken for
     * wrong.
     */
    @ParameterizedTest
    @EnumSource
    void takesTheLargestFpduThatCanBeAnnounced(Mode mode) {
        byte[] largest = segment(FpduLayout.MAX_ULPDU_OCTETS, true);
        byte[] small = segment(18, false);
        byte[] stream = stream(mode, small, largest, small, largest);
        DeframerDesk whole = mode.desk();
        whole.arrive(stream);
        whole.assertReceived(small, largest, small, largest);
        DeframerDesk halves = mode.desk();
        halves.above.pieceOctets = 10_000;
        for (int at = 0; at < stream.length; at += 1448) {
            halves.arrive(stream, at, Math.min(at + 1448, stream.length));
        }
        halves.assertReceived(small, largest, small, largest);
    }

    @Test
    void takesMarkersAtEveryPhase() {
        for (int lead = 0; lead < 540; lead++) {
            byte[] first = segment(lead, false);
            byte[] second = segment(1200, true);
            PlainMpaSender sender = Mode.MARKED_VALIDATED.sender().send(first).send(second);
            byte[] stream = sender.octets();
            DeframerDesk desk = Mode.MARKED_VALIDATED.desk();
            int split = sender.ends().get(0) + lead % 600;
            desk.arrive(stream, 0, split);
            desk.arrive(stream, split, stream.length);
            desk.assertReceived(first, second);
        }
    }

    @ParameterizedTest
    @EnumSource
    void octetsFedBehindAStartupFrameCountLikeThoseRead(Mode mode) {
        byte[][] segments = mixedSegments();
        byte[] stream = stream(mode, segments);
        for (int split = 0; split <= stream.length; split += 7) {
            DeframerDesk desk = mode.desk();
            byte[] early = new byte[split + 5];
            System.arraycopy(stream, 0, early, 5, split);
            desk.deframer.feed(ByteBuffer.wrap(early), 5, split);
            desk.arrive(stream, split, stream.length);
            desk.assertReceived(segments);
        }
    }

    @ParameterizedTest
    @EnumSource
    void longPayloadGoesStraightToItsPlaceWhereThatIsAllowed(Mode mode) {
        byte[] segment = segment(14 + 60_000, true);
        byte[] stream = stream(mode, segment, segment, segment);
        DeframerDesk desk = mode.desk();
        desk.above.pieceOctets = 65_536;
        desk.arrive(stream, 0, 200);
        for (int at = 200; at < stream.length; at += 20_000) {
            desk.arrive(stream, at, Math.min(at + 20_000, stream.length));
        }
        desk.assertReceived(segment, segment, segment);
        if (mode.steers()) {
            // Copied are only the beginnings that lay in scratch when the FPDU began in the middle of a read.
            assertThat(desk.above.steeredOctets).isGreaterThan(3 * 60_000 * 6 / 10);
            assertThat(desk.above.copiedOctets + desk.above.steeredOctets).isEqualTo(3 * 60_000);
        } else {
            assertThat(desk.above.steeredOctets).isZero();
            assertThat(desk.above.copiedOctets).isEqualTo(3 * 60_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSenderThatIsFarAheadDoesNotMakeSteeredPayloadBeCopied(Mode mode) {
        if (!mode.steers()) {
            return;
        }
        byte[] segment = segment(14 + 60_000, true);
        byte[] stream = stream(mode, segment, segment, segment, segment);
        DeframerDesk desk = mode.desk();
        desk.above.pieceOctets = 65_536;
        desk.arrive(stream, 0, 200);
        desk.arrive(stream, 200, stream.length);
        desk.assertReceived(segment, segment, segment, segment);
        assertThat(desk.above.copiedOctets).isLessThanOrEqualTo(4 * FpduDeframer.STEERED_TAIL_OCTETS);
    }

    @Test
    void neverOffersMoreRoomThanThePayloadMissing() {
        byte[] segment = segment(14 + 10_000, true);
        byte[] stream = stream(Mode.DIRECT, segment);
        DeframerDesk desk = Mode.DIRECT.desk();
        desk.arrive(stream, 0, 1016);
        ByteBuffer[] targets = new ByteBuffer[16];
        int count = desk.deframer.targets(targets);
        int payloadRoom = 0;
        for (int i = 0; i < count - 1; i++) {
            payloadRoom += targets[i].remaining();
        }
        // 2 octets of length and 14 of header came before 1000 of the payload; behind the places comes the scratch
        // buffer, for the CRC and what begins there.
        assertThat(payloadRoom).isEqualTo(9000);
        assertThat(targets[count - 1].remaining()).isEqualTo(FpduLayout.CRC_OCTETS + FpduDeframer.STEERED_TAIL_OCTETS);
        desk.deframer.onReadNothing();
        desk.arrive(stream, 1016, stream.length);
        desk.assertReceived(segment);
    }

    @Test
    void leavesTheScratchBufferOutWhenThePlacesDoNotReachTheEndOfThePayload() {
        byte[] segment = segment(14 + 1000, true);
        byte[] stream = stream(Mode.EAGER, segment, segment);
        DeframerDesk desk = Mode.EAGER.desk();
        desk.above.pieceOctets = 7;
        desk.arrive(stream, 0, 150);
        ByteBuffer[] targets = new ByteBuffer[16];
        int count = desk.deframer.targets(targets);
        assertThat(count).isEqualTo(15);
        for (int i = 0; i < count; i++) {
            assertThat(targets[i].remaining()).isEqualTo(7);
        }
        desk.deframer.onReadNothing();
        desk.arrive(stream, 150, stream.length);
        desk.assertReceived(segment, segment);
    }

    @Test
    void twoStreamsShareOneScratchBuffer() {
        List<byte[]> expected = new ArrayList<>(List.of(mixedSegments()));
        byte[] stream = stream(Mode.VALIDATED, mixedSegments());
        ByteBuffer scratch = ByteBuffer.allocateDirect(70_000);
        RecordingSegments first = new RecordingSegments();
        RecordingSegments second = new RecordingSegments();
        FpduDeframer[] deframers = new FpduDeframer[2];
        RecordingSegments[] receivers = {first, second};
        for (int i = 0; i < 2; i++) {
            deframers[i] = new FpduDeframer(receivers[i], new HeapStaging(), scratch, true, false, Placing.AFTER_CRC);
        }
        ByteBuffer[] targets = new ByteBuffer[16];
        for (int at = 0; at < stream.length; at += 37) {
            int end = Math.min(at + 37, stream.length);
            for (FpduDeframer deframer : deframers) {
                int done = at;
                while (done < end) {
                    deframer.targets(targets);
                    int piece = Math.min(targets[0].remaining(), end - done);
                    targets[0].put(stream, done, piece);
                    deframer.onOctets(piece);
                    done += piece;
                }
            }
        }
        assertThat(first.segments.toArray(byte[][]::new)).isDeepEqualTo(expected.toArray(byte[][]::new));
        assertThat(second.segments.toArray(byte[][]::new)).isDeepEqualTo(expected.toArray(byte[][]::new));
    }

    /** Staging without a limit. */
    private static final class HeapStaging implements StagingSource {
        @Override
        public boolean ready(boolean whole) {
            return true;
        }

        @Override
        public boolean atHand(boolean whole) {
            return true;
        }

        @Override
        public ByteBuffer stage(ByteBuffer borrowed, int ulpdu, int available) {
            return ByteBuffer.allocate(70_000);
        }

        @Override
        public ByteBuffer keepLittle(ByteBuffer borrowed, int ulpdu, int available) {
            return ByteBuffer.allocate(70_000);
        }

        @Override
        public boolean admits(ByteBuffer lent, int ulpdu, int available) {
            return true;
        }

        @Override
        public void release(ByteBuffer given) {
            assertThat(given.capacity()).isEqualTo(70_000);
        }
    }
}
