package io.verbena.rdmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5040 section 5.5: completions come in the order of posting. */
class CompletionOrderTest {
    private static final FailureCause CAUSE =
            FailureCause.of(FailureCause.End.LOCAL, FailedCheck.values()[0]).build();

    private record Completion(
            long id,
            CompletedOperation operation,
            WorkCompletionStatus status,
            boolean shown,
            long lengthOctets,
            FailureCause cause) {}

    private final List<Completion> completions = new ArrayList<>();
    private final CompletionOrder.Sink sink = (id, operation, status, shown, lengthOctets, cause) ->
            completions.add(new Completion(id, operation, status, shown, lengthOctets, cause));
    private final CompletionOrder order = new CompletionOrder(4);

    private List<Long> drained() {
        completions.clear();
        order.drain(sink);
        return completions.stream().map(Completion::id).toList();
    }

    @Test
    void aSendBehindALongReadWaitsForIt() {
        int read = order.begin(1, CompletedOperation.READ, true);
        int send = order.begin(2, CompletedOperation.SEND, true);
        order.done(send, WorkCompletionStatus.SUCCESS, 0, null);
        assertThat(drained()).isEmpty();
        order.done(read, WorkCompletionStatus.SUCCESS, 0xFFFF_FFFFL, null);
        assertThat(drained()).containsExactly(1L, 2L);
        assertThat(completions.get(0).lengthOctets()).isEqualTo(0xFFFF_FFFFL);
        assertThat(completions.get(0).operation()).isEqualTo(CompletedOperation.READ);
        assertThat(order.size()).isZero();
    }

    @Test
    void unsignaledSuccessIsNotShownInItsTurn() {
        int first = order.begin(1, CompletedOperation.WRITE, false);
        int second = order.begin(2, CompletedOperation.WRITE, true);
        order.done(second, WorkCompletionStatus.SUCCESS, 0, null);
        assertThat(drained()).isEmpty();
        order.done(first, WorkCompletionStatus.SUCCESS, 0, null);
        assertThat(drained()).containsExactly(1L, 2L);
        assertThat(completions).extracting(Completion::shown).containsExactly(false, true);
    }

    @Test
    void afterAFailureTheRestIsFlushedSignaledOrNot() {
        int done = order.begin(1, CompletedOperation.SEND, true);
        int failing = order.begin(2, CompletedOperation.READ, false);
        order.begin(3, CompletedOperation.WRITE, false);
        int doneLater = order.begin(4, CompletedOperation.SEND, true);
        order.done(done, WorkCompletionStatus.SUCCESS, 0, null);
        order.done(failing, WorkCompletionStatus.LOCAL_BOUNDS, 0, CAUSE);
        order.done(doneLater, WorkCompletionStatus.SUCCESS, 0, null);
        order.flushRest(CAUSE);
        assertThat(drained()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(completions)
                .extracting(Completion::status)
                .containsExactly(
                        WorkCompletionStatus.SUCCESS,
                        WorkCompletionStatus.LOCAL_BOUNDS,
                        WorkCompletionStatus.FLUSHED,
                        WorkCompletionStatus.FLUSHED);
        assertThat(completions).extracting(Completion::cause).containsExactly(null, CAUSE, CAUSE, CAUSE);
    }

    /** A Send that went out behind a Read completed well although the Read had failed before it. */
    @Test
    void givesOutNoSuccessBehindAFailureBeforeTheFlush() {
        int failing = order.begin(1, CompletedOperation.READ, true);
        int behind = order.begin(2, CompletedOperation.SEND, true);
        order.done(behind, WorkCompletionStatus.SUCCESS, 0, null);
        order.done(failing, WorkCompletionStatus.REMOTE_ACCESS, 0, CAUSE);
        assertThat(drained()).containsExactly(1L);
        order.flushRest(CAUSE);
        assertThat(drained()).containsExactly(2L);
        assertThat(completions.get(0).status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        order.done(order.begin(3, CompletedOperation.SEND, true), WorkCompletionStatus.SUCCESS, 0, null);
        assertThat(drained()).containsExactly(3L);
    }

    /** After a failure that had to wait for a flushed request the next connection's successes were held back for ever. */
    @Test
    void beginsAnewAfterAFailureBehindAFlushedRequest() {
        order.begin(1, CompletedOperation.READ, true);
        int failing = order.begin(2, CompletedOperation.SEND, true);
        order.done(failing, WorkCompletionStatus.LOCAL_BOUNDS, 0, CAUSE);
        order.flushRest(CAUSE);
        assertThat(drained()).containsExactly(1L, 2L);
        order.done(order.begin(3, CompletedOperation.SEND, true), WorkCompletionStatus.SUCCESS, 0, null);
        assertThat(drained()).containsExactly(3L);
    }

    /** SYS-MEM-06: earlier requests carry on, later ones are flushed, those behind a resume succeed; in that order. */
    @Test
    void aContainedFailureHoldsNoSuccessBack() {
        int read = order.begin(1, CompletedOperation.READ, true);
        order.contained(
                order.begin(2, CompletedOperation.FAST_REGISTER, false), WorkCompletionStatus.MEMORY_MANAGEMENT, CAUSE);
        order.contained(order.begin(3, CompletedOperation.SEND, false), WorkCompletionStatus.FLUSHED, CAUSE);
        order.done(order.begin(4, CompletedOperation.SEND, true), WorkCompletionStatus.SUCCESS, 0, null);
        assertThat(drained()).isEmpty();
        order.done(read, WorkCompletionStatus.SUCCESS, 0, null);
        assertThat(drained()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(completions)
                .extracting(Completion::status)
                .containsExactly(
                        WorkCompletionStatus.SUCCESS,
                        WorkCompletionStatus.MEMORY_MANAGEMENT,
                        WorkCompletionStatus.FLUSHED,
                        WorkCompletionStatus.SUCCESS);
    }

    @Test
    void aFlushLeavesASuccessBehindAContainedFailureAlone() {
        order.contained(order.begin(1, CompletedOperation.BIND_WINDOW, true), WorkCompletionStatus.NOT_ENABLED, CAUSE);
        order.done(order.begin(2, CompletedOperation.SEND, true), WorkCompletionStatus.SUCCESS, 0, null);
        order.begin(3, CompletedOperation.READ, true);
        order.done(order.begin(4, CompletedOperation.SEND, true), WorkCompletionStatus.SUCCESS, 0, null);
        order.flushRest(CAUSE);
        assertThat(drained()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(completions)
                .extracting(Completion::status)
                .containsExactly(
                        WorkCompletionStatus.NOT_ENABLED,
                        WorkCompletionStatus.SUCCESS,
                        WorkCompletionStatus.FLUSHED,
                        WorkCompletionStatus.FLUSHED);
    }

    @Test
    void aCauseDoesNotStayForTheNextRequestOfItsPlace() {
        for (int i = 0; i < 8; i++) {
            order.begin(i, CompletedOperation.SEND, true);
        }
        order.flushRest(CAUSE);
        assertThat(drained()).hasSize(8);
        for (int i = 0; i < 16; i++) {
            order.done(order.begin(i, CompletedOperation.SEND, true), WorkCompletionStatus.SUCCESS, 0, null);
            assertThat(drained()).hasSize(1);
            assertThat(completions.get(0).cause()).isNull();
        }
    }

    @Test
    void holdsTwiceTheDepthOfTheSendQueue() {
        for (int i = 8; i > 0; i--) {
            assertThat(order.room()).isEqualTo(i);
            order.begin(i, CompletedOperation.SEND, true);
        }
        assertThat(order.room()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> order.begin(9, CompletedOperation.SEND, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5, Integer.MAX_VALUE - 20})
    void anyOrderOfFinishingGivesTheOrderOfPosting(int firstPosition) {
        CompletionOrder long100 = new CompletionOrder(50, firstPosition);
        Random random = new Random(3);
        List<Integer> unfinished = new ArrayList<>();
        ArrayDeque<Completion> expected = new ArrayDeque<>();
        List<Completion> facts = new ArrayList<>();
        int next = 0;
        for (int round = 0; round < 5000; round++) {
            if (long100.room() > 0 && random.nextInt(2) == 0) {
                CompletedOperation operation = CompletedOperation.values()[random.nextInt(3)];
                boolean fails = random.nextInt(10) == 0;
                boolean signaled = random.nextBoolean();
                Completion completion = new Completion(
                        next++,
                        operation,
                        fails ? WorkCompletionStatus.FLUSHED : WorkCompletionStatus.SUCCESS,
                        signaled || fails,
                        random.nextInt(Integer.MAX_VALUE),
                        fails ? CAUSE : null);
                int position = long100.begin(completion.id(), operation, signaled);
                assertThat(position).isEqualTo(firstPosition + (int) completion.id());
                facts.add(completion);
                unfinished.add(position);
                expected.add(completion);
            } else if (!unfinished.isEmpty()) {
                int position = unfinished.remove(random.nextInt(unfinished.size()));
                Completion completion = facts.get(position - firstPosition);
                long100.done(position, completion.status(), completion.lengthOctets(), completion.cause());
            }
            completions.clear();
            long100.drain(sink);
            for (Completion completion : completions) {
                assertThat(completion).isEqualTo(expected.poll());
            }
        }
        assertThat(next).isGreaterThan(1000);
    }
}
