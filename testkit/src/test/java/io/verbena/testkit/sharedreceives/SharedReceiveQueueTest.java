package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveBatch;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a shared receive queue is: created, posted to, drawn from by several queue pairs, flushed, resized and closed. */
@Tag("tcp")
@Timeout(60)
@ConnectedPair
class SharedReceiveQueueTest {
    private static final SharedReceiveQueueOptions SIXTEEN = SharedReceiveQueueOptions.ofDepth(16);

    @Test
    @Requirement({"VRB-SR-02", "VRB-SR-03", "VRB-SR-05"})
    void servesEachMessageWithTheNextReceive(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        PairLink[] links = {inbox.link(), inbox.link(), inbox.link()};
        inbox.post(15);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < links.length; i++) {
                send(links[i], 1, 10 * i + round);
            }
        }
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < links.length; i++) {
            for (int round = 0; round < 5; round++) {
                WorkCompletion received = links[i].server().awaitReceiveSuccess();
                assertThat(received.queuePairNumber())
                        .isEqualTo(links[i].server().queuePair().number());
                assertThat(inbox.firstOctet(received.id())).isEqualTo(10 * i + round);
                assertThat(ids.add(received.id())).isTrue();
            }
        }
        assertThat(ids).hasSize(15);
        assertThat(inbox.query().posted()).isZero();
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-04", "VRB-SR-04"})
    void freesASlotWhenItsCompletionIsPolledFromADedicatedOrASharedQueue(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(2));
        CompletionQueue both = pair.serverDevice().createCompletionQueue(8);
        PairLink alone = inbox.link();
        PairLink first =
                pair.connectSharing(options -> QueuePairOptions.with(both).withSharedReceiveQueue(inbox.queue()));
        PairLink second =
                pair.connectSharing(options -> QueuePairOptions.with(both).withSharedReceiveQueue(inbox.queue()));
        inbox.post(2);
        send(first, 1, 1);
        inbox.awaitSeen(first, 1);
        send(second, 1, 2);
        inbox.awaitSeen(second, 1);
        pair.await("both completions", () -> both.size() == 2);
        assertThat(inbox.queue().postReceive(new ReceiveRequest().receive(9))).isEqualTo(PostResult.QUEUE_FULL);

        Map<Integer, Integer> held = new HashMap<>();
        both.poll(
                1,
                completion ->
                        held.put(completion.queuePairNumber(), inbox.query().held()));
        assertThat(held).containsExactly(Map.entry(first.server().queuePair().number(), 1));
        inbox.post(1);
        send(alone, 1, 3);
        inbox.awaitSeen(alone, 1);
        assertThat(inbox.holder(alone).held()).isEqualTo(1);
        alone.server().awaitReceiveSuccess();
        assertThat(inbox.holder(alone).held()).isZero();
        assertThat(both.poll(1, completion -> {})).isEqualTo(1);
        assertThat(inbox.query().posted()).isZero();

        first.server().queuePair().close();
        second.server().queuePair().close();
        both.close();
    }

    @Test
    @ExpectBadEvents
    @Requirement({"VRB-SR-06", "VRB-SR-07"})
    void endsTheConnectionWhoseMessageFindsNoReceive(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        PairLink unlucky = inbox.link();
        PairLink other = inbox.link();
        send(unlucky, 1, 1);
        unlucky.client().awaitState(QueuePairState.ERROR);
        unlucky.server().awaitState(QueuePairState.ERROR);
        assertThat(unlucky.client().queuePair().query().terminate().triple()).isEqualTo("1/2/02");
        inbox.post(1);
        send(other, 1, 2);
        assertThat(other.server().awaitReceiveSuccess().id()).isZero();
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-09", "VRB-SR-07", "VRB-SR-13", "VRB-CQ-14"})
    void flushesOnlyWhatTheQueuePairHolds(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        PairLink broken = inbox.link();
        PairLink other = inbox.link();
        inbox.post(6);
        send(broken, 2, 1);
        send(other, 1, 2);
        inbox.awaitSeen(broken, 2);
        inbox.awaitSeen(other, 1);
        broken.server().queuePair().abort();
        broken.server().awaitState(QueuePairState.ERROR);
        assertThat(broken.server().awaitEvents(1)).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(AsyncEvent.Kind.LAST_RECEIVE_REACHED);
            assertThat(event.sharedReceiveQueueNumber()).isEqualTo(inbox.queue().number());
        });
        // What it held completed before; what waits on the queue is nobody's and stays.
        assertThat(inbox.query().free()).isEqualTo(3);
        assertThat(inbox.query().posted()).isEqualTo(6);
        assertThat(inbox.holder(broken).held()).isEqualTo(2);
        broken.server().awaitReceiveSuccess();
        broken.server().awaitReceiveSuccess();
        assertThat(broken.server().receiveCompletions().size()).isZero();
        assertThat(inbox.holder(broken).held()).isZero();
        assertThat(inbox.query().posted()).isEqualTo(4);
        send(other, 3, 3);
        for (int i = 0; i < 4; i++) {
            other.server().awaitReceiveSuccess();
        }
        broken.server().queuePair().modify(QueuePairState.IDLE);
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-SRQ-09", "VRB-QP-06"})
    void takesBackWhatADestroyedQueuePairHeld(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(5));
        PairLink stays = inbox.link();
        PairLink gone = inbox.link();
        inbox.post(5);
        send(stays, 1, 2);
        inbox.awaitSeen(stays, 1);
        send(gone, 3, 1);
        inbox.awaitSeen(gone, 3);
        assertThat(inbox.query().free()).isEqualTo(1);
        gone.client().queuePair().close();
        gone.server().queuePair().close();
        assertThat(inbox.query().posted()).isEqualTo(2);
        assertThat(inbox.query().holders()).hasSize(1);
        assertThat(inbox.holder(stays).held()).isEqualTo(1);
        inbox.post(3);
        stays.server().awaitReceiveSuccess();
        assertThat(inbox.query().held()).isZero();
        inbox.post(1);
    }

    @Test
    @Requirement({"VRB-SR-01"})
    void refusesReceivesOnTheQueuePairItself(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        QueuePair queuePair = inbox.link().server().queuePair();
        ReceiveBatch batch = new ReceiveBatch();
        batch.add().receive(1);
        assertThatThrownBy(() -> queuePair.postReceive(new ReceiveRequest().receive(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("queue pair " + queuePair.number()
                        + " has no receive queue of its own: its receives come from shared receive queue "
                        + inbox.queue().number());
        assertThatThrownBy(() -> queuePair.postReceive(batch)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(queuePair::queryReceiveQueue).isInstanceOf(IllegalStateException.class);
        assertThat(queuePair.query().receiveBusy()).isZero();
        // What its own receive queue would be is not looked at.
        CompletionQueue completions = pair.serverDevice().createCompletionQueue(4);
        int most = pair.serverDevice().query().limits().maxWorkRequests();
        for (int depth : new int[] {0, most + 1}) {
            pair.serverDomain()
                    .createQueuePair(QueuePairOptions.with(completions)
                            .withDepths(4, depth)
                            .withSharedReceiveQueue(inbox.queue()))
                    .close();
        }
        completions.close();
    }

    @Test
    @ExpectBadEvents
    @Requirement({"VRB-SR-12", "VRB-PD-01"})
    void isDestroyedWithReceivesButNotWithQueuePairs(DevicePair pair) {
        ProtectionDomain domain = pair.serverDevice().allocateProtectionDomain();
        SharedReceiveQueue queue = domain.createSharedReceiveQueue(SIXTEEN.withOtherDomains());
        PairLink link = pair.connectSharing(queue, 1);
        queue.postReceive(new ReceiveRequest().receive(1)).orThrow();
        assertThatThrownBy(queue::close)
                .isInstanceOf(ResourceInUseException.class)
                .hasMessage("shared receive queue " + queue.number() + " is still used by queue pair "
                        + link.server().queuePair().number());
        assertThatThrownBy(domain::close)
                .isInstanceOf(ResourceInUseException.class)
                .hasMessageContaining("1 shared receive queue (number " + queue.number() + ")");
        link.client().queuePair().close();
        link.server().queuePair().close();
        queue.close();
        queue.close();
        assertThat(link.server().receiveCompletions().size()).isZero();
        assertThat(queue.postReceive(new ReceiveRequest().receive(2))).isEqualTo(PostResult.DESTROYED);
        CompletionQueue completions = pair.serverDevice().createCompletionQueue(4);
        QueuePairOptions late = QueuePairOptions.with(completions).withSharedReceiveQueue(queue);
        assertThatThrownBy(() -> pair.serverDomain().createQueuePair(late))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("shared receive queue " + queue.number() + " is closed");
        completions.close();
        domain.close();
    }

    @Test
    @Requirement({"DDP-8.3.2-03", "SEC-3-03", "RDMAP-8.1.2-03"})
    void refusesQueuePairsOfOtherDomainsUnlessItLetsThemIn(DevicePair pair) {
        ProtectionDomain domain = pair.serverDevice().allocateProtectionDomain();
        SharedReceiveQueue queue = domain.createSharedReceiveQueue(SIXTEEN);
        CompletionQueue completions = pair.serverDevice().createCompletionQueue(4);
        QueuePairOptions options = QueuePairOptions.with(completions).withSharedReceiveQueue(queue);
        assertThatThrownBy(() -> pair.serverDomain().createQueuePair(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(queue + " belongs to " + domain + ", a queue pair of " + pair.serverDomain()
                        + " may not use it unless it was created withOtherDomains");
        assertThat(queue.query().holders()).isEmpty();
        domain.createQueuePair(options).close();
        queue.close();
        SharedReceiveQueue open = domain.createSharedReceiveQueue(SIXTEEN.withOtherDomains());
        pair.serverDomain()
                .createQueuePair(options.withSharedReceiveQueue(open))
                .close();
        open.close();
        completions.close();
        domain.close();
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-MEM-08", "VRB-PD-02"})
    void judgesMemoryByTheDomainOfTheQueue(DevicePair pair) {
        ProtectionDomain domain = pair.serverDevice().allocateProtectionDomain();
        SharedReceiveQueue queue = domain.createSharedReceiveQueue(SIXTEEN.withOtherDomains());
        MemoryRegion good =
                domain.register(ByteBuffer.allocateDirect(64), RegionOptions.access(AccessFlag.LOCAL_WRITE));
        MemoryRegion foreign = pair.server().register(64);
        PairLink link = pair.connectSharing(queue, 1);
        queue.postReceive(new ReceiveRequest().receive(1).local(good, 0, 64)).orThrow();
        queue.postReceive(new ReceiveRequest().receive(2).local(foreign, 0, 64)).orThrow();
        send(link, 1, 1);
        assertThat(link.server().awaitReceiveSuccess().id()).isEqualTo(1);
        send(link, 1, 2);
        WorkCompletion refused = link.server().awaitReceive();
        assertThat(refused.id()).isEqualTo(2);
        assertThat(refused.status()).isEqualTo(WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN);
        link.server().awaitState(QueuePairState.ERROR);
        assertThat(queue.query().posted()).isZero();
        link.server().queuePair().close();
        queue.close();
        good.close();
        domain.close();
    }

    @Test
    @ExpectBadEvents
    @Requirement("VRB-PD-05")
    void judgesAnInvalidateByTheDomainOfTheQueuePair(DevicePair pair) {
        ProtectionDomain domain = pair.serverDevice().allocateProtectionDomain();
        SharedReceiveQueue queue = domain.createSharedReceiveQueue(SIXTEEN.withOtherDomains());
        MemoryRegion ofTheQueue =
                domain.register(ByteBuffer.allocateDirect(64), RegionOptions.access(AccessFlag.REMOTE_READ));
        MemoryRegion ofTheQueuePair = pair.server().register(64, AccessFlag.REMOTE_READ);
        PairLink link = pair.connectSharing(queue, 1);
        queue.postReceive(new ReceiveRequest().receive(1)).orThrow();
        queue.postReceive(new ReceiveRequest().receive(2)).orThrow();
        link.client().post(new SendRequest().sendInvalidate(ofTheQueuePair.stag()));
        assertThat(link.server().awaitReceiveSuccess().invalidatedStag()).isEqualTo(ofTheQueuePair.stag());
        assertThat(ofTheQueuePair.valid()).isFalse();
        link.client().post(new SendRequest().sendInvalidate(ofTheQueue.stag()));
        WorkCompletion refused = link.server().awaitReceive();
        assertThat(refused.status()).isEqualTo(WorkCompletionStatus.INVALIDATE_REFUSED);
        assertThat(ofTheQueue.valid()).isTrue();
        link.server().awaitState(QueuePairState.ERROR);
        link.server().queuePair().close();
        queue.close();
        ofTheQueue.close();
        domain.close();
    }

    @Test
    @ExpectBadEvents
    @Requirement({"VRB-SR-14", "VRB-ST-04"})
    void leavesTagZeroToTheQueuePairThatDrawsTheReceive(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        PairLink unlucky = inbox.link();
        PairLink other = inbox.link();
        inbox.queue()
                .postReceive(new ReceiveRequest().receive(50).local(0, 0, 16))
                .orThrow();
        inbox.post(1);
        send(unlucky, 1, 1);
        WorkCompletion refused = unlucky.server().awaitReceive();
        assertThat(refused.id()).isEqualTo(50);
        assertThat(refused.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
        assertThat(refused.queuePairNumber())
                .isEqualTo(unlucky.server().queuePair().number());
        unlucky.server().awaitState(QueuePairState.ERROR);
        send(other, 1, 2);
        assertThat(other.server().awaitReceiveSuccess().id()).isZero();
    }

    @Test
    @Requirement({"VRB-SR-09"})
    void resizesWithinWhatItHasAndItsWatermark(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(4));
        PairLink link = inbox.link();
        inbox.post(4);
        send(link, 2, 7);
        inbox.awaitSeen(link, 2);
        assertThatThrownBy(() -> inbox.queue().resize(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("depth 3 is below the 4 receives that " + inbox.queue() + " has now");
        inbox.queue().resize(20);
        inbox.post(16);
        assertThat(inbox.queue().postReceive(new ReceiveRequest())).isEqualTo(PostResult.QUEUE_FULL);
        assertThat(inbox.holder(link).limit()).isEqualTo(20);
        send(link, 18, 8);
        for (int i = 0; i < 20; i++) {
            WorkCompletion received = link.server().awaitReceiveSuccess();
            assertThat(received.id()).isEqualTo(i);
            assertThat(inbox.firstOctet(i)).isEqualTo(i < 2 ? 7 : 8);
        }
        inbox.queue().arm(5);
        assertThatThrownBy(() -> inbox.queue().resize(4)).hasMessageContaining("below the watermark 5");
        inbox.queue().resize(5);
        inbox.post(5);
        assertThat(inbox.queue().postReceive(new ReceiveRequest())).isEqualTo(PostResult.QUEUE_FULL);
        int most = pair.serverDevice().query().limits().maxSharedReceives();
        assertThatThrownBy(() -> inbox.queue().resize(most + 1))
                .hasMessage("depth " + (most + 1) + " must be 1 to " + most);
        assertThatThrownBy(() -> inbox.queue().arm(6)).hasMessage("lowWatermark 6 must be 0 to 5");
        assertThatThrownBy(() -> inbox.queue().arm(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement("VRB-RN-03")
    void refusesOptionsOutOfRangeAndQueuesOfOtherDevices(DevicePair pair) {
        ProtectionDomain domain = pair.serverDomain();
        assertThatThrownBy(() -> domain.createSharedReceiveQueue(SharedReceiveQueueOptions.ofDepth(0)))
                .hasMessageContaining("depth 0 must be 1 to");
        assertThatThrownBy(() -> domain.createSharedReceiveQueue(SIXTEEN.withLowWatermark(17)))
                .hasMessage("lowWatermark 17 must be 0 to 16");
        assertThatThrownBy(() -> domain.createSharedReceiveQueue(SIXTEEN.withMaxElements(17)))
                .hasMessage("maxElements 17 must be 1 to 16");
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        CompletionQueue own = pair.serverDevice().createCompletionQueue(4);
        QueuePairOptions weightless = QueuePairOptions.with(own).withSharedReceiveQueue(inbox.queue(), 0);
        assertThatThrownBy(() -> domain.createQueuePair(weightless))
                .hasMessageContaining("receiveWeight 0 must be 1 to");
        inbox.queue().limits(share -> -5);
        assertThatThrownBy(() -> domain.createQueuePair(weightless.withSharedReceiveQueue(inbox.queue())))
                .hasMessageContaining("limit -5 of queue pair");
        assertThat(inbox.query().holders()).isEmpty();
        own.close();
        CompletionQueue completions = pair.clientDevice().createCompletionQueue(4);
        assertThatThrownBy(() -> pair.clientDomain()
                        .createQueuePair(QueuePairOptions.with(completions).withSharedReceiveQueue(inbox.queue())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(inbox.queue() + " is not a shared receive queue of device "
                        + pair.clientDevice().name());
        completions.close();
        ReceiveRequest long17 = new ReceiveRequest();
        for (int i = 0; i < 5; i++) {
            long17.local(0x100, i, 1);
        }
        assertThatThrownBy(() -> inbox.queue().postReceive(long17)).hasMessage("5 elements exceed the maximum of 4");
        assertThat(inbox.query().posted()).isZero();
    }

    @Test
    @Requirement({"SYS-SRQ-05", "VRB-SR-08", "VRB-SR-10", "VRB-AE-02"})
    @ExpectBadEvents
    void raisesOneEventForEachArmingWhenFewerThanTheMarkWait(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN.withLowWatermark(3));
        PairLink link = inbox.link();
        inbox.post(5);
        send(link, 2, 1);
        inbox.awaitSeen(link, 2);
        // Three wait: at the mark, not below.
        assertThat(inbox.query().armed()).isTrue();
        send(link, 2, 1);
        inbox.awaitSeen(link, 4);
        pair.await("the event", () -> lowEvents(pair, inbox) == 1);
        assertThat(inbox.query().armed()).isFalse();
        inbox.post(5);
        send(link, 5, 1);
        inbox.awaitSeen(link, 9);
        inbox.post(3);
        inbox.queue().arm(2);
        inbox.queue().arm(4);
        send(link, 1, 1);
        pair.await("the second event", () -> lowEvents(pair, inbox) == 2);
        send(link, 2, 1);
        inbox.awaitSeen(link, 12);
        // Asynchronous events come one at a time in their order: this one is behind all that were raised before.
        inbox.queue().armHeld(link.server().queuePair(), 0);
        send(link, 1, 1);
        pair.await(
                "a later event",
                () -> pair.serverEvents().stream()
                        .anyMatch(event -> event.kind() == AsyncEvent.Kind.RECEIVE_LIMIT_REACHED));
        assertThat(lowEvents(pair, inbox)).isEqualTo(2);
    }

    @Test
    @Requirement({"SYS-SRQ-06", "VRB-SR-11"})
    @ExpectBadEvents
    void raisesOneEventWhenAQueuePairHoldsMoreThanWasArmed(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SIXTEEN);
        PairLink link = inbox.link();
        PairLink other = inbox.link();
        inbox.post(16);
        inbox.queue().armHeld(link.server().queuePair(), 2);
        send(other, 3, 1);
        inbox.awaitSeen(other, 3);
        send(link, 2, 1);
        inbox.awaitSeen(link, 2);
        assertThat(other.server().events()).isEmpty();
        assertThat(link.server().events()).isEmpty();
        send(link, 3, 1);
        inbox.awaitSeen(link, 5);
        // Asynchronous events come one at a time in their order: that of the other is behind all of this one.
        inbox.queue().armHeld(other.server().queuePair(), 3);
        send(other, 1, 1);
        assertThat(other.server().awaitEvents(1)).hasSize(1);
        assertThat(link.server().events())
                .extracting(AsyncEvent::kind)
                .containsExactly(AsyncEvent.Kind.RECEIVE_LIMIT_REACHED);
        assertThatThrownBy(() -> inbox.queue().armHeld(link.server().queuePair(), -1))
                .hasMessage("held -1 must be at least 0");
        QueuePair without = pair.server().queuePair();
        assertThatThrownBy(() -> inbox.queue().armHeld(without, 1))
                .hasMessage("queue pair " + without.number() + " does not use " + inbox.queue());
    }

    private static long lowEvents(DevicePair pair, SharedInbox inbox) {
        return pair.serverEvents().stream()
                .filter(event -> event.kind() == AsyncEvent.Kind.SHARED_RECEIVE_QUEUE_LOW
                        && event.sharedReceiveQueueNumber() == inbox.queue().number())
                .count();
    }
}
