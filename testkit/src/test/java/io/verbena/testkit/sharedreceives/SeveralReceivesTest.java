package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.OCTETS;
import static io.verbena.testkit.sharedreceives.SharedInbox.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
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
        WorkCompletion failed = link.server().awaitReceive();
        assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_LENGTH);
        link.server().awaitState(QueuePairState.ERROR);
        link.client().awaitState(QueuePairState.ERROR);
        assertThat(link.client().queuePair().query().terminate().triple()).isEqualTo("1/2/05");
        assertThat(inbox.query().posted()).isEqualTo(15);
        assertThat(inbox.query().free()).isEqualTo(15);
        assertThatThrownBy(() -> pair.serverSharedReceives(OPTIONS.withReceivesPerMessage(65)))
                .hasMessage("receivesPerMessage 65 must be 1 to 64");
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
