package io.verbena.queue;

import static io.verbena.queue.CompletionQueueFixture.CAUSE;
import static io.verbena.queue.CompletionQueueFixture.MAX_CAPACITY;
import static io.verbena.queue.CompletionQueueFixture.addSend;
import static io.verbena.queue.CompletionQueueFixture.all;
import static io.verbena.queue.CompletionQueueFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.Notify;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows VRB-CQ-02 to -06 and -12 on one thread. */
class SoftCompletionQueueTest {
    private final CompletionQueueFixture fixture = new CompletionQueueFixture();
    private final SoftCompletionQueue queue = fixture.queue(3, 4, null, null);

    @Test
    void givesEachCompletionOnceOldestFirst() {
        for (int round = 0; round < 10; round++) {
            addSend(queue, 2, 3 * round);
            addSend(queue, 2, 3 * round + 1);
            addSend(queue, 2, 3 * round + 2);
            assertThat(queue.size()).isEqualTo(3);
            assertThat(ids(queue)).containsExactly(3L * round, 3L * round + 1, 3L * round + 2);
            assertThat(queue.size()).isZero();
        }
        assertThat(ids(queue)).isEmpty();
    }

    @Test
    void keepsEveryField() {
        queue.add(
                -1,
                WorkCompletionStatus.SUCCESS,
                CompletedOperation.RECEIVE,
                0xFF_FFFF,
                0xFFFF_FFFFL,
                true,
                true,
                0x8000_0001,
                null);
        queue.add(2, WorkCompletionStatus.REMOTE_OPERATION, CompletedOperation.READ, 2, 0, false, false, 0, CAUSE);
        List<WorkCompletion> all = all(queue);
        WorkCompletion receive = all.get(0);
        assertThat(receive.id()).isEqualTo(-1);
        assertThat(receive.success()).isTrue();
        assertThat(receive.operation()).isEqualTo(CompletedOperation.RECEIVE);
        assertThat(receive.queuePairNumber()).isEqualTo(0xFF_FFFF);
        assertThat(receive.lengthOctets()).isEqualTo(0xFFFF_FFFFL);
        assertThat(receive.solicited()).isTrue();
        assertThat(receive.invalidated()).isTrue();
        assertThat(receive.invalidatedStag()).isEqualTo(0x8000_0001);
        assertThat(receive.cause()).isNull();
        WorkCompletion read = all.get(1);
        assertThat(read.status()).isEqualTo(WorkCompletionStatus.REMOTE_OPERATION);
        assertThat(read.operation()).isEqualTo(CompletedOperation.READ);
        assertThat(read.solicited()).isFalse();
        assertThat(read.invalidated()).isFalse();
        assertThat(read.cause()).isSameAs(CAUSE);
    }

    @Test
    void aCauseDoesNotStayForTheNextCompletionOfItsPlace() {
        for (int i = 0; i < 4; i++) {
            CompletionQueueFixture.addFlushed(queue);
        }
        all(queue);
        for (int i = 0; i < 4; i++) {
            addSend(queue, 2, i);
        }
        assertThat(all(queue))
                .allSatisfy(completion -> assertThat(completion.cause()).isNull());
    }

    @Test
    void refusesWhatDoesNotFitAndTellsOnce() {
        for (int id = 0; id < 4; id++) {
            assertThat(addSend(queue, 2, id)).isTrue();
        }
        assertThat(addSend(queue, 2, 98)).isFalse();
        assertThat(addSend(queue, 2, 99)).isFalse();
        assertThat(fixture.overflows).containsExactly(queue);
        assertThat(ids(queue)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(addSend(queue, 2, 4)).isTrue();
    }

    @Test
    void pollGivesAtMostWhatWasAskedFor() {
        for (int id = 0; id < 4; id++) {
            addSend(queue, 2, id);
        }
        List<Long> ids = new ArrayList<>();
        assertThat(queue.poll(3, completion -> ids.add(completion.id()))).isEqualTo(3);
        assertThat(queue.poll(0, completion -> ids.add(completion.id()))).isZero();
        assertThat(queue.poll(3, completion -> ids.add(completion.id()))).isEqualTo(1);
        assertThat(ids).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void aHandlerMayPollItself() {
        for (int id = 0; id < 3; id++) {
            addSend(queue, 2, id);
        }
        List<Long> ids = new ArrayList<>();
        queue.poll(1, outer -> {
            queue.poll(1, inner -> ids.add(inner.id()));
            ids.add(outer.id());
        });
        assertThat(ids).containsExactly(1L, 0L);
        assertThat(ids(queue)).containsExactly(2L);
    }

    @Test
    void cursorsShareTheCompletions() {
        CompletionCursor first = queue.cursor();
        CompletionCursor second = queue.cursor();
        addSend(queue, 2, 1);
        addSend(queue, 2, 2);
        assertThat(first.next()).isTrue();
        assertThat(second.next()).isTrue();
        assertThat(first.id()).isEqualTo(1);
        assertThat(second.id()).isEqualTo(2);
        assertThat(first.next()).isFalse();
    }

    @Test
    void resizingKeepsCompletionsInOrder() {
        addSend(queue, 2, -1);
        addSend(queue, 2, -2);
        assertThat(ids(queue)).hasSize(2);
        for (int id = 0; id < 4; id++) {
            addSend(queue, 2, id);
        }
        queue.resize(5);
        assertThat(queue.capacity()).isEqualTo(5);
        assertThat(addSend(queue, 2, 4)).isTrue();
        assertThat(addSend(queue, 2, 5)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> queue.resize(4)).withMessageContaining("holds");
        assertThatIllegalArgumentException().isThrownBy(() -> queue.resize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.resize(MAX_CAPACITY + 1));
        assertThat(queue.capacity()).isEqualTo(5);
        assertThat(ids(queue)).containsExactly(0L, 1L, 2L, 3L, 4L);
        queue.resize(1);
        assertThat(addSend(queue, 2, 6)).isTrue();
        assertThat(addSend(queue, 2, 7)).isFalse();
    }

    @Test
    void forgetsTheCompletionsOfADestroyedQueuePairAlone() {
        addSend(queue, 2, 0);
        addSend(queue, 5, 1);
        addSend(queue, 2, 2);
        addSend(queue, 5, 3);
        queue.forget(5);
        assertThat(queue.size()).isEqualTo(2);
        addSend(queue, 6, 4);
        addSend(queue, 6, 5);
        assertThat(addSend(queue, 6, 6)).isFalse();
        assertThat(ids(queue)).containsExactly(0L, 2L, 4L, 5L);
    }

    @Test
    void refusesToCloseWhileUsedAndNamesTheUsers() {
        queue.attach("send queue of queue pair 2");
        queue.attach("receive queue of queue pair 2");
        queue.attach("send queue of queue pair 3");
        queue.attach("send queue of queue pair 4");
        assertThatExceptionOfType(ResourceInUseException.class)
                .isThrownBy(queue::close)
                .withMessage("completion queue 3 is still used by send queue of queue pair 2, "
                        + "receive queue of queue pair 2, send queue of queue pair 3 and 1 more");
        assertThatIllegalStateException().isThrownBy(() -> queue.attach("send queue of queue pair 2"));
        queue.detach("send queue of queue pair 2");
        queue.detach("receive queue of queue pair 2");
        queue.detach("send queue of queue pair 3");
        queue.detach("send queue of queue pair 4");
        assertThatIllegalStateException().isThrownBy(() -> queue.detach("send queue of queue pair 4"));
        queue.close();
        queue.close();
        assertThat(fixture.closed).containsExactly(queue);
        assertThatIllegalStateException().isThrownBy(() -> queue.attach("send queue of queue pair 5"));
        assertThatIllegalStateException().isThrownBy(() -> queue.poll(1, completion -> {}));
        assertThatIllegalStateException().isThrownBy(() -> queue.cursor().next());
        assertThatIllegalStateException().isThrownBy(() -> queue.resize(8));
    }

    @Test
    void armingNeedsAChannel() {
        assertThatIllegalStateException()
                .isThrownBy(() -> queue.arm(Notify.NEXT))
                .withMessageContaining("channel");
    }

    @Test
    void anEmptyQueueMakesACallerDrivenDeviceProgress() {
        List<Long> drives = new ArrayList<>();
        SoftCompletionQueue[] driven = new SoftCompletionQueue[1];
        driven[0] = fixture.queue(4, 4, null, maxWaitNs -> {
            drives.add(maxWaitNs);
            return drives.size() % 2 == 0 && addSend(driven[0], 2, drives.size());
        });
        assertThat(ids(driven[0])).isEmpty();
        assertThat(ids(driven[0])).containsExactly(2L);
        assertThat(drives).containsExactly(0L, 0L);
        CompletionCursor cursor = driven[0].cursor();
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.id()).isEqualTo(4);
        addSend(driven[0], 2, 9);
        assertThat(cursor.next()).isTrue();
        assertThat(drives).hasSize(4);
    }
}
