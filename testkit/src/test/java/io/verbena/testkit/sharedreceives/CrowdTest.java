package io.verbena.testkit.sharedreceives;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One hostile peer among forty well-behaved clients on a shared receive queue: whatever it does, every message of the others
 * arrives in its order and unchanged, their limits stay what they are, and it alone is named.
 */
@Tag("tcp")
@Timeout(120)
@ConnectedPair
@ExpectBadEvents
class CrowdTest {
    private static final int ROUNDS = 3;
    private static final int FLOOD = 20;
    private static final Runnable NOTHING = () -> {};

    @Test
    @Requirement({"SYS-SRQ-01", "SYS-SRQ-03", "SYS-SRQ-06", "SYS-SRQ-07"})
    void dropsWhatAPeerSendsBeyondItsLimit(DevicePair pair) throws Exception {
        try (Crowd crowd = new Crowd(pair, ReceiveRefusal.DROP_MESSAGE);
                RawPeer peer = SharedInbox.rawPeer(pair, crowd.hostile())) {
            for (int round = 0; round < ROUNDS; round++) {
                int first = 1 + round * FLOOD;
                long dropped = (round + 1L) * (FLOOD - Crowd.LIMIT);
                crowd.round(() -> flood(peer, first));
                pair.await("what is too much is dropped", () -> crowd.holder().droppedMessages() == dropped);
                crowd.assertLevels(Crowd.LIMIT);
                crowd.takeIn();
            }
            assertThat(crowd.ofHostile()).hasSize(ROUNDS * Crowd.LIMIT).allMatch(WorkCompletion::success);
            crowd.assertMonitorNamesTheOffenderAlone();
            crowd.assertEventsNameTheOffenderAlone(
                    AsyncEvent.Kind.RECEIVE_LIMIT_REACHED, AsyncEvent.Kind.MESSAGE_DROPPED);
            assertThat(crowd.hostile().queuePair().state()).isEqualTo(QueuePairState.RTS);
        }
    }

    @Test
    @Requirement({"SYS-SRQ-01", "SYS-SRQ-03", "SYS-SRQ-06", "SYS-SRQ-07"})
    void dropsTheConnectionOfAPeerThatSendsBeyondItsLimit(DevicePair pair) throws Exception {
        try (Crowd crowd = new Crowd(pair, ReceiveRefusal.DROP_CONNECTION);
                RawPeer peer = SharedInbox.rawPeer(pair, crowd.hostile())) {
            crowd.round(() -> flood(peer, 1));
            peer.skipToEnd();
            crowd.hostile().awaitState(QueuePairState.ERROR);
            crowd.assertLevels(Crowd.LIMIT);
            crowd.takeIn();
            crowd.assertMonitorNamesTheOffenderAlone();
            assertThat(crowd.ofHostile()).hasSize(Crowd.LIMIT).allMatch(WorkCompletion::success);
            for (int round = 1; round < ROUNDS; round++) {
                crowd.round(NOTHING);
                crowd.assertLevels(0);
                crowd.takeIn();
            }
            crowd.assertEventsNameTheOffenderAlone(
                    AsyncEvent.Kind.RECEIVE_LIMIT_REACHED, AsyncEvent.Kind.RECEIVE_QUEUE);
        }
    }

    @Test
    @Requirement({"SYS-SRQ-02", "SYS-SRQ-06", "SYS-SRQ-09"})
    void bearsAMessageThatIsNeverFinishedUntilItsPeerIsDropped(DevicePair pair) throws Exception {
        try (Crowd crowd = new Crowd(pair, ReceiveRefusal.DROP_MESSAGE);
                RawPeer peer = SharedInbox.rawPeer(pair, crowd.hostile())) {
            crowd.round(() -> beginMessage(peer));
            for (int round = 1; round < ROUNDS; round++) {
                pair.await("all it may hold", () -> crowd.holder().held() == Crowd.LIMIT);
                crowd.assertLevels(Crowd.LIMIT);
                crowd.takeIn();
                crowd.round(NOTHING);
            }
            crowd.assertEventsNameTheOffenderAlone(AsyncEvent.Kind.RECEIVE_LIMIT_REACHED);
            // Nothing of it completes, so the monitor cannot see it: who drew more than completed can be asked for.
            crowd.assertMonitorNamesNobodyElse();
            assertThat(crowd.ofHostile()).isEmpty();
            assertThat(crowd.holder().drawn()).isEqualTo(Crowd.LIMIT);

            crowd.hostile().queuePair().abort();
            crowd.hostile().awaitState(QueuePairState.ERROR);
            crowd.takeIn();
            pair.await("what it held is flushed", () -> {
                crowd.takeInWhatIsThere();
                return crowd.holder().held() == 0;
            });
            assertThat(crowd.ofHostile())
                    .hasSize(Crowd.LIMIT)
                    .allMatch(completion -> completion.status() == WorkCompletionStatus.FLUSHED);
            crowd.round(NOTHING);
            crowd.assertLevels(0);
            crowd.takeIn();
        }
    }

    @Test
    @Requirement({"SYS-SRQ-02", "SYS-SRQ-03"})
    void namesThePeerWhoseMessageGrowsBeyondTheLimitThoughItNeverEndsIt(DevicePair pair) throws Exception {
        try (Crowd crowd = new Crowd(pair, ReceiveRefusal.DROP_MESSAGE);
                RawPeer peer = SharedInbox.rawPeer(pair, crowd.hostile())) {
            crowd.round(() -> beginMessage(peer));
            pair.await("all it may hold", () -> crowd.holder().held() == Crowd.LIMIT);
            peer.sendFpdu(part(Crowd.LIMIT));
            pair.await("all is given back", () -> crowd.holder().held() == 0);
            crowd.assertLevels(0);
            crowd.takeIn();
            crowd.round(NOTHING);
            crowd.assertLevels(0);
            crowd.takeIn();
            assertThat(crowd.ofHostile()).isEmpty();
            crowd.assertEventsNameTheOffenderAlone(
                    AsyncEvent.Kind.RECEIVE_LIMIT_REACHED, AsyncEvent.Kind.MESSAGE_DROPPED);
        }
    }

    @Test
    void keepsHalfAFrameInOneBufferOfThePoolAtMost(DevicePair pair) throws Exception {
        try (Crowd crowd = new Crowd(pair, ReceiveRefusal.DROP_MESSAGE);
                RawPeer peer = SharedInbox.rawPeer(pair, crowd.hostile())) {
            RawSegment whole = RawSegment.send(1, new byte[1000]);
            crowd.round(() -> peer.sendPartOfFpdu(whole, 600));
            for (int round = 1; round < ROUNDS; round++) {
                crowd.assertLevels(0);
                crowd.takeIn();
                crowd.round(NOTHING);
                BufferPoolSnapshot pool = pair.serverDevice().queryBufferPool();
                BufferPoolSnapshot.Holding holding =
                        pool.queuePair(crowd.hostile().queuePair().number());
                assertThat(holding.buffers() + holding.smallBuffers()).isLessThanOrEqualTo(1);
                assertThat(pool.made()).isLessThanOrEqualTo(pool.capacity());
            }
            crowd.takeIn();
        }
    }

    private static void flood(RawPeer peer, int firstMessage) {
        for (int i = 0; i < FLOOD; i++) {
            peer.sendFpdu(RawSegment.send(firstMessage + i, new byte[Crowd.OCTETS]));
        }
    }

    /** Sends as much of a message as fills all receives that the limit allows, and not its end. */
    private static void beginMessage(RawPeer peer) {
        for (int i = 0; i < Crowd.LIMIT; i++) {
            peer.sendFpdu(part(i));
        }
    }

    private static RawSegment part(int i) {
        return RawSegment.send(1, new byte[Crowd.OCTETS]).withoutLast().withOffset((long) i * Crowd.OCTETS);
    }
}
