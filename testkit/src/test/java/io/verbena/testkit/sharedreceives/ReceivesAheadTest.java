package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.OCTETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import io.verbena.testkit.simulated.FpduTraffic;
import io.verbena.testkit.simulated.LinkOptions;
import io.verbena.testkit.simulated.OutOfOrder;
import io.verbena.testkit.simulated.SimulatedNetwork;
import io.verbena.verbs.AheadReceives;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MissingReceive;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.ReceiveLimits;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Receives that messages hold which have arrived ahead of order, over a layer that hands segments up as they come. */
@Tag("sim")
class ReceivesAheadTest {
    private static final SharedReceiveQueueOptions SIXTEEN =
            SharedReceiveQueueOptions.ofDepth(16).withRefusal(ReceiveRefusal.DROP_MESSAGE);

    /** Octets of one FPDU's payload: a message of {@link SharedInbox#OCTETS} octets has two. */
    private static final int SEGMENT_OCTETS = 200;

    /** A link whose FPDUs to the server wait until the test delivers them. */
    private static final class Scene implements AutoCloseable {
        private final SimulatedNetwork network = SimulatedNetwork.seeded(1);
        private final DevicePair pair;
        private final SharedInbox inbox;
        private final List<PairLink> links = new ArrayList<>();
        private final List<FpduTraffic> traffic = new ArrayList<>();
        private final List<Integer> first = new ArrayList<>();

        Scene(SharedReceiveQueueOptions options, int count) {
            network.linkOptions(
                    LinkOptions.defaults().withSegmentOctets(SEGMENT_OCTETS).withOutOfOrder(OutOfOrder.scripted()));
            pair = DevicePair.open(PairOptions.defaults().withOpener(network::open));
            inbox = new SharedInbox(pair, options);
            for (int i = 0; i < count; i++) {
                PairLink link = pair.connectSharing(
                        with -> with.withSharedReceiveQueue(inbox.queue()).withMissingReceive(MissingReceive.PAUSE));
                links.add(link);
                FpduTraffic toServer =
                        network.link(link.client().connection()).toServer().fpdus();
                traffic.add(toServer);
                first.add(toServer.nextNumber());
                toServer.holdBack();
            }
        }

        /** Sends a message whose octets all have this value. */
        void send(int link, int octets, int value) {
            byte[] content = new byte[octets];
            Arrays.fill(content, (byte) value);
            MemoryRegion source = links.get(link)
                    .client()
                    .register(ByteBuffer.allocateDirect(Math.max(1, octets))
                            .put(content)
                            .flip()
                            .limit(Math.max(1, octets)));
            links.get(link).client().post(new SendRequest().send().local(source, 0, octets));
            network.settle();
        }

        void deliver(int link, int... numbers) {
            for (int number : numbers) {
                traffic.get(link).deliver(first.get(link) + number);
            }
            network.settle();
            SharedReceiveQueueSnapshot now = inbox.query();
            assertThat(now.posted()).isEqualTo(now.free() + now.held());
            assertThat(now.holders()).allMatch(holder -> holder.ahead() <= holder.held());
        }

        ReceiveHolder holder(int link) {
            return inbox.holder(links.get(link));
        }

        /** Returns the first octets of what was received, in the order of the completions. */
        List<Integer> received(int link) {
            List<Integer> values = new ArrayList<>();
            links.get(link).server().receiveCompletions().poll(64, (WorkCompletion completion) -> {
                assertThat(completion.success()).isTrue();
                values.add(inbox.firstOctet(completion.id()));
            });
            return values;
        }

        @Override
        public void close() {
            pair.close();
            network.close();
        }
    }

    @Test
    @Requirement("SYS-SRQ-08")
    void placesMessagesAheadAndDeliversThemInTheirOrder() {
        try (Scene scene = new Scene(SIXTEEN.withAhead(AheadReceives.withinLimit(8, 4)), 1)) {
            scene.inbox.post(8);
            scene.send(0, 10, 1);
            scene.send(0, OCTETS, 2);
            scene.send(0, 20, 3);
            scene.deliver(0, 2);
            assertThat(scene.holder(0).ahead())
                    .as("one for itself and one for the message before")
                    .isEqualTo(2);
            assertThat(scene.inbox.query().ahead()).isEqualTo(2);
            assertThat(scene.inbox.octetsOf(1)[OCTETS - 1]).isEqualTo((byte) 2);
            scene.deliver(0, 3);
            assertThat(scene.holder(0).held()).isEqualTo(3);
            assertThat(scene.inbox.firstOctet(2)).isEqualTo(3);
            assertThat(scene.received(0)).isEmpty();
            scene.deliver(0, 0);
            assertThat(scene.received(0)).containsExactly(1);
            assertThat(scene.holder(0).ahead()).isEqualTo(2);
            scene.deliver(0, 1);
            assertThat(scene.received(0)).containsExactly(2, 3);
            assertThat(scene.holder(0).held()).isZero();
            assertThat(scene.holder(0).ahead()).isZero();
            assertThat(scene.traffic.get(0).refused()).isZero();
        }
    }

    @Test
    @Requirement("SYS-SRQ-08")
    void takesNothingAheadBeyondTheCapOfAQueuePairAndLosesNothing() {
        try (Scene scene = new Scene(SIXTEEN.withAhead(AheadReceives.withinLimit(16, 3)), 1)) {
            scene.inbox.post(16);
            for (int value = 1; value <= 6; value++) {
                scene.send(0, 10, value);
            }
            scene.deliver(0, 5, 4, 3);
            assertThat(scene.holder(0).ahead()).isZero();
            assertThat(scene.inbox.query().free()).isEqualTo(16);
            assertThat(scene.holder(0).refusedAhead()).isEqualTo(3);
            assertThat(scene.traffic.get(0).refused()).isEqualTo(3);
            scene.deliver(0, 2);
            assertThat(scene.holder(0).ahead()).isEqualTo(3);
            scene.deliver(0, 0, 1, 3, 4, 5);
            assertThat(scene.received(0)).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    @Requirement("SYS-SRQ-08")
    void takesNothingAheadBeyondTheCapOfTheQueue() {
        try (Scene scene = new Scene(SIXTEEN.withAhead(AheadReceives.withinLimit(3, 3)), 2)) {
            scene.inbox.post(16);
            for (int link = 0; link < 2; link++) {
                for (int value = 1; value <= 3; value++) {
                    scene.send(link, 10, value + 10 * link);
                }
            }
            scene.deliver(0, 1);
            scene.deliver(1, 1);
            assertThat(scene.holder(0).ahead()).isEqualTo(2);
            assertThat(scene.holder(1).ahead())
                    .as("one is left, two are needed")
                    .isZero();
            assertThat(scene.holder(1).refusedAhead()).isEqualTo(1);
            scene.deliver(0, 0);
            scene.deliver(1, 1);
            assertThat(scene.holder(1).ahead()).isEqualTo(2);
            scene.deliver(1, 0, 2);
            scene.deliver(0, 2);
            assertThat(scene.received(0)).containsExactly(1, 2, 3);
            assertThat(scene.received(1)).containsExactly(11, 12, 13);
        }
    }

    @Test
    @Requirement("SYS-SRQ-08")
    void countsThemAsPartOfTheLimit() {
        try (Scene scene =
                new Scene(SIXTEEN.withAhead(AheadReceives.withinLimit(16, 16)).withLimits(ReceiveLimits.fixed(2)), 1)) {
            scene.inbox.post(16);
            for (int value = 1; value <= 4; value++) {
                scene.send(0, 10, value);
            }
            scene.deliver(0, 1);
            assertThat(scene.holder(0).held()).isEqualTo(2);
            assertThat(scene.holder(0).ahead()).isEqualTo(2);
            scene.deliver(0, 3);
            assertThat(scene.holder(0).held()).as("four would be too many").isEqualTo(2);
            assertThat(scene.holder(0).refusedAhead()).isEqualTo(1);
            scene.deliver(0, 0);
            assertThat(scene.received(0)).containsExactly(1, 2);
            scene.deliver(0, 2, 3);
            assertThat(scene.holder(0).droppedMessages()).isZero();
            assertThat(scene.received(0)).containsExactly(3, 4);
        }
    }

    @Test
    @Requirement({"SYS-SRQ-02", "SYS-SRQ-08"})
    void drawsNotOneAheadBeyondTheLimit() {
        try (Scene scene =
                new Scene(SIXTEEN.withAhead(AheadReceives.withinLimit(16, 16)).withLimits(ReceiveLimits.fixed(2)), 1)) {
            scene.inbox.post(16);
            for (int value = 1; value <= 3; value++) {
                scene.send(0, 10, value);
            }
            scene.deliver(0, 1);
            assertThat(scene.holder(0).held()).isEqualTo(2);
            scene.deliver(0, 2);
            assertThat(scene.holder(0).held()).isEqualTo(2);
            assertThat(scene.holder(0).refusedAhead()).isEqualTo(1);
        }
    }

    @Test
    @Requirement("SYS-SRQ-08")
    void countsThemOnTheirOwnAndComparesTheLimitWhenItIsTheirTurn() {
        try (Scene scene =
                new Scene(SIXTEEN.withAhead(AheadReceives.onTheirOwn(16, 16)).withLimits(ReceiveLimits.fixed(2)), 1)) {
            scene.inbox.post(16);
            for (int value = 1; value <= 4; value++) {
                scene.send(0, 10, value);
            }
            scene.deliver(0, 3, 2, 1);
            assertThat(scene.holder(0).ahead()).isEqualTo(4);
            assertThat(scene.inbox.firstOctet(3)).isEqualTo(4);
            scene.deliver(0, 0);
            assertThat(scene.holder(0).droppedMessages()).isEqualTo(2);
            assertThat(scene.holder(0).held()).isEqualTo(2);
            assertThat(scene.inbox.octetsOf(2))
                    .as("nothing is left of what is dropped")
                    .containsOnly(0);
            assertThat(scene.inbox.octetsOf(3)).containsOnly(0);
            assertThat(scene.received(0)).containsExactly(1, 2);
            assertThat(scene.inbox.query().free()).isEqualTo(14);
        }
    }

    @Test
    @Requirement({"SYS-SRQ-08", "SYS-SRQ-09"})
    void givesThemBackWhenTheConnectionEnds() {
        try (Scene scene = new Scene(SIXTEEN.withAhead(AheadReceives.withinLimit(8, 8)), 2)) {
            scene.inbox.post(8);
            scene.send(0, OCTETS, 1);
            scene.send(0, 10, 2);
            scene.deliver(0, 0, 2);
            assertThat(scene.holder(0).held()).isEqualTo(2);
            assertThat(scene.holder(0).ahead()).isEqualTo(1);
            scene.links.get(0).server().queuePair().abort();
            scene.network.settle();
            assertThat(scene.links.get(0).server().queuePair().state()).isEqualTo(QueuePairState.ERROR);
            assertThat(scene.holder(0).held())
                    .as("that of the message under way was flushed")
                    .isEqualTo(1);
            assertThat(scene.inbox.query().free()).isEqualTo(7);
            assertThat(scene.inbox.octetsOf(1)).containsOnly(0);
            assertThat(scene.links.get(0).server().awaitReceive().id()).isZero();
            scene.send(1, 10, 9);
            scene.deliver(1, 0);
            assertThat(scene.inbox.octetsOf(1)).startsWith(new byte[] {9});
            assertThat(scene.received(1)).containsExactly(9);
        }
    }

    @Test
    @Requirement("SYS-SRQ-08")
    void leavesReceivesAloneThatASegmentDoesNotFitIn() {
        try (Scene scene = new Scene(SIXTEEN.withAhead(AheadReceives.withinLimit(8, 8)), 1)) {
            scene.inbox.post(8);
            scene.send(0, 10, 1);
            scene.send(0, 2 * OCTETS, 2);
            scene.deliver(0, 3);
            assertThat(scene.holder(0).held()).isZero();
            assertThat(scene.inbox.query().free()).isEqualTo(8);
        }
    }

    @Test
    @Requirement("SYS-SRQ-08")
    void placesNothingAheadUnlessItIsTold() {
        for (SharedReceiveQueueOptions options :
                List.of(SIXTEEN, SIXTEEN.withReceivesPerMessage(2).withAhead(AheadReceives.withinLimit(8, 8)))) {
            try (Scene scene = new Scene(options, 1)) {
                scene.inbox.post(8);
                scene.send(0, 10, 1);
                scene.send(0, 10, 2);
                scene.deliver(0, 1);
                assertThat(scene.holder(0).held()).isZero();
                scene.deliver(0, 0, 1);
                assertThat(scene.received(0)).containsExactly(1, 2);
            }
        }
    }

    @Test
    void waitsForAReceiveInItsTurn() {
        try (Scene scene = new Scene(SIXTEEN.withAhead(AheadReceives.withinLimit(8, 8)), 1)) {
            scene.links.get(0).client().post(new SendRequest().send());
            scene.links.get(0).client().post(new SendRequest().immediate(5));
            scene.links.get(0).client().post(new SendRequest().immediate(6));
            scene.network.settle();
            scene.deliver(0, 1, 2);
            scene.deliver(0, 0);
            for (int posted = 0; posted < 3; posted++) {
                assertThat(scene.links.get(0).server().queuePair().query().waitsForReceive())
                        .isTrue();
                scene.inbox.post(1);
                scene.network.settle();
                assertThat(scene.links.get(0).server().receiveCompletions().size())
                        .isEqualTo(posted + 1);
            }
            assertThat(scene.links.get(0).server().queuePair().query().waitsForReceive())
                    .isFalse();
        }
    }

    @Seeded
    void losesNothingInAnyOrder(long seed) {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(seed)) {
            network.linkOptions(
                    LinkOptions.defaults().withSegmentOctets(SEGMENT_OCTETS).withOutOfOrder(OutOfOrder.random()));
            try (DevicePair pair = DevicePair.open(PairOptions.defaults().withOpener(network::open))) {
                SharedInbox inbox = new SharedInbox(
                        pair, SIXTEEN.withAhead(AheadReceives.withinLimit(10, (int) Math.floorMod(seed, 5L))));
                PairLink[] links = new PairLink[3];
                MemoryRegion[] sources = new MemoryRegion[links.length];
                for (int i = 0; i < links.length; i++) {
                    links[i] = pair.connectSharing(options ->
                            options.withSharedReceiveQueue(inbox.queue()).withMissingReceive(MissingReceive.PAUSE));
                    sources[i] = links[i].client()
                            .register(ByteBuffer.allocateDirect(4096)
                                    .put(HexVectors.pattern(4096))
                                    .flip());
                }
                int messages = 60;
                int[] received = new int[links.length];
                int total = 0;
                for (int message = 0; message < messages; message++) {
                    for (int i = 0; i < links.length; i++) {
                        // The value at this place of the pattern tells the number of the message.
                        links[i].client()
                                .post(new SendRequest()
                                        .send()
                                        .local(sources[i], message, 1 + (message * 37 + i) % OCTETS));
                    }
                }
                while (total < messages * links.length) {
                    if (inbox.query().posted() < 16) {
                        inbox.post(1);
                    }
                    network.step();
                    SharedReceiveQueueSnapshot now = inbox.query();
                    assertThat(now.posted()).isEqualTo(now.free() + now.held());
                    assertThat(now.ahead()).isLessThanOrEqualTo(10);
                    for (int i = 0; i < links.length; i++) {
                        int link = i;
                        total += links[i].server().receiveCompletions().poll(1, (WorkCompletion completion) -> {
                            int message = received[link]++;
                            assertThat(completion.success()).isTrue();
                            assertThat(completion.lengthOctets()).isEqualTo(1 + (message * 37 + link) % OCTETS);
                            assertThat(inbox.octetsOf(completion.id()))
                                    .startsWith(Arrays.copyOfRange(
                                            HexVectors.pattern(4096),
                                            message,
                                            message + (int) completion.lengthOctets()));
                        });
                    }
                }
            }
        }
    }

    @Test
    void refusesCapsOutOfRange() {
        try (Scene scene = new Scene(SIXTEEN, 1)) {
            assertThatThrownBy(
                            () -> scene.pair.serverSharedReceives(SIXTEEN.withAhead(AheadReceives.withinLimit(17, 1))))
                    .hasMessage("ahead.perQueue 17 must be 0 to 16");
            assertThatThrownBy(
                            () -> scene.pair.serverSharedReceives(SIXTEEN.withAhead(AheadReceives.onTheirOwn(1, -1))))
                    .hasMessage("ahead.perQueuePair -1 must be 0 to 16");
        }
    }
}
