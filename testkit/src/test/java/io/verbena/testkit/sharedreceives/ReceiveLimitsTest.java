package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.GiveBack;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveLimits;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WorkCompletion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many receives of a shared receive queue each queue pair may hold, and what becomes of messages beyond that. */
@Tag("tcp")
@Timeout(60)
@ConnectedPair
class ReceiveLimitsTest {
    private static final SharedReceiveQueueOptions DROPS_MESSAGES =
            SharedReceiveQueueOptions.ofDepth(16).withRefusal(ReceiveRefusal.DROP_MESSAGE);

    @Test
    @ExpectBadEvents
    @Requirement("SYS-SRQ-01")
    void setsLimitsByTheResourceManager(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, DROPS_MESSAGES);
        PairLink light = pair.connectSharing(inbox.queue(), 1);
        PairLink heavy = pair.connectSharing(inbox.queue(), 3);
        assertLimits(inbox, light, 16, heavy, 16);
        inbox.queue().limits(ReceiveLimits.fixed(5));
        assertLimits(inbox, light, 5, heavy, 5);
        inbox.queue().limits(ReceiveLimits.equalShares());
        assertLimits(inbox, light, 8, heavy, 8);
        inbox.queue().limits(ReceiveLimits.weighted());
        assertLimits(inbox, light, 4, heavy, 12);
        PairLink third = pair.connectSharing(inbox.queue(), 4);
        assertLimits(inbox, light, 2, heavy, 6);
        third.client().queuePair().close();
        third.server().queuePair().close();
        assertLimits(inbox, light, 4, heavy, 12);
        inbox.queue().resize(8);
        assertLimits(inbox, light, 2, heavy, 6);
        int[] wish = {1};
        inbox.queue().limits(share -> wish[0] * share.weight());
        assertLimits(inbox, light, 1, heavy, 3);
        wish[0] = 2;
        assertLimits(inbox, light, 1, heavy, 3);
        inbox.queue().refreshLimits();
        assertLimits(inbox, light, 2, heavy, 6);
        inbox.queue().cap(heavy.server().queuePair(), 1);
        assertLimits(inbox, light, 2, heavy, 1);
        inbox.queue().cap(heavy.server().queuePair(), 8);
        assertLimits(inbox, light, 2, heavy, 6);
    }

    @Test
    void refusesLimitsOutOfRangeAndKeepsTheOldOnes(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, DROPS_MESSAGES.withLimits(ReceiveLimits.fixed(3)));
        PairLink link = inbox.link();
        int number = link.server().queuePair().number();
        assertThatThrownBy(() -> inbox.queue().limits(share -> -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit -1 of queue pair " + number + " must be 0 to 16, the depth of " + inbox.queue());
        assertThatThrownBy(() -> inbox.queue().limits(ReceiveLimits.fixed(17)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReceiveLimits.fixed(-1)).hasMessage("limit -1 must be at least 0");
        assertThatThrownBy(() -> inbox.queue().resize(2)).hasMessageContaining("must be 0 to 2");
        assertThatThrownBy(() -> inbox.queue().cap(link.server().queuePair(), 17))
                .hasMessage("cap 17 must be 0 to 16");
        assertThatThrownBy(() -> inbox.queue().cap(pair.server().queuePair(), 1))
                .hasMessageContaining("does not use " + inbox.queue());
        // One of another device, with the number of one that uses the queue.
        assertThat(link.client().queuePair().number()).isEqualTo(number);
        assertThatThrownBy(() -> inbox.queue().cap(link.client().queuePair(), 1))
                .hasMessage("queue pair " + number + " does not use " + inbox.queue());
        assertThatThrownBy(() -> inbox.queue().armHeld(link.client().queuePair(), 1))
                .hasMessage("queue pair " + number + " does not use " + inbox.queue());
        assertThat(inbox.holder(link).limit()).isEqualTo(3);
        assertThat(inbox.query().depth()).isEqualTo(16);
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-01", "SYS-SRQ-03", "VRB-SR-15", "DDP-8.3.2-06", "SEC-6.4.3.1-01", "RDMAP-8.1.2-08"})
    void dropsMessagesBeyondTheLimitAndKeepsTheStream(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, DROPS_MESSAGES.withLimits(ReceiveLimits.fixed(2)));
        PairLink greedy = inbox.link();
        PairLink modest = inbox.link();
        inbox.post(16);
        send(greedy, 5, 1);
        inbox.awaitSeen(greedy, 5);
        assertThat(inbox.holder(greedy).held()).isEqualTo(2);
        assertThat(inbox.holder(greedy).droppedMessages()).isEqualTo(3);
        assertThat(inbox.holder(greedy).droppedOctets()).isEqualTo(3);
        send(modest, 2, 2);
        modest.server().awaitReceiveSuccess();
        modest.server().awaitReceiveSuccess();
        assertThat(modest.server().events()).isEmpty();
        assertThat(inbox.holder(modest).droppedMessages()).isZero();

        List<AsyncEvent> events = greedy.server().awaitEvents(1);
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(AsyncEvent.Kind.MESSAGE_DROPPED);
            assertThat(event.cause().check()).isEqualTo(FailedCheck.RECEIVE_LIMIT);
            assertThat(event.sharedReceiveQueueNumber()).isEqualTo(inbox.queue().number());
        });
        assertThat(greedy.client().events()).isEmpty();
        greedy.server().awaitReceiveSuccess();
        greedy.server().awaitReceiveSuccess();
        send(greedy, 1, 3);
        assertThat(inbox.firstOctet(greedy.server().awaitReceiveSuccess().id())).isEqualTo(3);
        // One was admitted in between, so the next row of drops is told of again, once.
        send(greedy, 4, 4);
        inbox.awaitSeen(greedy, 10);
        assertThat(inbox.holder(greedy).droppedMessages()).isEqualTo(5);
        assertThat(greedy.server().awaitEvents(2))
                .hasSize(2)
                .extracting(AsyncEvent::kind)
                .containsOnly(AsyncEvent.Kind.MESSAGE_DROPPED);
        assertThat(greedy.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
    }

    @Test
    @ExpectBadEvents
    @Requirement("SYS-SRQ-03")
    void dropsTheConnectionBeyondTheLimit(DevicePair pair) {
        SharedInbox inbox =
                new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(16).withLimits(ReceiveLimits.fixed(2)));
        PairLink greedy = inbox.link();
        PairLink modest = inbox.link();
        inbox.post(16);
        send(greedy, 2, 1);
        inbox.awaitSeen(greedy, 2);
        greedy.client().post(new SendRequest().send());
        greedy.server().awaitState(QueuePairState.ERROR);
        greedy.client().awaitState(QueuePairState.ERROR);
        assertThat(greedy.client().queuePair().query().terminate().triple()).isEqualTo("1/2/02");
        AsyncEvent event = greedy.server().awaitEvents(1).get(0);
        assertThat(event.kind()).isEqualTo(AsyncEvent.Kind.RECEIVE_QUEUE);
        assertThat(event.cause().check()).isEqualTo(FailedCheck.RECEIVE_LIMIT);
        send(modest, 2, 2);
        modest.server().awaitReceiveSuccess();
        modest.server().awaitReceiveSuccess();
        assertThat(inbox.query().posted()).isEqualTo(14);
        assertThat(inbox.query().free()).isEqualTo(12);
    }

    @Test
    @ExpectBadEvents
    @ConnectedPair(placement = PlacementMode.DIRECT, crc = false)
    @Requirement("SYS-SRQ-03")
    void dropsLongMessagesThatWouldGoStraightToTheirPlace(DevicePair pair) {
        dropsLongMessages(pair);
    }

    @Test
    @ExpectBadEvents
    @ConnectedPair(placement = PlacementMode.EAGER)
    @Requirement("SYS-SRQ-03")
    void dropsLongMessagesUnderCrc(DevicePair pair) {
        dropsLongMessages(pair);
    }

    private static void dropsLongMessages(DevicePair pair) {
        int length = 1 << 20;
        SharedInbox inbox = new SharedInbox(pair, DROPS_MESSAGES);
        PairLink link = inbox.link();
        MemoryRegion source = link.client().register(length);
        inbox.post(2);
        inbox.queue().cap(link.server().queuePair(), 0);
        link.client().post(new SendRequest().send().local(source, 0, length));
        link.client().post(new SendRequest().immediate(0x1234L));
        link.client().awaitSendSuccess();
        link.client().awaitSendSuccess();
        inbox.awaitSeen(link, 2);
        assertThat(inbox.holder(link).droppedOctets()).isEqualTo(length + 8);
        inbox.queue().cap(link.server().queuePair(), 1);
        send(link, 1, 9);
        assertThat(inbox.firstOctet(link.server().awaitReceiveSuccess().id())).isEqualTo(9);
    }

    @Test
    @ExpectBadEvents
    @Requirement("SYS-SRQ-01")
    void admitsNothingWhileMoreIsHeldThanALoweredLimit(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, DROPS_MESSAGES.withLimits(ReceiveLimits.fixed(4)));
        PairLink link = inbox.link();
        inbox.post(16);
        send(link, 4, 1);
        inbox.awaitSeen(link, 4);
        inbox.queue().limits(ReceiveLimits.fixed(2));
        assertThat(inbox.holder(link).held()).isEqualTo(4);
        assertThat(inbox.holder(link).remaining()).isZero();
        for (int left = 3; left >= 2; left--) {
            link.server().awaitReceiveSuccess();
            send(link, 1, 2);
            inbox.awaitSeen(link, 4 + 4 - left);
            assertThat(inbox.holder(link).held()).isEqualTo(left);
        }
        link.server().awaitReceiveSuccess();
        send(link, 1, 3);
        inbox.awaitSeen(link, 7);
        assertThat(inbox.holder(link).held()).isEqualTo(2);
        assertThat(inbox.holder(link).droppedMessages()).isEqualTo(2);
    }

    @Test
    @ExpectBadEvents
    @Requirement("SYS-SRQ-04")
    void givesBackWhenTheApplicationSaysSo(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(
                pair, DROPS_MESSAGES.withLimits(ReceiveLimits.fixed(2)).withGiveBack(GiveBack.BY_APPLICATION));
        PairLink link = inbox.link();
        inbox.post(16);
        send(link, 3, 1);
        inbox.awaitSeen(link, 3);
        List<WorkCompletion> received = new ArrayList<>();
        received.add(link.server().awaitReceiveSuccess());
        received.add(link.server().awaitReceiveSuccess());
        assertThat(inbox.holder(link).held()).isEqualTo(2);
        send(link, 1, 2);
        inbox.awaitSeen(link, 4);
        assertThat(inbox.holder(link).droppedMessages()).isEqualTo(2);
        long first = received.get(0).sharedReceive();
        inbox.queue().giveBack(first);
        assertThat(inbox.holder(link).held()).isEqualTo(1);
        assertThatThrownBy(() -> inbox.queue().giveBack(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the receive in slot 0 of " + inbox.queue()
                        + " was given back already, by the application or by the end of its queue pair");
        assertThatThrownBy(() -> inbox.queue().giveBack(WorkCompletion.NO_SHARED_RECEIVE))
                .isInstanceOf(IllegalArgumentException.class);
        inbox.post(1);
        send(link, 1, 3);
        assertThat(inbox.firstOctet(link.server().awaitReceiveSuccess().id())).isEqualTo(3);
        // The slot is in use again, for another receive: still refused.
        assertThatThrownBy(() -> inbox.queue().giveBack(first)).isInstanceOf(IllegalStateException.class);
        link.client().queuePair().close();
        link.server().queuePair().close();
        assertThatThrownBy(() -> inbox.queue().giveBack(received.get(1).sharedReceive()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(inbox.query().posted()).isEqualTo(inbox.query().free());
    }

    @Test
    @Requirement("SYS-SRQ-04")
    void refusesToBeGivenBackWhatItTakesBackItself(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, DROPS_MESSAGES);
        PairLink link = inbox.link();
        inbox.post(1);
        send(link, 1, 1);
        WorkCompletion received = link.server().awaitReceiveSuccess();
        assertThat(inbox.holder(link).held()).isZero();
        assertThatThrownBy(() -> inbox.queue().giveBack(received.sharedReceive()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(inbox.queue() + " takes receives back when their completion is consumed, not by giveBack");
    }

    private static void assertLimits(SharedInbox inbox, PairLink one, int limit, PairLink other, int otherLimit) {
        assertThat(inbox.holder(one).limit()).isEqualTo(limit);
        assertThat(inbox.holder(other).limit()).isEqualTo(otherLimit);
    }
}
