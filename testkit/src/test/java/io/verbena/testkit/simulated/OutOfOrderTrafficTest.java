package io.verbena.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Random Sends, Writes and Reads in both directions at once, over a link that hands FPDUs up in any order, twice, or not at
 * once. Writes may be placed in any order (RFC 5041 section 5.3), so each operation has octets of its own to write.
 */
@Tag("sim")
@Timeout(120)
class OutOfOrderTrafficTest {
    private static final int OPERATIONS = 400;
    private static final int SOURCE_OCTETS = 1 << 16;
    private static final int TARGET_OCTETS = 4 << 20;
    private static final int LONGEST = 30_000;

    @Seeded(count = 10)
    void movesWhatWasSentAndDeliversItInOrder(SplittableRandom random) {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(random.nextLong())) {
            network.linkOptions(link(random));
            PlacementMode mode = PlacementMode.values()[random.nextInt(3)];
            PairOptions options =
                    PairOptions.defaults().withOpener(network::open).withPlacement(mode);
            if (random.nextInt(4) == 0) {
                options = options.withOneDevice();
            }
            try (DevicePair pair = DevicePair.open(options)) {
                SimulatedLink link = network.link(pair.client().connection());
                Half forth = new Half(pair.client(), pair.server(), random.split());
                Half back = new Half(pair.server(), pair.client(), random.split());
                forth.postOne();
                network.run(forth::drained, Duration.ofMinutes(1));
                for (int i = 0; i < OPERATIONS; i++) {
                    Half half = random.nextBoolean() ? forth : back;
                    network.run(half::hasRoom, Duration.ofMinutes(1));
                    half.postOne();
                }
                network.run(() -> forth.drained() & back.drained(), Duration.ofMinutes(1));
                network.settle();
                forth.requireAll();
                back.requireAll();
                assertThat(link.toServer().fpdus().takenAhead()
                                + link.toClient().fpdus().takenAhead())
                        .isPositive();
            }
        }
    }

    private static LinkOptions link(SplittableRandom random) {
        return LinkOptions.defaults()
                .withSegmentOctets(128 + random.nextInt(random.nextBoolean() ? 1500 : 9000))
                .withReadOctets(random.nextBoolean() ? 0 : 1 + random.nextInt(3000))
                .withStalls(random.nextInt(10), Duration.ofMillis(1))
                .withOutOfOrder(OutOfOrder.random()
                        .withSpread(Duration.ofNanos(1 + random.nextInt(200_000)))
                        .withAheadOctets(random.nextInt(200_000))
                        .withDuplicates(random.nextInt(200)));
    }

    /** The requests of one end, and the memory they touch. */
    private static final class Half {
        private final PairEnd from;
        private final PairEnd to;
        private final SplittableRandom random;
        private final byte[] octets = new byte[SOURCE_OCTETS];
        private final MemoryRegion source;
        private final Target written;
        private final Target inbox;
        private final Target sink;
        private final MemoryRegion readable;
        private final Deque<Expected> sends = new ArrayDeque<>();
        private final Deque<Expected> receives = new ArrayDeque<>();
        private final SendRequest request = new SendRequest();
        private final ReceiveRequest receive = new ReceiveRequest();
        private long nextId;

        Half(PairEnd from, PairEnd to, SplittableRandom random) {
            this.from = from;
            this.to = to;
            this.random = random;
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) random.nextInt();
            }
            source = from.register(direct(octets));
            readable = to.register(direct(octets), AccessFlag.REMOTE_READ);
            written = new Target(to, AccessFlag.REMOTE_WRITE);
            inbox = new Target(to);
            sink = new Target(from);
        }

        private static ByteBuffer direct(byte[] octets) {
            return ByteBuffer.allocateDirect(octets.length).put(octets).flip();
        }

        boolean hasRoom() {
            poll();
            return sends.size() < 50 && receives.size() < 50;
        }

        boolean drained() {
            poll();
            return sends.isEmpty() && receives.isEmpty();
        }

        void postOne() {
            int length = random.nextInt(6) == 0 ? random.nextInt(LONGEST) : random.nextInt(3000);
            length = random.nextInt(20) == 0 ? 0 : length;
            int here = random.nextInt(SOURCE_OCTETS - length);
            long id = nextId++;
            switch (random.nextInt(3)) {
                case 0 -> {
                    long there = written.expect(octets, here, length);
                    post(request.write(written.region.remote(there, length))
                            .id(id)
                            .local(source, here, length));
                    sends.add(new Expected(id, CompletedOperation.WRITE, 0));
                }
                case 1 -> {
                    long there = sink.expect(octets, here, length);
                    post(request.read(readable.remote(here, length)).id(id).local(sink.region, there, length));
                    sends.add(new Expected(id, CompletedOperation.READ, length));
                }
                default -> send(id, here, length);
            }
        }

        private void send(long id, int here, int length) {
            int cut = length == 0 ? 0 : random.nextInt(length);
            long there = inbox.expect(octets, here, length);
            // One octet more than the message needs now and then: the next one must not slip into it.
            receive.receive(id).local(inbox.region, there, cut).local(inbox.region, there + cut, length - cut);
            if (random.nextBoolean()) {
                receive.local(inbox.region, inbox.used, 1);
                inbox.used++;
            }
            to.queuePair().postReceive(receive).orThrow();
            receives.add(new Expected(id, CompletedOperation.RECEIVE, length));
            sends.add(new Expected(id, CompletedOperation.SEND, 0));
            post(request.send().id(id).local(source, here, length));
        }

        private void post(SendRequest next) {
            from.queuePair().postSend(next).orThrow();
        }

        private void poll() {
            from.sendCompletions().poll(64, completion -> sends.remove().require(completion));
            to.receiveCompletions().poll(64, completion -> receives.remove().require(completion));
        }

        void requireAll() {
            written.require("target of Writes");
            inbox.require("inbox of Sends");
            sink.require("sink of Reads");
        }
    }

    /** Memory that is handed out once, and what has to be in it at the end. */
    private static final class Target {
        private final ByteBuffer octets = ByteBuffer.allocateDirect(TARGET_OCTETS);
        private final byte[] model = new byte[TARGET_OCTETS];
        private final MemoryRegion region;
        private int used;

        Target(PairEnd end, AccessFlag... access) {
            region = end.register(octets, access);
        }

        long expect(byte[] from, int offset, int length) {
            int at = used;
            System.arraycopy(from, offset, model, at, length);
            used += length;
            return at;
        }

        void require(String what) {
            byte[] is = new byte[TARGET_OCTETS];
            octets.get(0, is);
            assertThat(Arrays.mismatch(is, model)).as(what).isNegative();
        }
    }

    private record Expected(long id, CompletedOperation operation, long length) {
        void require(WorkCompletion completion) {
            assertThat(completion.success()).as("%s", completion.cause()).isTrue();
            assertThat(completion.id()).isEqualTo(id);
            assertThat(completion.operation()).isEqualTo(operation);
            assertThat(completion.lengthOctets()).isEqualTo(length);
        }
    }
}
