package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.verbs.PostResult;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SlotIndicator;
import io.verbena.verbs.WorkQueueSlot;
import io.verbena.verbs.WorkQueueSnapshot;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Rows SYS-WQ-01 to -06 on one thread. */
class SendQueueTest {
    private final SendQueue queue = new SendQueue(4, 3, 40);
    private final SendRequest request = new SendRequest();

    private PostResult post(long id) {
        return queue.post(request.send().id(id).local(1, 2, 3));
    }

    private int nextWithId(long id) {
        int slot = queue.next();
        assertThat(slot).isNotNegative();
        assertThat(queue.id(slot)).isEqualTo(id);
        return slot;
    }

    @Test
    void servesInPostingOrder() {
        assertThat(queue.next()).isEqualTo(-1);
        assertThat(queue.peek()).isEqualTo(-1);
        post(10);
        post(11);
        assertThat(queue.id(queue.peek())).isEqualTo(10);
        nextWithId(10);
        nextWithId(11);
        assertThat(queue.next()).isEqualTo(-1);
    }

    @Test
    void aFullQueueIsAResultAndLeavesNoTrace() {
        for (int id = 0; id < 4; id++) {
            assertThat(post(id)).isEqualTo(PostResult.POSTED);
        }
        assertThat(post(99)).isEqualTo(PostResult.QUEUE_FULL);
        assertThat(queue.waiting()).isEqualTo(4);
        for (int id = 0; id < 4; id++) {
            queue.done(nextWithId(id));
        }
        assertThat(queue.next()).isEqualTo(-1);
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void aSlotIsFreeWhenItsRequestIsDoneThoughAnOlderOneIsBusy() {
        for (int id = 0; id < 4; id++) {
            post(id);
        }
        int oldest = nextWithId(0);
        int second = nextWithId(1);
        assertThat(post(4)).isEqualTo(PostResult.QUEUE_FULL);
        queue.done(second);
        assertThat(post(4)).isEqualTo(PostResult.POSTED);
        assertThat(post(5)).isEqualTo(PostResult.QUEUE_FULL);
        assertThat(queue.id(oldest)).isZero();

        nextWithId(2);
        nextWithId(3);
        assertThat(nextWithId(4)).isEqualTo(second);
    }

    @Test
    void anUnsignaledRequestFreesItsSlotWithoutAPoll() {
        for (int id = 0; id < 100; id++) {
            assertThat(queue.post(request.send().id(id).signaled(false))).isEqualTo(PostResult.POSTED);
            int slot = nextWithId(id);
            assertThat(queue.signaled(slot)).isFalse();
            queue.done(slot);
        }
    }

    @Test
    void refusesWhatNoSlotHoldsBeforeTakingOne() {
        request.send().local(1, 0, 1).local(1, 0, 1).local(1, 0, 1).local(1, 0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.post(request))
                .withMessageContaining("4 elements");
        request.send().inline(ByteBuffer.allocate(41));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.post(request))
                .withMessageContaining("41 inline");
        assertThat(queue.busy()).isZero();
        for (int id = 0; id < 4; id++) {
            assertThat(post(id)).isEqualTo(PostResult.POSTED);
        }
    }

    @Test
    void aLostStreamGivesBackTheSlotsInServiceAndKeepsWhatWaits() {
        for (int id = 0; id < 4; id++) {
            post(id);
        }
        nextWithId(0);
        queue.done(nextWithId(1));
        nextWithId(2);
        queue.releaseTaken();
        assertThat(queue.busy()).isEqualTo(1);
        assertThat(queue.inService()).isFalse();
        queue.done(nextWithId(3));
        assertThat(queue.idle()).isTrue();
        for (int id = 4; id < 8; id++) {
            assertThat(post(id)).isEqualTo(PostResult.POSTED);
        }
    }

    @Test
    void registersShowWhatIsInServiceAndWhatWaits() {
        assertThat(queue.requestInService()).isEqualTo(-1);
        assertThat(queue.inService()).isFalse();
        post(1);
        post(2);
        assertThat(queue.waiting()).isEqualTo(2);
        assertThat(queue.busy()).isEqualTo(2);
        assertThat(queue.idle()).isFalse();
        int slot = queue.next();
        assertThat(queue.requestInService()).isEqualTo(slot);
        assertThat(queue.inService()).isTrue();
        assertThat(queue.waiting()).isEqualTo(1);
        queue.done(slot);
        assertThat(queue.inService()).isFalse();
        assertThat(queue.idle()).isFalse();
        queue.done(queue.next());
        assertThat(queue.idle()).isTrue();
        assertThat(queue.busy()).isZero();
    }

    @Test
    void postingNamesItsRequestInTheFirstRegisterWhenTheEngineIsIdle() {
        post(1);
        assertThat(queue.requestInService()).isEqualTo(queue.peek());
        assertThat(queue.inService()).isTrue();
        int first = queue.peek();
        post(2);
        assertThat(queue.requestInService()).as("the engine is not idle").isEqualTo(first);
        queue.done(nextWithId(1));
        assertThat(queue.requestInService()).isEqualTo(first);
        assertThat(queue.inService()).isFalse();
        // Nothing is in service, but a request waits: a third one is not next.
        post(3);
        assertThat(queue.requestInService()).isEqualTo(first);
        queue.done(nextWithId(2));
        queue.done(nextWithId(3));
        post(4);
        assertThat(queue.requestInService()).isEqualTo(queue.peek());
        assertThat(queue.inService()).isTrue();
    }

    @Test
    void aLaterRequestInTheSameSlotDoesNotLightTheBitAgain() {
        SendQueue two = new SendQueue(2, 1, 0);
        two.post(request.send().id(1));
        two.post(request.send().id(2));
        int first = two.next();
        two.done(first);
        two.post(request.send().id(3));
        assertThat(two.requestInService()).isEqualTo(first);
        assertThat(two.inService()).as("request 1 is done, 3 waits behind 2").isFalse();
        assertThat(two.waiting()).isEqualTo(2);
    }

    @Test
    void aSnapshotShowsRegistersAndEverySlot() {
        assertThat(queue.snapshot(7).toString()).isEqualTo("""
                        send queue of queue pair 7: request in service none, in-service bit 0, waiting 0
                           slots 0 to 3    FREE""");
        for (int id = 0; id < 3; id++) {
            post(id);
        }
        int first = nextWithId(0);
        queue.done(nextWithId(1));
        WorkQueueSnapshot now = queue.snapshot(7);
        assertThat(now.steady()).isTrue();
        assertThat(now.requestInService()).isEqualTo(1);
        assertThat(now.inService()).isFalse();
        assertThat(now.waiting()).isEqualTo(1);
        assertThat(now.busy()).isEqualTo(2);
        assertThat(now.slots())
                .containsExactly(
                        new WorkQueueSlot(0, SlotIndicator.IN_SERVICE, 0, SendOperation.SEND),
                        new WorkQueueSlot(1, SlotIndicator.FREE, 0, null),
                        new WorkQueueSlot(2, SlotIndicator.WAITING, 2, SendOperation.SEND),
                        new WorkQueueSlot(3, SlotIndicator.FREE, 0, null));
        queue.done(first);
        assertThat(now.busy()).as("a snapshot stays what it was").isEqualTo(2);
    }

    @Test
    void keepsEveryFieldOfARequest() {
        queue.post(request.write(0xFEDCBA98, 0xFFFF_FFFF_FFFF_FFF0L)
                .id(-7)
                .readFence(true)
                .local(0x80000001, 0xF000_0000_0000_0001L, 0xFFFF_FFF0L)
                .local(0x7FFFFFFF, 5, 0)
                .local(3, 6, 15));
        queue.post(request.sendSolicitedInvalidate(0xCAFEBABE).signaled(false));
        queue.post(request.readLocalInvalidate(1, 2).local(3, 4, 5));

        int slot = nextWithId(-7);
        assertThat(queue.operation(slot)).isEqualTo(SendOperation.WRITE);
        assertThat(queue.signaled(slot)).isTrue();
        assertThat(queue.readFence(slot)).isTrue();
        assertThat(queue.remoteStag(slot)).isEqualTo(0xFEDCBA98);
        assertThat(queue.remoteAddress(slot)).isEqualTo(0xFFFF_FFFF_FFFF_FFF0L);
        assertThat(queue.isInline(slot)).isFalse();
        assertThat(queue.elementCount(slot)).isEqualTo(3);
        assertThat(queue.stag(slot, 0)).isEqualTo(0x80000001);
        assertThat(queue.address(slot, 0)).isEqualTo(0xF000_0000_0000_0001L);
        assertThat(queue.lengthOctets(slot, 0)).isEqualTo(0xFFFF_FFF0L);
        assertThat(queue.stag(slot, 1)).isEqualTo(0x7FFFFFFF);
        assertThat(queue.lengthOctets(slot, 1)).isZero();
        assertThat(queue.stag(slot, 2)).isEqualTo(3);
        assertThat(queue.address(slot, 2)).isEqualTo(6);
        assertThat(queue.totalOctets(slot)).isEqualTo(0xFFFF_FFFFL);

        slot = nextWithId(0);
        assertThat(queue.operation(slot)).isEqualTo(SendOperation.SEND_SOLICITED_INVALIDATE);
        assertThat(queue.invalidateStag(slot)).isEqualTo(0xCAFEBABE);
        assertThat(queue.signaled(slot)).isFalse();
        assertThat(queue.readFence(slot)).isFalse();
        assertThat(queue.elementCount(slot)).isZero();
        assertThat(queue.totalOctets(slot)).isZero();

        slot = nextWithId(0);
        assertThat(queue.operation(slot)).isEqualTo(SendOperation.READ_LOCAL_INVALIDATE);
        assertThat(queue.totalOctets(slot)).isEqualTo(5);
    }

    @Test
    void copiesInlineOctetsWhilePosting() {
        ByteBuffer octets = ByteBuffer.allocate(50);
        for (int id = 0; id < 4; id++) {
            octets.clear();
            for (int i = 0; i < 50; i++) {
                octets.put(i, (byte) (id * 50 + i));
            }
            octets.position(10).limit(10 + 10 * (id + 1));
            queue.post(request.send().id(id).inline(octets));
            assertThat(octets.position()).isEqualTo(10);
        }
        octets.clear().put(new byte[50]);
        for (int id = 0; id < 4; id++) {
            int slot = nextWithId(id);
            assertThat(queue.isInline(slot)).isTrue();
            assertThat(queue.elementCount(slot)).isZero();
            assertThat(queue.inlineOctets(slot)).isEqualTo(10 * (id + 1));
            assertThat(queue.totalOctets(slot)).isEqualTo(10L * (id + 1));
            for (int i = 0; i < queue.inlineOctets(slot); i++) {
                assertThat(queue.inlineData(slot).get(queue.inlineOffset(slot) + i))
                        .isEqualTo((byte) (id * 50 + 10 + i));
            }
        }
    }

    @Test
    void inlineIsForgottenWhenTheSlotIsUsedAgain() {
        SendQueue one = new SendQueue(1, 1, 8);
        one.post(request.send().inline(ByteBuffer.allocate(8)));
        one.done(one.next());
        one.post(request.send().local(1, 2, 3));
        int slot = one.next();
        assertThat(one.isInline(slot)).isFalse();
        assertThat(one.totalOctets(slot)).isEqualTo(3);
    }
}
