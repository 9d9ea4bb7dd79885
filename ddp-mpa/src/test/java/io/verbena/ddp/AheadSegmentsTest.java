package io.verbena.ddp;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Segments in any order: placed at once, delivered as if they had come in order (RFC 5041 sections 5.3 and 5.4). */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AheadSegmentsTest {
    private static final int PERMUTATIONS = Integer.getInteger("verbena.seeds", 300);
    private static final int FPDU_OCTETS_MORE = 8;
    /** Each hand-over is the piece that the stream waits for with a chance of 1 in 20 at least. */
    private static final int MOST_ATTEMPTS_FOR_EACH = 2000;

    private final MemoryModel model = new MemoryModel();
    private final DdpReceiver receiver = new DdpReceiver(model, error -> {});
    private final AheadSegments ahead = new AheadSegments(receiver, model);
    private long reached;

    @Test
    @Requirement({"DDP-3-05", "DDP-4.1-07"})
    void anyOrderGivesTheMemoryAndTheDeliveriesOfTheOrderOfTheStream() {
        for (int seed = 0; seed < PERMUTATIONS; seed++) {
            Random random = new Random(seed);
            List<Piece> stream = messages(random);
            AheadSegmentsTest inOrder = new AheadSegmentsTest();
            stream.forEach(inOrder::arrive);
            AheadSegmentsTest shuffled = new AheadSegmentsTest();
            shuffled.deliver(stream, random);
            assertThat(shuffled.model.delivered).as("seed %d", seed).isEqualTo(inOrder.model.delivered);
            assertThat(Arrays.equals(shuffled.model.tagged, inOrder.model.tagged))
                    .as("tagged memory, seed %d", seed)
                    .isTrue();
            assertThat(Arrays.deepEquals(shuffled.model.untagged, inOrder.model.untagged))
                    .as("untagged memory, seed %d", seed)
                    .isTrue();
            assertThat(shuffled.model.error).isNull();
            assertThat(shuffled.ahead.count()).isZero();
        }
    }

    /** Hands over pieces in a random order, some of them twice; what is not taken comes again. */
    private void deliver(List<Piece> stream, Random random) {
        List<Piece> under = new ArrayList<>(stream);
        int patience = MOST_ATTEMPTS_FOR_EACH * stream.size();
        while (reached < stream.get(stream.size() - 1).end()) {
            assertThat(patience--).as("the stream stands still at %d", reached).isPositive();
            Piece piece = under.get(random.nextInt(Math.min(under.size(), 20)));
            boolean taken = arrive(piece);
            if (taken && random.nextInt(4) > 0) {
                under.remove(piece);
            }
            under.removeIf(old -> old.end() <= reached);
        }
    }

    /** A piece of the stream arrives; in its turn, ahead, or as a duplicate. Returns whether it was taken. */
    private boolean arrive(Piece piece) {
        if (piece.position < reached) {
            return true;
        }
        if (piece.position > reached) {
            boolean taken = ahead.onSegment(piece.position, piece.segment, 0, piece.segment.capacity());
            if (taken) {
                piece.takenBy = this;
            }
            return taken;
        }
        if (piece.takenBy != this) {
            int length = piece.segment.capacity();
            int header = receiver.onSegmentBegin(piece.segment, 0, length, length);
            if (header == DdpReceiver.REFUSED
                    || (header < length && !receiver.onPayload(piece.segment, header, length - header))
                    || !receiver.onSegmentEnd()) {
                return false;
            }
        }
        reached = piece.end();
        for (Piece next = piece.next; next != null && next.takenBy == this; next = next.next) {
            reached = next.end();
        }
        ahead.onStreamReached(reached);
        return true;
    }

    private static List<Piece> messages(Random random) {
        List<Piece> stream = new ArrayList<>();
        int sequence = 1;
        int tagged = 0;
        while (sequence <= 30) {
            int length = random.nextInt(5) == 0 ? 0 : random.nextInt(1500);
            int segment = 1 + random.nextInt(400);
            boolean isTagged = random.nextBoolean() && tagged + length < 1 << 16;
            int at = 0;
            do {
                int octets = Math.min(segment, length - at);
                boolean last = at + octets == length;
                add(stream, isTagged ? tagged(tagged + at, last, octets) : untagged(sequence, at, last, octets));
                at += octets;
            } while (at < length);
            if (isTagged) {
                tagged += length;
            } else {
                sequence++;
            }
        }
        for (Piece piece : stream) {
            int header = DdpControl.headerOctets(piece.segment.get(0));
            for (int i = header; i < piece.segment.capacity(); i++) {
                piece.segment.put(i, (byte) random.nextInt());
            }
        }
        return stream;
    }

    private static Piece add(List<Piece> stream, ByteBuffer segment) {
        Piece before = stream.isEmpty() ? null : stream.get(stream.size() - 1);
        Piece piece = new Piece(before == null ? 0 : before.end(), segment);
        if (before != null) {
            before.next = piece;
        }
        stream.add(piece);
        return piece;
    }

    private static ByteBuffer untagged(int sequence, int offset, boolean last, int payload) {
        ByteBuffer segment = ByteBuffer.allocate(UntaggedHeader.OCTETS + payload);
        new UntaggedHeader()
                .wrap(segment, 0)
                .control(DdpControl.encode(false, last))
                .ulpControl(0x43)
                .ulpWord(0)
                .queueNumber(0)
                .messageSequenceNumber(sequence)
                .messageOffset(offset);
        return segment;
    }

    private static ByteBuffer tagged(long offset, boolean last, int payload) {
        ByteBuffer segment = ByteBuffer.allocate(TaggedHeader.OCTETS + payload);
        new TaggedHeader()
                .wrap(segment, 0)
                .control(DdpControl.encode(true, last))
                .ulpControl(0x40)
                .stag(7)
                .taggedOffset(offset);
        return segment;
    }

    private static List<Piece> stream(ByteBuffer... segments) {
        List<Piece> stream = new ArrayList<>();
        for (ByteBuffer segment : segments) {
            add(stream, segment);
        }
        return stream;
    }

    @Test
    void placesAheadAndDeliversInTurn() {
        List<Piece> stream = stream(
                untagged(1, 0, false, 100), untagged(1, 100, true, 50), tagged(0, true, 30), untagged(2, 0, true, 40));
        stream.get(3).segment.put(UntaggedHeader.OCTETS, (byte) 5);
        assertThat(arrive(stream.get(3))).isTrue();
        assertThat(model.untagged[1][0]).isEqualTo((byte) 5);
        assertThat(arrive(stream.get(2))).isTrue();
        assertThat(arrive(stream.get(1))).isTrue();
        assertThat(model.placedAhead).isEqualTo(3);
        assertThat(model.delivered).isEmpty();
        assertThat(arrive(stream.get(0))).isTrue();
        assertThat(model.delivered).containsExactly("untagged 1 of 150", "tagged to 30", "untagged 2 of 40");
    }

    @Test
    void aDuplicateIsNeitherPlacedNorDeliveredTwice() {
        List<Piece> stream = stream(untagged(1, 0, true, 100), untagged(2, 0, true, 50));
        assertThat(arrive(stream.get(1))).isTrue();
        stream.get(1).segment.put(UntaggedHeader.OCTETS, (byte) 5);
        assertThat(arrive(stream.get(1))).isTrue();
        assertThat(model.untagged[1][0]).isZero();
        assertThat(model.placedAhead).isEqualTo(1);
        arrive(stream.get(0));
        assertThat(model.delivered).containsExactly("untagged 1 of 100", "untagged 2 of 50");
    }

    @Test
    void anErrorFoundAheadActsInItsTurnAndTheFirstInTheStreamWins() {
        model.posted = 1;
        List<Piece> stream = stream(
                untagged(1, 0, true, 10), untagged(2, 0, true, 50), untagged(9, 0, true, 50), tagged(0, true, 30));
        assertThat(arrive(stream.get(2))).as("no buffer for message 9").isFalse();
        assertThat(arrive(stream.get(1))).as("no buffer for message 2").isFalse();
        assertThat(arrive(stream.get(3))).isTrue();
        assertThat(model.error).isNull();
        assertThat(arrive(stream.get(0))).isTrue();
        assertThat(model.delivered).containsExactly("untagged 1 of 10");
        assertThat(model.error).isNull();
        assertThat(arrive(stream.get(1))).isFalse();
        assertThat(model.error).isEqualTo("UNTAGGED_NO_BUFFER at message 2");
        assertThat(model.untagged[1]).containsOnly(0);
    }

    @Test
    void whatWasFineAheadIsJudgedOnceMoreInItsTurn() {
        // A gap in the message offsets shows only when everything before is there.
        List<Piece> stream = stream(untagged(1, 0, false, 10), untagged(1, 60, true, 50));
        assertThat(arrive(stream.get(1))).isTrue();
        arrive(stream.get(0));
        assertThat(model.delivered).isEmpty();
        assertThat(model.error).isEqualTo("UNTAGGED_INVALID_MESSAGE_OFFSET at message 1");
    }

    @Test
    void takesNoMoreThanItsLimit() {
        ByteBuffer segment = tagged(0, true, 1);
        for (int i = 1; i <= AheadSegments.MAX_SEGMENTS; i++) {
            assertThat(ahead.onSegment(i * 100L, segment, 0, segment.capacity()))
                    .isTrue();
        }
        assertThat(ahead.onSegment(7, segment, 0, segment.capacity())).isFalse();
        assertThat(ahead.onSegment(100, segment, 0, segment.capacity()))
                .as("a duplicate")
                .isTrue();
        ahead.onStreamReached(101);
        assertThat(ahead.onSegment(7_000_000, segment, 0, segment.capacity())).isTrue();
    }

    @Test
    void takesNothingThatIsTooShortOfAnotherVersionOrAnUnknownQueue() {
        ByteBuffer version = tagged(0, true, 1);
        version.put(0, (byte) (version.get(0) & ~3 | 2));
        assertThat(ahead.onSegment(8, version, 0, version.capacity())).isFalse();
        ByteBuffer queue = untagged(1, 0, true, 1);
        queue.putInt(6, 4);
        assertThat(ahead.onSegment(8, queue, 0, queue.capacity())).isFalse();
        assertThat(ahead.onSegment(8, untagged(1, 0, true, 1), 0, 17)).isFalse();
        assertThat(ahead.onSegment(8, untagged(0, 0, true, 1), 0, 19))
                .as("a message before the first")
                .isFalse();
        assertThat(ahead.count()).isZero();
    }

    /** A segment and where its FPDU stands in the stream. */
    private static final class Piece {
        private final long position;
        private final ByteBuffer segment;
        private Piece next;
        private AheadSegmentsTest takenBy;

        Piece(long position, ByteBuffer segment) {
            this.position = position;
            this.segment = segment;
        }

        long end() {
            return position + segment.capacity() + FPDU_OCTETS_MORE;
        }
    }
}
