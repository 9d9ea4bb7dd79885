package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.memory.TableEntry;
import io.verbena.mpa.FpduDeframer.Placing;
import io.verbena.mpa.RtrKind;
import io.verbena.rdmap.LoopResources;
import io.verbena.transport.StreamError;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Two engines on one simulated connection: whatever was agreed, and however the octets are cut up and held back, every
 * request completes once, in order, and memory is as if it had been copied.
 */
class TwoEnginesTest {
    private static final int OCTETS = 30_000;
    private static final int REQUESTS = 25;

    /** One end, with a region that takes part in everything and a copy of what should be in it. */
    private static final class End {
        final Desk desk = new Desk();
        final ByteBuffer octets = ByteBuffer.allocateDirect(OCTETS);
        final byte[] expected = new byte[OCTETS];
        TableEntry region;
        int delivered;
        boolean finTold;
        final List<WorkCompletion> sends = new ArrayList<>();
        final List<WorkCompletion> receives = new ArrayList<>();

        void fill(Random random) {
            random.nextBytes(expected);
            octets.put(0, expected);
            // Several buffers of odd lengths, so that messages cross them.
            List<ByteBuffer> pieces = new ArrayList<>();
            int at = 0;
            while (at < OCTETS) {
                int piece = Math.min(OCTETS - at, 1 + random.nextInt(9_000));
                pieces.add(octets.slice(at, piece));
                at += piece;
            }
            region = desk.memory.register(Desk.DOMAIN, pieces, RegionOptions.access(AccessFlag.values()));
        }

        void poll() {
            sends.addAll(Desk.copies(desk.sends));
            receives.addAll(Desk.copies(desk.receives));
        }
    }

    private static void agree(Random random, Desk initiator, Desk responder) {
        boolean crc = random.nextBoolean();
        boolean markers = random.nextInt(3) == 0;
        int depth = 1 + random.nextInt(4);
        for (Desk desk : List.of(initiator, responder)) {
            desk.crc = crc;
            desk.markers = markers;
            desk.mulpdu = 128 + random.nextInt(random.nextBoolean() ? 1_400 : 64_000);
            desk.placing = Placing.values()[random.nextInt(2)];
            desk.ird = depth;
            desk.ord = depth;
        }
        responder.initiator = false;
        initiator.opening = random.nextBoolean() ? RtrKind.WRITE : RtrKind.READ;
        initiator.connect();
        responder.connect();
    }

    /** Moves some octets from one end to the other; returns whether there was anything to move. */
    private static boolean move(Random random, End from, End to) {
        from.desk.allow(random.nextInt(4) == 0 ? random.nextInt(50) : random.nextInt(20_000));
        byte[] written = from.desk.bytes.written();
        if (from.delivered == written.length) {
            return false;
        }
        int end = Math.min(written.length, from.delivered + 1 + random.nextInt(random.nextBoolean() ? 30 : 10_000));
        to.desk.arrive(Arrays.copyOfRange(written, from.delivered, end));
        from.delivered = end;
        return true;
    }

    @Test
    void everythingArrivesAndCompletesOnceInOrder() {
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            End[] ends = {new End(), new End()};
            for (End end : ends) {
                end.fill(random);
            }
            agree(random, ends[0].desk, ends[1].desk);
            // Each request has a stretch of its own at both ends, so that no order between them matters.
            int stretch = OCTETS / (2 * REQUESTS);
            for (int id = 0; id < REQUESTS; id++) {
                for (int side = 0; side < 2; side++) {
                    request(random, ends[side], ends[1 - side], id, (2 * id + side) * stretch, stretch);
                }
            }
            settle(random, ends, seed);
            for (End end : ends) {
                check(end, seed);
            }
            finish(ends);
        }
    }

    /**
     * Something happens on the way: an end aborts, is lost, loses its memory, or an octet is damaged. Whatever it is, both
     * ends come to rest, every request completes once and in order, and at most one with a reason of its own.
     */
    @Test
    void everythingCompletesOnceWhateverHappens() {
        int blamed = 0;
        int flushed = 0;
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            End[] ends = {new End(), new End()};
            for (End end : ends) {
                end.fill(random);
            }
            agree(random, ends[0].desk, ends[1].desk);
            int stretch = OCTETS / (2 * REQUESTS);
            for (int id = 0; id < REQUESTS; id++) {
                for (int side = 0; side < 2; side++) {
                    request(random, ends[side], ends[1 - side], id, (2 * id + side) * stretch, stretch);
                }
            }
            int calm = random.nextInt(60);
            for (int step = 0; step < calm; step++) {
                move(random, ends[step % 2], ends[1 - step % 2]);
            }
            End struck = ends[random.nextInt(2)];
            switch (random.nextInt(4)) {
                case 0 -> struck.desk.engine.abort("a test aborts");
                case 1 -> struck.desk.stream.onFailed(StreamError.RESET, new IOException("lost by a test"));
                case 2 -> struck.desk.memory.deregister(struck.region);
                default -> struck.desk.engine.modify(QueuePairState.TERMINATE);
            }
            windUp(random, ends, seed);
            for (End end : ends) {
                end.poll();
                assertThat(end.desk.engine.stream()).as("seed %d", seed).isNull();
                assertThat(end.desk.loop.timers()).isZero();
                assertThat(end.sends).as("seed %d", seed).hasSize(REQUESTS);
                blamed += assertCompletedInOrder(end.sends, seed) + assertCompletedInOrder(end.receives, seed);
                flushed += (int) end.sends.stream()
                        .filter(completion -> completion.status() == WorkCompletionStatus.FLUSHED)
                        .count();
                assertThat(end.desk.events.size()).as("events, seed %d", seed).isLessThanOrEqualTo(2);
                // The loop's scratch buffer, one arena, and the buffer for markers: nothing of the stream.
                assertThat(end.desk.pool.inUse()).isLessThanOrEqualTo(LoopResources.BUFFERS_PER_LOOP);
            }
        }
        // The test would say nothing if the connections had been done before anything happened.
        assertThat(blamed).isGreaterThan(20);
        assertThat(flushed).isGreaterThan(1000);
    }

    /** Lets what was sent arrive, tells each end when the other is gone, and lets the close timers run out. */
    private static void windUp(Random random, End[] ends, int seed) {
        int quiet = 0;
        for (int step = 0; quiet < 60; step++) {
            assertThat(step).as("seed %d does not come to rest", seed).isLessThan(200_000);
            boolean moved = false;
            for (int side = 0; side < 2; side++) {
                End from = ends[side];
                End to = ends[1 - side];
                if (to.desk.engine.stream() == null) {
                    continue;
                }
                if (from.desk.engine.stream() != null || from.desk.bytes.finSent && !from.desk.bytes.reset) {
                    moved |= move(random, from, to);
                    tellOfFin(from, to);
                } else {
                    to.desk.stream.onFailed(StreamError.RESET, new IOException("the other end is gone"));
                }
            }
            quiet = moved ? 0 : quiet + 1;
        }
        for (End end : ends) {
            end.desk.loop.advance(2 * Desk.CLOSE_TIMEOUT_NS);
        }
        for (int side = 0; side < 2; side++) {
            if (ends[side].desk.engine.stream() != null) {
                ends[side].desk.stream.onFailed(StreamError.RESET, new IOException("the other end is gone"));
            }
        }
    }

    private static void tellOfFin(End from, End to) {
        boolean all = from.delivered == from.desk.bytes.written().length;
        if (from.desk.bytes.finSent && all && !from.finTold && to.desk.engine.stream() != null) {
            from.finTold = true;
            to.desk.arriveFin();
        }
    }

    private static int assertCompletedInOrder(List<WorkCompletion> completions, int seed) {
        assertThat(completions)
                .extracting(WorkCompletion::id)
                .as("seed %d", seed)
                .isSorted()
                .doesNotHaveDuplicates();
        int ownReasons = 0;
        boolean stopped = false;
        for (WorkCompletion completion : completions) {
            boolean success = completion.status() == WorkCompletionStatus.SUCCESS;
            assertThat(success && stopped)
                    .as("success behind a failure, seed %d", seed)
                    .isFalse();
            stopped |= !success;
            if (!success && completion.status() != WorkCompletionStatus.FLUSHED) {
                ownReasons++;
            }
        }
        assertThat(ownReasons).as("seed %d", seed).isLessThanOrEqualTo(1);
        return ownReasons;
    }

    private static void request(Random random, End from, End to, int id, int at, int stretch) {
        int octets = random.nextInt(stretch + 1);
        switch (random.nextInt(3)) {
            case 0 -> {
                to.desk.engine.postReceive(new ReceiveRequest()
                        .receive(id)
                        .local(to.region.stag(), to.region.startAddress() + at, stretch));
                from.desk.post(new SendRequest()
                        .send()
                        .id(id)
                        .readFence(random.nextBoolean())
                        .local(from.region.stag(), from.region.startAddress() + at, octets / 2)
                        .local(from.region.stag(), from.region.startAddress() + at + octets / 2, octets - octets / 2));
                System.arraycopy(from.expected, at, to.expected, at, octets);
            }
            case 1 -> {
                from.desk.writeTo(id, from.region, at, octets, to.region, at);
                System.arraycopy(from.expected, at, to.expected, at, octets);
            }
            default -> {
                from.desk.readFrom(id, from.region, at, octets, to.region, at);
                System.arraycopy(to.expected, at, from.expected, at, octets);
            }
        }
    }

    private static void settle(Random random, End[] ends, int seed) {
        int idle = 0;
        for (int step = 0; idle < 60; step++) {
            assertThat(step).as("seed %d does not come to rest", seed).isLessThan(200_000);
            boolean moved = move(random, ends[0], ends[1]) | move(random, ends[1], ends[0]);
            idle = moved ? 0 : idle + 1;
            ends[0].poll();
            ends[1].poll();
        }
    }

    private static void check(End end, int seed) {
        assertThat(end.sends).as("seed %d", seed).hasSize(REQUESTS);
        for (int id = 0; id < REQUESTS; id++) {
            assertThat(end.sends.get(id).id()).isEqualTo(id);
        }
        List<WorkCompletion> all = new ArrayList<>(end.sends);
        all.addAll(end.receives);
        assertThat(all).extracting(WorkCompletion::status).containsOnly(WorkCompletionStatus.SUCCESS);
        assertThat(end.receives).extracting(WorkCompletion::id).isSorted();
        byte[] octets = new byte[OCTETS];
        end.octets.get(0, octets);
        assertThat(Arrays.equals(octets, end.expected))
                .as("memory, seed %d", seed)
                .isTrue();
        assertThat(end.desk.stream.drained()).isTrue();
        assertThat(end.desk.events).isEmpty();
    }

    private static void finish(End[] ends) {
        ends[0].desk.engine.modify(QueuePairState.CLOSING);
        ends[1].desk.arriveFin();
        ends[0].desk.arriveFin();
        for (End end : ends) {
            assertThat(end.desk.engine.state()).isEqualTo(QueuePairState.IDLE);
            assertThat(end.desk.loop.timers()).isZero();
        }
    }
}
