package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.OCTETS;
import static io.verbena.testkit.sharedreceives.SharedInbox.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveLimits;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.async.AsyncQueuePair;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that are longer than one receive draw several, all or none. */
@Tag("tcp")
@Timeout(60)
@ConnectedPair
class SeveralReceivesTest {
    private static final SharedReceiveQueueOptions OPTIONS =
            SharedReceiveQueueOptions.ofDepth(64).withReceivesPerMessage(8).withRefusal(ReceiveRefusal.DROP_MESSAGE);

    @Test
    @Requirement({"SYS-SRQ-02", "VRB-SR-03"})
    void completesOneReceiveAfterTheOther(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairLink link = inbox.link();
        inbox.post(6);
        sendLong(link, 3 * OCTETS + 10);
        for (int i = 0; i < 4; i++) {
            WorkCompletion received = link.server().awaitReceiveSuccess();
            assertThat(received.id()).isEqualTo(i);
            assertThat(received.lengthOctets()).isEqualTo(i < 3 ? OCTETS : 10);
            assertThat(received.moreFollows()).isEqualTo(i < 3);
            assertThat(inbox.firstOctet(i)).isEqualTo(i + 1);
            assertThat(inbox.holder(link).held()).isEqualTo(3 - i);
        }
        sendLong(link, OCTETS);
        assertThat(link.server().awaitReceiveSuccess().moreFollows()).isFalse();
        send(link, 1, 9);
        assertThat(link.server().awaitReceiveSuccess().lengthOctets()).isEqualTo(1);
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-02", "SYS-SRQ-03"})
    void admitsAMessageWithAllItNeedsOrNotAtAll(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairLink link = inbox.link();
        inbox.post(16);
        inbox.queue().cap(link.server().queuePair(), 3);
        sendLong(link, 4 * OCTETS);
        pair.await("the drop", () -> inbox.holder(link).droppedMessages() == 1);
        assertThat(inbox.holder(link).held()).isZero();
        assertThat(inbox.query().free()).isEqualTo(16);
        sendLong(link, 3 * OCTETS);
        for (int i = 0; i < 3; i++) {
            assertThat(link.server().awaitReceiveSuccess().id()).isEqualTo(i);
        }
        assertThat(inbox.holder(link).droppedOctets()).isEqualTo(4 * OCTETS);
    }

    @Test
    @ExpectBadEvents
    void refusesAMessageThatNeedsTooMany(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairLink link = inbox.link();
        inbox.post(16);
        MemoryRegion source = link.client().register(9 * OCTETS);
        link.client().post(new SendRequest().send().local(source, 0, 8 * OCTETS + 1));
        assertFailed(link.server(), 8, WorkCompletionStatus.LOCAL_LENGTH);
        link.server().awaitState(QueuePairState.ERROR);
        link.client().awaitState(QueuePairState.ERROR);
        assertThat(link.client().queuePair().query().terminate().triple()).isEqualTo("1/2/05");
        assertThat(inbox.query().posted()).isEqualTo(8);
        assertThat(inbox.query().free()).isEqualTo(8);
        assertThatThrownBy(() -> pair.serverSharedReceives(OPTIONS.withReceivesPerMessage(65)))
                .hasMessage("receivesPerMessage 65 must be 1 to 64");
    }

    /** Insists on the completions of one message, one behind the other: the last tells, the others are flushed. */
    private static void assertFailed(PairEnd end, int receives, WorkCompletionStatus status) {
        for (int i = 0; i < receives; i++) {
            WorkCompletion failed = end.awaitReceive();
            assertThat(failed.id()).isEqualTo(i);
            assertThat(failed.status()).isEqualTo(i == receives - 1 ? status : WorkCompletionStatus.FLUSHED);
            assertThat(failed.moreFollows()).isEqualTo(i < receives - 1);
            assertThat(failed.cause()).isNotNull();
        }
        assertThat(end.receiveCompletions().size()).isZero();
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-02", "SYS-SRQ-03"})
    void leavesNothingOfAMessageThatIsRefusedOnItsWay(DevicePair pair) throws Exception {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairEnd end = inbox.serverEnd();
        inbox.post(8);
        inbox.queue().cap(end.queuePair(), 3);
        try (RawPeer peer = inbox.rawPeer(end)) {
            byte[] third = HexVectors.pattern(OCTETS + 100);
            peer.sendFpdu(RawSegment.send(1, third).withoutLast());
            pair.await("two receives drawn", () -> inbox.holder(end).held() == 2);
            peer.sendFpdu(RawSegment.send(1, third).withoutLast().withOffset(third.length));
            pair.await("three receives drawn", () -> inbox.holder(end).held() == 3);
            assertThat(inbox.octetsOf(0)).startsWith(Arrays.copyOf(third, OCTETS));
            peer.sendFpdu(RawSegment.send(1, third).withoutLast().withOffset(2L * third.length));
            pair.await("all given back", () -> inbox.holder(end).held() == 0);
            for (int i = 0; i < 3; i++) {
                assertThat(inbox.octetsOf(i)).containsOnly(0);
            }
            assertThat(inbox.query().free()).isEqualTo(8);
            peer.sendFpdu(RawSegment.send(1, third).withOffset(3L * third.length));
            peer.sendFpdu(RawSegment.send(2, new byte[] {5}));
            WorkCompletion next = end.awaitReceiveSuccess();
            assertThat(next.id()).as("back in front, in order").isZero();
            assertThat(inbox.firstOctet(0)).isEqualTo(5);
            assertThat(inbox.holder(end).droppedMessages()).isEqualTo(1);
            assertThat(inbox.holder(end).droppedOctets()).isEqualTo(4L * third.length);
            assertThat(inbox.holder(end).drawn()).isEqualTo(1);
        }
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-02", "SYS-SRQ-03"})
    void refusesAMessageOnItsWayAndItsConnectionIfThatIsThePolicy(DevicePair pair) throws Exception {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS.withRefusal(ReceiveRefusal.DROP_CONNECTION));
        PairEnd end = inbox.serverEnd();
        PairLink other = inbox.link();
        inbox.post(8);
        inbox.queue().cap(end.queuePair(), 2);
        try (RawPeer peer = inbox.rawPeer(end)) {
            RawSegment long3 = RawSegment.send(1, HexVectors.pattern(2 * OCTETS));
            peer.sendFpdu(long3.withoutLast());
            pair.await("two receives drawn", () -> inbox.holder(end).held() == 2);
            peer.sendFpdu(long3.withOffset(2 * OCTETS));
            peer.expectTerminate(1, 2, 0x02);
            peer.finish();
            end.awaitState(QueuePairState.ERROR);
            assertThat(end.receiveCompletions().size()).isZero();
            assertThat(inbox.query().free()).isEqualTo(8);
            assertThat(inbox.octetsOf(0)).containsOnly(0);
            assertThat(inbox.octetsOf(1)).containsOnly(0);
        }
        sendLong(other, 8 * OCTETS);
        for (int i = 0; i < 8; i++) {
            assertThat(other.server().awaitReceiveSuccess().id()).isEqualTo(i);
        }
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-02", "SYS-SRQ-03"})
    void givesBackAlsoWhatLiesInMemoryThatWasWithdrawn(DevicePair pair) throws Exception {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairEnd end = inbox.serverEnd();
        ByteBuffer withdrawn = ByteBuffer.allocateDirect(OCTETS);
        MemoryRegion going = pair.server().register(withdrawn);
        inbox.post(1);
        inbox.queue()
                .postReceive(new ReceiveRequest().receive(1).local(going, 0, OCTETS))
                .orThrow();
        inbox.queue().cap(end.queuePair(), 2);
        try (RawPeer peer = inbox.rawPeer(end)) {
            RawSegment part = RawSegment.send(1, HexVectors.pattern(2 * OCTETS)).withoutLast();
            peer.sendFpdu(part);
            pair.await("two receives drawn", () -> inbox.holder(end).held() == 2);
            going.close();
            peer.sendFpdu(part.withOffset(2 * OCTETS));
            pair.await("both given back", () -> inbox.holder(end).held() == 0);
            assertThat(inbox.octetsOf(0)).containsOnly(0);
            assertThat(withdrawn.get(1)).as("no longer the adapter's to touch").isNotZero();
            assertThat(inbox.query().free()).isEqualTo(2);
        }
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-09", "VRB-SR-07"})
    void flushesWhatAnUnfinishedMessageHasDrawn(DevicePair pair) throws Exception {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairEnd end = inbox.serverEnd();
        PairLink other = inbox.link();
        inbox.post(8);
        try (RawPeer peer = inbox.rawPeer(end)) {
            peer.sendFpdu(RawSegment.send(1, HexVectors.pattern(3 * OCTETS)).withoutLast());
            pair.await("three receives drawn", () -> inbox.holder(end).held() == 3);
            assertSum(inbox);
            send(other, 1, 7);
            assertThat(other.server().awaitReceiveSuccess().id()).isEqualTo(3);
            end.queuePair().abort();
            end.awaitState(QueuePairState.ERROR);
            assertThat(inbox.holder(end).held()).isEqualTo(3);
            assertThat(inbox.query().free()).isEqualTo(4);
            assertSum(inbox);
            assertFailed(end, 3, WorkCompletionStatus.FLUSHED);
            assertThat(inbox.holder(end).held()).isZero();
            assertThat(inbox.query().posted()).isEqualTo(4);
            assertSum(inbox);
        }
    }

    private static void assertSum(SharedInbox inbox) {
        SharedReceiveQueueSnapshot now = inbox.query();
        assertThat(now.posted()).isEqualTo(now.free() + now.held());
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-09"})
    void takesBackWhatAnUnfinishedMessageOfADestroyedQueuePairHasDrawn(DevicePair pair) throws Exception {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairEnd end = inbox.serverEnd();
        inbox.post(8);
        try (RawPeer peer = inbox.rawPeer(end)) {
            peer.sendFpdu(RawSegment.send(1, HexVectors.pattern(3 * OCTETS)).withoutLast());
            pair.await("three receives drawn", () -> inbox.holder(end).held() == 3);
            end.queuePair().close();
        }
        assertThat(inbox.query().holders()).isEmpty();
        assertThat(inbox.query().posted()).isEqualTo(5);
        assertThat(inbox.query().free()).isEqualTo(5);
    }

    @Test
    @ExpectBadEvents
    void holdsNoMoreThanItsLimitForAPeerThatNeverFinishes(DevicePair pair) throws Exception {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS.withLimits(ReceiveLimits.fixed(4)));
        PairEnd end = inbox.serverEnd();
        PairLink other = inbox.link();
        inbox.post(8);
        try (RawPeer peer = inbox.rawPeer(end)) {
            int offset = 0;
            for (int i = 0; i < 20; i++) {
                peer.sendFpdu(RawSegment.send(1, HexVectors.pattern(OCTETS))
                        .withoutLast()
                        .withOffset(offset));
                offset += OCTETS;
                sendLong(other, OCTETS);
                other.server().awaitReceiveSuccess();
                inbox.post(1);
                assertThat(inbox.holder(end).held()).isBetween(0, 4);
            }
            end.queuePair().close();
            assertThat(inbox.query().posted()).isEqualTo(8);
            assertThat(inbox.query().free()).isEqualTo(8);
        }
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-03", "SYS-SRQ-09"})
    void bearsAPeerThatSendsFasterThanItMay(DevicePair pair) throws Exception {
        int flood = 4000;
        SharedInbox inbox = new SharedInbox(pair, OPTIONS.withLimits(ReceiveLimits.fixed(3)));
        PairEnd end = inbox.serverEnd();
        PairLink other = inbox.link();
        inbox.post(8);
        try (RawPeer peer = inbox.rawPeer(end)) {
            for (int i = 0; i < flood; i++) {
                peer.sendFpdu(RawSegment.send(1 + i, HexVectors.pattern(2 * OCTETS)));
                if (i % 100 == 0) {
                    sendLong(other, OCTETS);
                    WorkCompletion received = other.server().awaitReceiveSuccess();
                    assertThat(inbox.firstOctet(received.id())).isEqualTo(1);
                    inbox.post(1);
                    assertThat(inbox.holder(end).held()).isBetween(0, 3);
                    assertSum(inbox);
                }
            }
            pair.await("all but the first dropped", () -> inbox.holder(end).droppedMessages() == flood - 1);
            assertThat(inbox.holder(end).held()).isEqualTo(2);
            assertThat(inbox.holder(end).droppedOctets()).isEqualTo((flood - 1) * 2L * OCTETS);
            pair.await("told of it once", () -> droppedEvents(pair) == 1);
            end.queuePair().close();
        }
        assertThat(inbox.query().posted()).isEqualTo(inbox.query().free());
        assertThat(droppedEvents(pair)).isEqualTo(1);
    }

    private static long droppedEvents(DevicePair pair) {
        return pair.serverEvents().stream()
                .filter(event -> event.kind() == AsyncEvent.Kind.MESSAGE_DROPPED)
                .count();
    }

    @Test
    @ExpectBadEvents
    void tellsOfAnInvalidatedStagWithTheLastReceive(DevicePair pair) throws Exception {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairLink link = inbox.link();
        inbox.post(8);
        MemoryRegion granted = link.server()
                .register(List.of(ByteBuffer.allocateDirect(64)), RegionOptions.access(AccessFlag.REMOTE_READ));
        MemoryRegion source = link.client().register(2 * OCTETS);
        link.client()
                .post(new SendRequest().sendSolicitedInvalidate(granted.stag()).local(source, 0, 2 * OCTETS));
        link.client().awaitSendSuccess();
        WorkCompletion first = link.server().awaitReceiveSuccess();
        WorkCompletion last = link.server().awaitReceiveSuccess();
        assertThat(first.invalidated()).isFalse();
        assertThat(first.solicited()).isFalse();
        assertThat(last.invalidated()).isTrue();
        assertThat(last.invalidatedStag()).isEqualTo(granted.stag());
        assertThat(last.solicited()).isTrue();

        link.client()
                .post(new SendRequest().sendInvalidate(granted.stag() ^ 0x100).local(source, 0, 2 * OCTETS));
        for (int i = 2; i < 4; i++) {
            WorkCompletion refused = link.server().awaitReceive();
            assertThat(refused.id()).isEqualTo(i);
            assertThat(refused.status())
                    .isEqualTo(i == 2 ? WorkCompletionStatus.FLUSHED : WorkCompletionStatus.INVALIDATE_REFUSED);
        }
        link.server().awaitState(QueuePairState.ERROR);
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-02", "VRB-SR-03"})
    void keepsTheReceivesOfMessagesApartThatArriveAtTheSameTime(DevicePair pair) {
        int messages = 40;
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        CompletionQueue all = pair.serverDevice().createCompletionQueue(512);
        List<PairLink> links = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            links.add(pair.connectSharing(options -> QueuePairOptions.with(all).withSharedReceiveQueue(inbox.queue())));
        }
        inbox.queue().limits(ReceiveLimits.equalShares());
        inbox.post(64);
        Map<Integer, Integer> values = new HashMap<>();
        for (int i = 0; i < links.size(); i++) {
            values.put(links.get(i).server().queuePair().number(), i + 1);
        }
        MemoryRegion[] sources = new MemoryRegion[links.size()];
        for (int i = 0; i < sources.length; i++) {
            byte[] octets = new byte[2 * OCTETS + 1];
            Arrays.fill(octets, (byte) (i + 1));
            sources[i] = links.get(i)
                    .client()
                    .register(
                            ByteBuffer.allocateDirect(octets.length).put(octets).flip());
        }
        Map<Integer, Integer> parts = new HashMap<>();
        int[] delivered = {0};
        for (int message = 0; message < messages; message++) {
            for (int i = 0; i < sources.length; i++) {
                links.get(i).client().post(new SendRequest().send().local(sources[i], 0, 2 * OCTETS + 1));
            }
            int expected = (message + 1) * sources.length;
            pair.await("round " + message, () -> {
                all.poll(64, (WorkCompletion completion) -> {
                    int number = completion.queuePairNumber();
                    int part = parts.merge(number, 1, Integer::sum);
                    assertThat(completion.status()).isEqualTo(WorkCompletionStatus.SUCCESS);
                    assertThat(inbox.firstOctet(completion.id())).isEqualTo(values.get(number));
                    assertThat(completion.lengthOctets()).isEqualTo(part < 3 ? OCTETS : 1);
                    assertThat(completion.moreFollows()).isEqualTo(part < 3);
                    if (part == 3) {
                        parts.put(number, 0);
                        delivered[0]++;
                    }
                    inbox.post(1);
                });
                return delivered[0] == expected;
            });
            links.forEach(link -> link.client().awaitSendSuccess());
            assertSum(inbox);
        }
        links.forEach(link -> link.server().queuePair().close());
        all.close();
    }

    @Test
    void isRefusedByTheLayerOfFutures(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, OPTIONS);
        PairEnd end = inbox.serverEnd();
        QueuePair queuePair = end.queuePair();
        assertThatThrownBy(() -> AsyncQueuePair.over(queuePair, end.channel()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue pair " + queuePair.number() + " takes its receives from " + inbox.queue()
                        + ", which nobody here posts to");
    }

    private static void sendLong(PairLink link, int octets) {
        ByteBuffer message = ByteBuffer.allocateDirect(octets);
        for (int at = 0; at < octets; at += OCTETS) {
            message.put(at, (byte) (at / OCTETS + 1));
        }
        MemoryRegion source = link.client().register(message);
        link.client().post(new SendRequest().send().local(source, 0, octets));
        link.client().awaitSendSuccess();
    }
}
