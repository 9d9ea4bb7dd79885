package io.verbena.testkit.sharedreceives;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveLimits;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Immediate Data takes receives of a shared receive queue as Sends do. */
@Tag("tcp")
@Timeout(60)
@ConnectedPair
class SharedImmediateDataTest {
    private static final int ROUNDS = 5;

    private final SendRequest request = new SendRequest();

    /** What is placed by a Write, told of by immediate data, and sent, by three queue pairs in turn. */
    @Test
    @Requirement({"VRB-SR-02", "VRB-SR-05", "EXT-6.3-03"})
    void takesTheNextReceiveAmongSendsAndLeavesItsMemoryAlone(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(30));
        PairLink[] links = {inbox.link(), inbox.link(), inbox.link()};
        ByteBuffer target = ByteBuffer.allocateDirect(links.length);
        MemoryRegion written = pair.server().register(target.duplicate(), AccessFlag.REMOTE_WRITE);
        inbox.post(2 * links.length * ROUNDS);
        long next = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < links.length; i++) {
                byte value = (byte) (1 + round * links.length + i);
                ByteBuffer octet = ByteBuffer.allocate(1).put(0, value);
                links[i].client()
                        .post(request.write(written.stag(), written.startAddress() + i)
                                .signaled(false)
                                .inline(octet));
                links[i].client().post(request.immediate(value));
                SharedInbox.send(links[i], 1, value);
                inbox.awaitSeen(links[i], 2L * (round + 1));
                assertThat(inbox.holder(links[i]).held()).isEqualTo(2);
                WorkCompletion told = links[i].server().awaitReceiveSuccess();
                assertThat(told.id()).isEqualTo(next);
                assertThat(told.queuePairNumber())
                        .isEqualTo(links[i].server().queuePair().number());
                assertThat(told.hasImmediate()).isTrue();
                assertThat(told.immediateData()).isEqualTo(value);
                assertThat(told.lengthOctets()).isZero();
                assertThat(target.get(i)).isEqualTo(value);
                assertThat(inbox.octetsOf(next)).containsOnly(0);
                WorkCompletion received = links[i].server().awaitReceiveSuccess();
                assertThat(received.id()).isEqualTo(next + 1);
                assertThat(received.hasImmediate()).isFalse();
                assertThat(inbox.firstOctet(next + 1)).isEqualTo(value);
                assertThat(inbox.holder(links[i]).held()).isZero();
                next += 2;
            }
        }
        assertThat(inbox.query().posted()).isZero();
    }

    @Test
    @ExpectBadEvents
    @Requirement("SYS-SRQ-03")
    void isDroppedBeyondTheLimitAndTheStreamGoesOn(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(
                pair,
                SharedReceiveQueueOptions.ofDepth(8)
                        .withRefusal(ReceiveRefusal.DROP_MESSAGE)
                        .withLimits(ReceiveLimits.fixed(2)));
        PairLink greedy = inbox.link();
        PairLink other = inbox.link();
        inbox.post(8);
        for (int i = 0; i < 5; i++) {
            greedy.client().post(request.immediate(100 + i));
        }
        inbox.awaitSeen(greedy, 5);
        assertThat(inbox.holder(greedy).drawn()).isEqualTo(2);
        assertThat(inbox.holder(greedy).droppedMessages()).isEqualTo(3);
        other.client().post(request.immediate(200));
        assertThat(other.server().awaitReceiveSuccess().immediateData()).isEqualTo(200);
        assertThat(greedy.server().awaitReceiveSuccess().immediateData()).isEqualTo(100);
        assertThat(greedy.server().awaitReceiveSuccess().immediateData()).isEqualTo(101);
        greedy.client().post(request.immediate(105));
        assertThat(greedy.server().awaitReceiveSuccess().immediateData()).isEqualTo(105);
    }

    @Test
    @ExpectBadEvents
    @Requirement({"VRB-SR-06", "VRB-SR-07"})
    void endsItsConnectionAloneIfNoReceiveIsLeft(DevicePair pair) {
        SharedInbox inbox = new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(4));
        PairLink unlucky = inbox.link();
        PairLink other = inbox.link();
        inbox.post(1);
        unlucky.client().post(request.immediate(1));
        unlucky.client().post(request.immediate(2));
        assertThat(unlucky.server().awaitReceiveSuccess().immediateData()).isEqualTo(1);
        unlucky.client().awaitState(QueuePairState.ERROR);
        assertThat(unlucky.client().queuePair().query().terminate().triple()).isEqualTo("1/2/02");
        inbox.post(1);
        other.client().post(request.immediate(3));
        WorkCompletion received = other.server().awaitReceive();
        assertThat(received.status()).isEqualTo(WorkCompletionStatus.SUCCESS);
        assertThat(received.id()).isEqualTo(1);
        assertThat(received.immediateData()).isEqualTo(3);
    }
}
