package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.OCTETS;
import static io.verbena.testkit.sharedreceives.SharedInbox.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.observe.Counter;
import io.verbena.observe.Counters;
import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.simulated.SimulatedNetwork;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MissingReceive;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream whose message finds no receive stops reading until one is posted, if its queue pair says so. */
@Tag("tcp")
@Timeout(60)
@ConnectedPair
class PausedStreamTest {
    private static final SharedReceiveQueueOptions SIXTEEN = SharedReceiveQueueOptions.ofDepth(16);

    private static QueuePairOptions pausing(QueuePairOptions options) {
        return options.withMissingReceive(MissingReceive.PAUSE);
    }

    private static void awaitPaused(DevicePair pair, PairEnd end) {
        pair.await("the pause", () -> end.queuePair().query().waitsForReceive());
    }

    @ParameterizedTest
    @CsvSource({
        "VALIDATED,true,false,false",
        "EAGER,true,false,false",
        "DIRECT,false,false,false",
        "VALIDATED,true,true,false",
        "DIRECT,false,true,false",
        "VALIDATED,true,false,true",
        "EAGER,true,false,true",
        "DIRECT,false,false,true",
        "EAGER,true,true,true"
    })
    @Requirement({"VRB-SR-06", "DDP-7.1-04"})
    void losesNothingOfWhatWaits(PlacementMode mode, boolean crc, boolean markers, boolean callerDriven) {
        int[] lengths = {1, 300, 70_000, 0, 5, 4000, 64, 200_000, 17, 1};
        PairOptions options = PairOptions.defaults()
                .withPlacement(mode)
                .withCrc(crc)
                .withMarkers(markers, markers)
                .withQueuePairs(PausedStreamTest::pausing);
        try (DevicePair pair = DevicePair.open(callerDriven ? options.withCallerDrivenProgress() : options)) {
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < lengths.length; i++) {
                byte[] octets = HexVectors.pattern(lengths[i] + i);
                sent.add(octets);
                SendRequest request = new SendRequest().send();
                if (octets.length > 0) {
                    ByteBuffer source =
                            ByteBuffer.allocateDirect(octets.length).put(octets).flip();
                    request.local(pair.client().register(source), 0, octets.length);
                }
                pair.client().post(request);
            }
            for (int i = 0; i < lengths.length; i++) {
                awaitPaused(pair, pair.server());
                ByteBuffer target = ByteBuffer.allocateDirect(Math.max(1, sent.get(i).length));
                pair.server().postReceive(i, pair.server().register(target));
                WorkCompletion received = pair.server().awaitReceiveSuccess();
                assertThat(received.id()).isEqualTo(i);
                assertThat(received.lengthOctets()).isEqualTo(sent.get(i).length);
                byte[] got = new byte[sent.get(i).length];
                target.get(0, got);
                assertThat(got).isEqualTo(sent.get(i));
                pair.client().awaitSendSuccess();
            }
            assertThat(pair.server().queuePair().query().waitsForReceive()).isFalse();
        }
    }

    @Test
    @Requirement({"VRB-SR-06", "SEC-6.4.4-01"})
    void fillsTheWindowOfThePeerAndCountsThePause() {
        int length = 1 << 20;
        int writes = 48;
        Counters counters = new Counters();
        try (DevicePair pair = DevicePair.open(PairOptions.defaults()
                .withListeners(new Counters(), counters)
                .withQueuePairs(PausedStreamTest::pausing))) {
            MemoryRegion source = pair.client().register(length);
            MemoryRegion target = pair.server().register(length, AccessFlag.REMOTE_WRITE);
            pair.client().post(new SendRequest().send());
            for (int i = 0; i < writes; i++) {
                pair.client()
                        .post(new SendRequest()
                                .write(target.remote())
                                .local(source, 0, length)
                                .id(i + 1));
            }
            awaitPaused(pair, pair.server());
            assertThat(counters.value(Counter.STREAMS_PAUSED)).isEqualTo(1);
            assertThat(counters.streamsPausedNow()).isEqualTo(1);
            assertThat(counters.value(Counter.SOCKET_OCTETS_RECEIVED)).isLessThan(length);
            pair.server().postEmptyReceive(7);
            assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(7);
            for (int i = 0; i <= writes; i++) {
                pair.client().awaitSendSuccess();
            }
            assertThat(counters.streamsPausedNow()).isZero();
        }
    }

    @Test
    @Requirement("VRB-SR-06")
    void servesThoseThatWaitForASharedQueueInTheirOrder(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        List<PairLink> links = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            PairLink link = pair.connectSharing(options -> pausing(options).withSharedReceiveQueue(inbox.queue()));
            links.add(link);
            send(link, 1, i + 1);
            awaitPaused(pair, link.server());
        }
        List<Integer> order = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (PairLink link : links) {
                inbox.post(1);
                pair.await(
                        "a completion", () -> link.server().receiveCompletions().size() > 0);
                assertThat(links.stream()
                                .filter(one -> one.server().receiveCompletions().size() > 0))
                        .as("round %d", round)
                        .containsExactly(link);
                int value = inbox.firstOctet(link.server().awaitReceiveSuccess().id());
                order.add(value);
                pair.await(
                        "it reads again",
                        () -> !link.server().queuePair().query().waitsForReceive());
                if (round < 2) {
                    send(link, 1, value);
                    awaitPaused(pair, link.server());
                }
            }
        }
        assertThat(order).containsExactly(1, 2, 3, 1, 2, 3, 1, 2, 3);
        assertThat(links).noneMatch(link -> link.server().queuePair().query().waitsForReceive());
    }

    @Test
    @ExpectBadEvents
    @Requirement({"VRB-SR-06", "VRB-SR-07"})
    void passesTheReceiveOnWhenTheFirstInLineIsGone(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        List<PairLink> links = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            PairLink link = pair.connectSharing(options -> pausing(options).withSharedReceiveQueue(inbox.queue()));
            links.add(link);
            send(link, 1, i + 1);
            awaitPaused(pair, link.server());
        }
        links.get(0).server().queuePair().close();
        links.get(2).server().queuePair().abort();
        links.get(2).server().awaitState(QueuePairState.ERROR);
        inbox.post(1);
        assertThat(inbox.firstOctet(links.get(1).server().awaitReceiveSuccess().id()))
                .isEqualTo(2);
        inbox.queue().cap(links.get(3).server().queuePair(), 0);
        inbox.post(1);
        links.get(3).server().awaitState(QueuePairState.ERROR);
        assertThat(inbox.query().free()).isEqualTo(1);
        send(links.get(1), 1, 9);
        links.get(1).server().awaitReceiveSuccess();
    }

    @Test
    @Requirement({"SYS-SRQ-02", "VRB-SR-06"})
    void waitsAlsoInTheMiddleOfAMessageThatDrawsSeveral(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN.withReceivesPerMessage(4));
        PairLink link = pair.connectSharing(options -> pausing(options).withSharedReceiveQueue(inbox.queue()));
        MemoryRegion source = link.client()
                .register(ByteBuffer.allocateDirect(3 * OCTETS)
                        .put(HexVectors.pattern(3 * OCTETS))
                        .flip());
        link.client().post(new SendRequest().send().local(source, 0, 3 * OCTETS));
        for (int i = 0; i < 3; i++) {
            awaitPaused(pair, link.server());
            int held = i;
            pair.await("held", () -> inbox.holder(link).held() == held);
            inbox.post(1);
        }
        for (int i = 0; i < 3; i++) {
            WorkCompletion part = link.server().awaitReceiveSuccess();
            assertThat(part.id()).isEqualTo(i);
            assertThat(part.moreFollows()).isEqualTo(i < 2);
            assertThat(inbox.octetsOf(i))
                    .isEqualTo(Arrays.copyOfRange(HexVectors.pattern(3 * OCTETS), i * OCTETS, (i + 1) * OCTETS));
        }
        link.client().awaitSendSuccess();
    }

    @Test
    @Requirement("VRB-SR-06")
    void waitsWhenItHoldsTheWholeQueueWithoutALimit(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(2));
        PairLink link = pair.connectSharing(options -> pausing(options).withSharedReceiveQueue(inbox.queue()));
        inbox.post(2);
        send(link, 3, 1);
        awaitPaused(pair, link.server());
        assertThat(inbox.holder(link).held()).isEqualTo(2);
        link.server().awaitReceiveSuccess();
        inbox.post(1);
        link.server().awaitReceiveSuccess();
        assertThat(link.server().awaitReceiveSuccess().id()).isEqualTo(2);
    }

    @Test
    @Requirement("VRB-SR-06")
    void letsImmediateDataWait(DevicePair pair) {
        PairLink link = pair.connectSharing(PausedStreamTest::pausing);
        link.client().post(new SendRequest().immediate(0x1234));
        awaitPaused(pair, link.server());
        link.server().postEmptyReceive(3);
        WorkCompletion received = link.server().awaitReceiveSuccess();
        assertThat(received.immediateData()).isEqualTo(0x1234);
    }

    @Test
    @ExpectBadEvents
    void endsWhenTheApplicationAborts(DevicePair pair) {
        endsInThePause(pair, end -> end.queuePair().abort());
    }

    @Test
    @ExpectBadEvents
    void endsWhenTheApplicationTerminates(DevicePair pair) {
        endsInThePause(pair, end -> end.queuePair().modify(QueuePairState.TERMINATE));
    }

    @Test
    @ExpectBadEvents
    void endsWhenTheApplicationDisconnects(DevicePair pair) {
        endsInThePause(pair, end -> {
            boolean inOrder = disconnected(end);
            assertThat(inOrder).as("a message had arrived that nobody took").isFalse();
        });
    }

    private static boolean disconnected(PairEnd end) {
        try {
            return end.queuePair().disconnect(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void endsInThePause(DevicePair pair, Consumer<PairEnd> act) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        PairLink link = pair.connectSharing(options -> pausing(options).withSharedReceiveQueue(inbox.queue()));
        PairLink other = pair.connectSharing(options -> pausing(options).withSharedReceiveQueue(inbox.queue()));
        send(link, 20, 1);
        awaitPaused(pair, link.server());
        act.accept(link.server());
        link.server().awaitState(QueuePairState.ERROR);
        link.client().awaitState(QueuePairState.ERROR);
        assertThat(link.server().queuePair().query().waitsForReceive()).isFalse();
        inbox.post(2);
        assertThat(inbox.query().free()).isEqualTo(2);
        send(other, 2, 2);
        other.server().awaitReceiveSuccess();
        other.server().awaitReceiveSuccess();
        assertThat(link.server().receiveCompletions().size()).isZero();
    }

    @Test
    @ExpectBadEvents
    void endsWhenThePauseIsTooLong(DevicePair pair) {
        PairLink link = pair.connectSharing(options -> pausing(options).withLongestPause(Duration.ofMillis(100)));
        send(link, 3, 1);
        link.server().awaitState(QueuePairState.ERROR);
        link.client().awaitState(QueuePairState.ERROR);
        assertThat(link.client().queuePair().query().terminate().triple()).isEqualTo("1/2/02");
        AsyncEvent event = link.server().awaitEvents(1).get(0);
        assertThat(event.cause().check()).isEqualTo(FailedCheck.NO_RECEIVE_POSTED);
    }

    @Test
    @ExpectBadEvents
    void noticesAPeerThatIsGoneWhenThePauseIsTooLong(DevicePair pair) throws Exception {
        PairEnd end = pair.newServerEnd(options -> pausing(options).withLongestPause(Duration.ofMillis(200)));
        try (RawPeer peer = SharedInbox.rawPeer(pair, end)) {
            peer.sendFpdu(RawSegment.send(1, HexVectors.pattern(40)));
            awaitPaused(pair, end);
        }
        end.awaitState(QueuePairState.ERROR);
        end.queuePair().modify(QueuePairState.IDLE);
    }

    @Test
    @ExpectBadEvents
    void flushesReceivesThatArePostedAfterTheEnd(DevicePair pair) {
        PairLink link = pair.connectSharing(PausedStreamTest::pausing);
        send(link, 1, 1);
        awaitPaused(pair, link.server());
        link.server().queuePair().abort();
        link.server().awaitState(QueuePairState.ERROR);
        link.server().queuePair().modify(QueuePairState.IDLE);
        link.server().postEmptyReceive(5);
        link.server().queuePair().abort();
        assertThat(link.server().awaitReceive().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
    }

    @Test
    void isNotBlamedOnThePeer() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(4);
                DevicePair pair = DevicePair.open(PairOptions.defaults()
                        .withOpener(network::open)
                        .withQueuePairs(options -> pausing(options).withLongestPause(Duration.ofHours(3))))) {
            byte[] octets = HexVectors.pattern(50_000);
            MemoryRegion source = pair.client()
                    .register(
                            ByteBuffer.allocateDirect(octets.length).put(octets).flip());
            for (int i = 0; i < 3; i++) {
                pair.client().post(new SendRequest().send().local(source, 0, octets.length));
            }
            for (int i = 0; i < 3; i++) {
                awaitPaused(pair, pair.server());
                network.pass(Duration.ofHours(2));
                ByteBuffer target = ByteBuffer.allocateDirect(octets.length);
                pair.server().postReceive(i, pair.server().register(target));
                assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(i);
                assertThat(target).isEqualTo(ByteBuffer.wrap(octets));
            }
        }
    }

    @Test
    void refusesPausesOutOfRange(DevicePair pair) {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofDays(2), Duration.ofSeconds(-1))) {
            QueuePairOptions options = pair.server().queuePair().options().withLongestPause(wrong);
            assertThatThrownBy(() -> pair.serverDomain().createQueuePair(options))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("longestPause " + wrong + " must be PT0.001S to PT24H");
        }
    }

    @Test
    @ExpectBadEvents
    void resumesWhenReceivesOfARefusedMessageGoBack(DevicePair pair) throws Exception {
        SharedInbox inbox =
                new SharedInbox(pair, SIXTEEN.withReceivesPerMessage(4).withRefusal(ReceiveRefusal.DROP_MESSAGE));
        PairEnd greedy = inbox.serverEnd();
        PairLink waiting = pair.connectSharing(options -> pausing(options).withSharedReceiveQueue(inbox.queue()));
        inbox.post(2);
        inbox.queue().cap(greedy.queuePair(), 2);
        try (RawPeer peer = inbox.rawPeer(greedy)) {
            RawSegment part = RawSegment.send(1, HexVectors.pattern(2 * OCTETS)).withoutLast();
            peer.sendFpdu(part);
            pair.await("both drawn", () -> inbox.holder(greedy).held() == 2);
            send(waiting, 2, 8);
            awaitPaused(pair, waiting.server());
            peer.sendFpdu(part.withOffset(2 * OCTETS));
            assertThat(waiting.server().awaitReceiveSuccess().id()).isZero();
            assertThat(waiting.server().awaitReceiveSuccess().id()).isEqualTo(1);
            assertThat(inbox.octetsOf(0)).startsWith(new byte[] {8, 0, 0});
        }
    }

    @Test
    void findsReceivesThatAnotherThreadPosts() throws InterruptedException {
        int messages = 3000;
        try (DevicePair pair = DevicePair.open(PairOptions.defaults().withQueuePairs(PausedStreamTest::pausing))) {
            Thread poster = new Thread(() -> {
                ReceiveRequest request = new ReceiveRequest();
                for (int i = 0; i < messages; ) {
                    if (pair.server().queuePair().postReceive(request.receive(i)) == PostResult.POSTED) {
                        i++;
                    } else {
                        Thread.onSpinWait();
                    }
                }
            });
            poster.start();
            int[] received = {0};
            int sent = 0;
            SendRequest request = new SendRequest().send();
            while (received[0] < messages) {
                if (sent < messages && sent - received[0] < 64) {
                    pair.client().post(request.id(sent++));
                }
                pair.client().sendCompletions().poll(64, (WorkCompletion completion) -> {});
                received[0] += pair.server().receiveCompletions().poll(64, (WorkCompletion completion) -> {
                    assertThat(completion.success()).isTrue();
                });
            }
            poster.join();
        }
    }

    @Test
    @ExpectBadEvents
    @Requirement("VRB-SR-06")
    void servesManyPausedStreamsWhileAnotherThreadPosts(DevicePair pair) throws InterruptedException {
        int messages = 500;
        SharedInbox inbox = new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(3));
        List<PairLink> links = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            links.add(pair.connectSharing(options -> pausing(options).withSharedReceiveQueue(inbox.queue())));
        }
        int total = messages * links.size();
        Thread poster = new Thread(() -> {
            ReceiveRequest request = new ReceiveRequest();
            for (int i = 0; i < total; ) {
                if (inbox.queue().postReceive(request.receive(i)) == PostResult.POSTED) {
                    i++;
                } else {
                    Thread.onSpinWait();
                }
            }
        });
        poster.start();
        int[] sent = new int[links.size()];
        int[] received = new int[links.size()];
        SendRequest request = new SendRequest().send();
        pair.await("all messages", () -> {
            int sum = 0;
            for (int i = 0; i < links.size(); i++) {
                PairLink link = links.get(i);
                if (sent[i] < messages && sent[i] - received[i] < 64) {
                    link.client().post(request.id(sent[i]++));
                }
                link.client().sendCompletions().poll(64, (WorkCompletion completion) -> {});
                received[i] += link.server()
                        .receiveCompletions()
                        .poll(
                                64,
                                (WorkCompletion completion) ->
                                        assertThat(completion.success()).isTrue());
                sum += received[i];
            }
            return sum == total;
        });
        poster.join();
        assertThat(received).containsOnly(messages);
        assertThat(inbox.query().posted()).isZero();
    }
}
