package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.cm.SocketOptions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Random Sends, Writes and Reads in both directions at once, each end against a model of the memory. Over one TCP connection
 * placing is in order, so the model can predict every octet as long as each range has one writer.
 */
@Tag("tcp")
@Timeout(60)
class MixedTrafficTest {
    private static final int OPERATIONS = 400;
    private static final int MEMORY_OCTETS = 1 << 18;
    private static final int LONGEST = 100_000;

    @Seeded(count = 12)
    @Requirement({"RDMAP-5.5-15", "DDP-5.3-01", "VRB-PR-02"})
    void movesWhatTheModelSays(SplittableRandom random) {
        PlacementMode mode = PlacementMode.values()[random.nextInt(3)];
        PairOptions options = PairOptions.defaults()
                .withPlacement(mode)
                .withMarkers(random.nextBoolean(), random.nextBoolean())
                .withParameters(parameters -> parameters
                        .withReadDepths(1 + random.nextInt(16), 1 + random.nextInt(16))
                        .withSocket(SocketOptions.defaults()
                                .withSegmentOctets(random.nextBoolean() ? 0 : 128 + random.nextInt(9000))
                                .withBuffers(random.nextBoolean() ? 0 : 4096, random.nextBoolean() ? 0 : 4096)));
        options = random.nextInt(4) == 0 ? options.withCallerDrivenProgress() : options;
        options = random.nextInt(4) == 0 ? options.withOneDevice() : options;
        try (DevicePair pair = DevicePair.open(options)) {
            Half forth = new Half(pair.client(), pair.server(), random.split());
            Half back = new Half(pair.server(), pair.client(), random.split());
            forth.postOne();
            pair.await("the first message", forth::drained);
            for (int i = 0; i < OPERATIONS; i++) {
                Half half = random.nextBoolean() ? forth : back;
                pair.await("room for one more", half::hasRoom);
                half.postOne();
            }
            pair.await("all completions", () -> forth.drained() & back.drained());
            forth.requireModel();
            back.requireModel();
        }
    }

    /** The requests of one end, and the memory they touch: nobody else writes there. */
    private static final class Half {
        private final PairEnd from;
        private final PairEnd to;
        private final SplittableRandom random;
        private final TestMemory source;
        private final TestMemory target;
        private final TestMemory inbox;
        private final TestMemory sink;
        private final byte[] targetModel = new byte[MEMORY_OCTETS];
        private final byte[] sinkModel = new byte[MEMORY_OCTETS];
        private final byte[] inboxModel = new byte[MEMORY_OCTETS];
        private final Deque<Expected> sends = new ArrayDeque<>();
        private final Deque<Expected> receives = new ArrayDeque<>();
        private final SendRequest request = new SendRequest();
        private final ReceiveRequest receive = new ReceiveRequest();
        private long nextId;

        Half(PairEnd from, PairEnd to, SplittableRandom random) {
            this.from = from;
            this.to = to;
            this.random = random;
            source = TestMemory.open(from, MEMORY_OCTETS);
            source.buffer().put(0, HexVectors.pattern(MEMORY_OCTETS));
            for (int i = 0; i < MEMORY_OCTETS; i += 1 + random.nextInt(50)) {
                source.buffer().put(i, (byte) random.nextInt());
            }
            target = TestMemory.open(to, MEMORY_OCTETS);
            inbox = TestMemory.open(to, MEMORY_OCTETS);
            sink = TestMemory.open(from, MEMORY_OCTETS);
        }

        boolean hasRoom() {
            poll();
            return sends.size() < 60 && receives.size() < 60;
        }

        boolean drained() {
            poll();
            return sends.isEmpty() && receives.isEmpty();
        }

        void postOne() {
            int length = random.nextInt(8) == 0 ? random.nextInt(LONGEST) : random.nextInt(3000);
            length = random.nextInt(20) == 0 ? 0 : length;
            int here = random.nextInt(MEMORY_OCTETS - length);
            int there = random.nextInt(MEMORY_OCTETS - length);
            long id = nextId++;
            switch (random.nextInt(4)) {
                case 0 -> write(id, here, there, length);
                case 1 -> read(id, here, there, length);
                default -> send(id, here, there, length);
            }
        }

        private void write(long id, int here, int there, int length) {
            boolean signaled = random.nextBoolean();
            request.write(target.region().remote(there, length)).id(id).signaled(signaled);
            gather(here, length);
            post(request);
            source.buffer().get(here, targetModel, there, length);
            if (signaled) {
                sends.add(new Expected(id, CompletedOperation.WRITE, 0));
            }
        }

        private void read(long id, int here, int there, int length) {
            post(request.read(target.region().remote(there, length)).id(id).local(sink.region(), here, length));
            // A later Write may overtake the answer, so the next request waits for this one (RFC 5040 appendix B).
            sends.add(new Expected(id, CompletedOperation.READ, length));
            System.arraycopy(targetModel, there, sinkModel, here, length);
            from.await("the Read", () -> {
                poll();
                return sends.isEmpty();
            });
        }

        private void send(long id, int here, int there, int length) {
            int cut = length == 0 ? 0 : random.nextInt(length);
            to.queuePair()
                    .postReceive(receive.receive(id)
                            .local(inbox.region(), there, cut)
                            .local(inbox.region(), there + cut, length - cut))
                    .orThrow();
            receives.add(new Expected(id, CompletedOperation.RECEIVE, length));
            boolean signaled = random.nextBoolean();
            SendRequest send = random.nextBoolean() ? request.send() : request.sendSolicited();
            send.id(id).signaled(signaled).readFence(random.nextBoolean());
            gather(here, length);
            post(send);
            source.buffer().get(here, inboxModel, there, length);
            if (signaled) {
                sends.add(new Expected(id, CompletedOperation.SEND, 0));
            }
        }

        private void post(SendRequest next) {
            from.await("a free slot of the send queue", () -> {
                poll();
                return from.queuePair().postSend(next).posted();
            });
        }

        private void gather(int here, int length) {
            int cut = length == 0 ? 0 : random.nextInt(length);
            request.local(source.region(), here, cut).local(source.region(), here + cut, length - cut);
        }

        private void poll() {
            from.sendCompletions().poll(64, completion -> sends.remove().require(completion));
            to.receiveCompletions().poll(64, completion -> receives.remove().require(completion));
        }

        void requireModel() {
            // What was written last may still be on its way: a Read behind it shows that it has arrived.
            read(nextId++, 0, 0, 1);
            assertThat(Arrays.equals(target.octets(), targetModel))
                    .as("target of Writes")
                    .isTrue();
            assertThat(Arrays.equals(sink.octets(), sinkModel))
                    .as("sink of Reads")
                    .isTrue();
            assertThat(Arrays.equals(inbox.octets(), inboxModel))
                    .as("inbox of Sends")
                    .isTrue();
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
