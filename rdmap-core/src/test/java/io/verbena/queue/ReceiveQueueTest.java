package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.testkit.Requirement;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SlotIndicator;
import io.verbena.verbs.WorkQueueSlot;
import io.verbena.verbs.WorkQueueSnapshot;
import org.junit.jupiter.api.Test;

class ReceiveQueueTest {
    private final ReceiveQueue queue = new ReceiveQueue(3, 2);
    private final ReceiveRequest request = new ReceiveRequest();

    @Test
    void messagesUseReceivesInPostingOrder() {
        for (int id = 0; id < 3; id++) {
            assertThat(queue.post(request.receive(id).local(id, 1L << 40, 100 + id)))
                    .isEqualTo(PostResult.POSTED);
        }
        assertThat(queue.post(request.receive(3))).isEqualTo(PostResult.QUEUE_FULL);
        assertThat(queue.posted()).isEqualTo(3);
        int first = queue.take();
        int second = queue.take();
        assertThat(queue.id(first)).isZero();
        assertThat(queue.id(second)).isEqualTo(1);
        assertThat(queue.stag(second, 0)).isEqualTo(1);
        assertThat(queue.address(second, 0)).isEqualTo(1L << 40);
        assertThat(queue.lengthOctets(second, 0)).isEqualTo(101);
        assertThat(queue.posted()).isEqualTo(1);
        assertThat(queue.busy()).isEqualTo(3);

        queue.done(second);
        assertThat(queue.busy()).isEqualTo(2);
        queue.post(request.receive(3).local(7, 8, 9).local(10, 11, 12));
        assertThat(queue.id(queue.take())).isEqualTo(2);
        int reused = queue.take();
        assertThat(reused).isEqualTo(second);
        assertThat(queue.elementCount(reused)).isEqualTo(2);
        assertThat(queue.totalOctets(reused)).isEqualTo(21);
        assertThat(queue.take()).isEqualTo(-1);
    }

    @Test
    @Requirement("VRB-PR-05")
    void anEmptyListIsValid() {
        queue.post(request.receive(5));
        int slot = queue.take();
        assertThat(queue.elementCount(slot)).isZero();
        assertThat(queue.totalOctets(slot)).isZero();
    }

    @Test
    void refusesTooManyElementsBeforeTakingASlot() {
        request.receive(1).local(1, 1, 1).local(1, 1, 1).local(1, 1, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> queue.post(request));
        assertThat(queue.busy()).isZero();
        assertThat(queue.posted()).isZero();
    }

    @Test
    void aSnapshotShowsWhichReceivesWaitAndWhichIsInUse() {
        ReceiveQueue three = new ReceiveQueue(3, 1);
        for (int id = 10; id < 13; id++) {
            three.post(new ReceiveRequest().receive(id));
        }
        assertThat(three.snapshot(4).requestInService()).isEqualTo(-1);
        int first = three.take();
        int second = three.take();
        three.done(first);
        WorkQueueSnapshot now = three.snapshot(4);
        assertThat(now.kind()).isEqualTo(WorkQueueSnapshot.Kind.RECEIVE);
        assertThat(now.queuePairNumber()).isEqualTo(4);
        assertThat(now.requestInService()).isEqualTo(second);
        assertThat(now.inService()).isTrue();
        assertThat(now.waiting()).isEqualTo(1);
        assertThat(now.slots())
                .containsExactly(
                        new WorkQueueSlot(0, SlotIndicator.FREE, 0, null),
                        new WorkQueueSlot(1, SlotIndicator.IN_SERVICE, 11, null),
                        new WorkQueueSlot(2, SlotIndicator.WAITING, 12, null));
        three.done(second);
        assertThat(three.snapshot(4).inService()).isFalse();
    }
}
