package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Traffic in both directions that is cut off at a random moment in a random way. Whatever happens, every request that was
 * accepted completes exactly once and in order: successes, then at most one failure, then flushed ones (state machines 11).
 */
@Tag("tcp")
@Timeout(60)
class ChaosTest {
    private static final int MEMORY_OCTETS = 1 << 17;

    /** Ways to end a connection that is busy. */
    private enum Cut {
        ABORT,
        TERMINATE,
        IMPATIENT_DISCONNECT,
        DEREGISTER_SOURCE,
        DEREGISTER_TARGET,
        WRITE_OUT_OF_BOUNDS,
        SEND_TOO_LONG
    }

    @Seeded(count = 40)
    @Requirement({"VRB-WC-03", "VRB-PR-01", "RDMAP-5.5-15", "SYS-POOL-04", "VRB-QP-06"})
    void completesEveryRequestOnceHoweverItEnds(SplittableRandom random) throws Exception {
        PlacementMode mode = PlacementMode.values()[random.nextInt(3)];
        PairOptions options =
                PairOptions.defaults().withPlacement(mode).withMarkers(random.nextBoolean(), random.nextBoolean());
        options = random.nextInt(4) == 0 ? options.withOneDevice() : options;
        try (DevicePair pair = DevicePair.open(options)) {
            Side client = new Side(pair.client(), random.split());
            Side server = new Side(pair.server(), random.split());
            int before = random.nextInt(60);
            for (int i = 0; i < before; i++) {
                (random.nextBoolean() || i == 0 ? client : server).post(i == 0 || random.nextBoolean(), client, server);
                client.poll();
                server.poll();
            }
            Side culprit = random.nextBoolean() ? client : server;
            culprit.cut(Cut.values()[random.nextInt(Cut.values().length)], culprit == client ? server : client);
            for (int i = 0; i < 10; i++) {
                client.post(random.nextBoolean(), client, server);
                server.post(random.nextBoolean(), client, server);
            }
            pair.await("the end at both ends", () -> client.ended() && server.ended());
            client.flushWhatCameLate();
            server.flushWhatCameLate();
            pair.await("every completion", () -> client.complete() && server.complete());
            reuse(pair);
        }
    }

    private static void reuse(DevicePair pair) {
        for (PairEnd end : new PairEnd[] {pair.client(), pair.server()}) {
            if (end.queuePair().state() == QueuePairState.ERROR) {
                end.queuePair().modify(QueuePairState.IDLE);
            }
        }
        pair.connect(new PairLink(pair.client(), pair.server()));
        pair.server().postEmptyReceive(1);
        pair.client().queuePair().postSend(new SendRequest().send().id(2)).orThrow();
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(2);
        assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(1);
    }

    /** One end: what it posted, and what it expects of the completions. */
    private static final class Side {
        private final PairEnd end;
        private final SplittableRandom random;
        private final TestMemory source;
        private final TestMemory exposed;
        private final Ledger sends = new Ledger();
        private final Ledger receives = new Ledger();
        private final SendRequest request = new SendRequest();
        private final ReceiveRequest receive = new ReceiveRequest();
        private long nextId = 1;

        Side(PairEnd end, SplittableRandom random) {
            this.end = end;
            this.random = random;
            source = TestMemory.pattern(end, MEMORY_OCTETS);
            exposed = TestMemory.open(end, MEMORY_OCTETS);
        }

        void post(boolean oneSided, Side client, Side server) {
            Side peer = this == client ? server : client;
            int length = random.nextInt(random.nextBoolean() ? 200 : 60_000);
            if (oneSided) {
                var remote = peer.exposed.region().remote(random.nextInt(MEMORY_OCTETS - length), length);
                SendRequest next = random.nextBoolean() ? request.write(remote) : request.read(remote);
                send(next.local(source.region(), 0, length));
            } else if (peer.expect(length)) {
                send(request.send().local(source.region(), 0, length));
            }
        }

        private boolean expect(int length) {
            long id = nextId++;
            PostResult result = end.queuePair().postReceive(receive.receive(id).local(exposed.region(), 0, length));
            return receives.accepted(id, result);
        }

        private void send(SendRequest next) {
            long id = nextId++;
            // Signaled all of them, so that the ledger can be exact.
            sends.accepted(id, end.queuePair().postSend(next.id(id)));
        }

        void cut(Cut how, Side peer) throws InterruptedException {
            switch (how) {
                case ABORT -> end.queuePair().abort();
                case TERMINATE -> {
                    if (end.queuePair().state() == QueuePairState.RTS) {
                        end.queuePair().modify(QueuePairState.TERMINATE);
                    }
                }
                case IMPATIENT_DISCONNECT -> end.queuePair().disconnect(Duration.ofNanos(1));
                case DEREGISTER_SOURCE -> {
                    source.region().close();
                    send(request.write(peer.exposed.region().remote())
                            .local(source.region().stag(), 0, 1));
                }
                case DEREGISTER_TARGET -> {
                    exposed.region().close();
                    peer.send(peer.request.write(exposed.region().stag(), 0).local(peer.source.region(), 0, 1));
                }
                case WRITE_OUT_OF_BOUNDS ->
                    send(request.write(
                                    peer.exposed.region().stag(),
                                    peer.exposed.region().startAddress() + MEMORY_OCTETS - 1)
                            .local(source.region(), 0, 2));
                case SEND_TOO_LONG -> {
                    if (peer.expect(10)) {
                        send(request.send().local(source.region(), 0, 11));
                    }
                }
            }
        }

        boolean ended() {
            poll();
            QueuePairState state = end.queuePair().state();
            return state == QueuePairState.ERROR || state == QueuePairState.IDLE;
        }

        /** A connection may end in good order, and what is posted behind its end waits in Idle (state machines 2.2). */
        void flushWhatCameLate() {
            if (end.queuePair().state() == QueuePairState.IDLE) {
                end.queuePair().modify(QueuePairState.ERROR);
            }
        }

        boolean complete() {
            poll();
            return sends.isEmpty() && receives.isEmpty();
        }

        void poll() {
            poll(end.sendCompletions(), sends);
            poll(end.receiveCompletions(), receives);
            assertThat(sends.failures + receives.failures).isLessThanOrEqualTo(1);
        }

        private static void poll(CompletionQueue queue, Ledger ledger) {
            queue.poll(256, ledger::onCompletion);
        }
    }

    /** The requests of one queue that were accepted and have not completed. */
    private static final class Ledger {
        private final Deque<Long> outstanding = new ArrayDeque<>();
        private boolean flushing;
        private int failures;

        boolean accepted(long id, PostResult result) {
            if (result.posted()) {
                outstanding.add(id);
            }
            return result.posted();
        }

        boolean isEmpty() {
            return outstanding.isEmpty();
        }

        void onCompletion(WorkCompletion completion) {
            assertThat(completion.id()).isEqualTo(outstanding.remove());
            boolean success = completion.status() == WorkCompletionStatus.SUCCESS;
            boolean flushed = completion.status() == WorkCompletionStatus.FLUSHED;
            assertThat(success && flushing)
                    .as("success of %d behind a failure", completion.id())
                    .isFalse();
            flushing |= !success;
            failures += success || flushed ? 0 : 1;
            if (!success) {
                assertThat(completion.cause()).isNotNull();
                assertThat(completion.cause().message()).isNotBlank();
            }
        }
    }
}
