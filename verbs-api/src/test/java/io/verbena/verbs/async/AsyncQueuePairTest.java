package io.verbena.verbs.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsyncQueuePairTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final RemoteRegion REMOTE = new RemoteRegion(0x5500, 0, 4096);

    private final FakeDevice device = new FakeDevice(false);
    private final LeasedRegion memory = LeasedRegion.over(new FakeRegion(0x4400, 4096));
    private final CompletionDispatcher dispatcher = CompletionDispatcher.open(device, 64);
    private final AsyncQueuePair pair = attach(Duration.ofSeconds(10));
    private final FakeQueuePair below = device.queuePairs.get(0);

    @AfterEach
    void closes() {
        device.queuePairs.forEach(FakeQueuePair::abort);
        pair.close();
        dispatcher.close();
    }

    @Test
    void completesAnOperationThatIsAwaited() throws Exception {
        Operation write = pair.write(memory, 0, 4096, REMOTE);
        assertThat(write.done()).isFalse();

        below.completeSend();

        assertThat(write.await(LONG).id()).isEqualTo(write.id());
        assertThat(write.done()).isTrue();
        assertThat(pair.outstandingCount()).isZero();
    }

    @Test
    void keepsTheBufferLeasedAfterATimeout() throws Exception {
        Operation read = pair.read(memory, 1024, 512, REMOTE);

        assertThatThrownBy(() -> read.await(SHORT))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("READ 1 of queue pair 1 was not complete within 0.02s");

        assertThat(memory.free(1024, 1)).isFalse();
        assertThat(memory.free(0, 1024)).isTrue();
        assertThatThrownBy(() -> memory.reclaim(SHORT)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(memory::close)
                .isInstanceOf(ResourceInUseException.class)
                .hasMessage(
                        "region with STag 0x00004400 is in use by READ 1 of queue pair 1 (512 octets at offset 1024)");
        below.completeSend();
        read.reclaim(LONG);
        assertThat(memory.leaseCount()).isZero();
        memory.close();
        assertThat(memory.closed()).isTrue();
    }

    @Test
    void tellsWhyAnOperationFailed() throws Exception {
        FailureCause cause = FailureCause.of(FailureCause.End.REMOTE, FailedCheck.ACCESS_RIGHT)
                .target(0x5500, 0, 16)
                .build();
        Operation failing = pair.write(memory, 0, 16, REMOTE);
        Operation behind = pair.write(memory, 16, 16, REMOTE);

        below.failSend(WorkCompletionStatus.REMOTE_ACCESS, cause);

        OperationFailedException first =
                catchThrowableOfType(OperationFailedException.class, () -> failing.await(LONG));
        assertThat(first)
                .hasMessageStartingWith("WRITE 1 of queue pair 1 failed with REMOTE_ACCESS: the memory does not have");
        assertThat(first.failureCause()).isSameAs(cause);
        assertThat(first.status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
        assertThatThrownBy(() -> behind.await(LONG))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageStartingWith("WRITE 2 of queue pair 1 was flushed: ")
                .hasMessageContaining("the memory does not have the right");
        behind.reclaim(LONG);
        assertThat(memory.leaseCount()).isZero();
    }

    @Test
    void yieldsAFailedOperationOnceTheQueuePairHasStopped() throws Exception {
        FailureCause cause = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.CONNECTION_RESET)
                .build();
        pair.send(memory, 0, 16);
        below.failSend(WorkCompletionStatus.REMOTE_OPERATION, cause);

        Operation late = pair.send(memory, 0, 16);

        OperationFailedException failure = catchThrowableOfType(OperationFailedException.class, () -> late.await(LONG));
        assertThat(failure.failureCause().root()).isSameAs(cause);
        assertThat(failure.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
    }

    @Test
    void completesFutures() throws Exception {
        CompletableFuture<WorkCompletion> good = pair.send(memory, 0, 16).toFuture();
        CompletableFuture<WorkCompletion> bad = pair.send(memory, 0, 16).toFuture();

        below.completeSend();
        below.failSend(
                WorkCompletionStatus.REMOTE_OPERATION,
                FailureCause.of(FailureCause.End.REMOTE, FailedCheck.OPCODE).build());

        assertThat(good).succeedsWithin(LONG);
        assertThat(bad).failsWithin(LONG).withThrowableThat().withCauseInstanceOf(OperationFailedException.class);
    }

    @Test
    void cancellingAFutureLeavesTheOperationAlone() throws Exception {
        Operation send = pair.send(memory, 0, 16);

        send.toFuture().cancel(true);

        assertThat(send.done()).isFalse();
        assertThat(memory.leaseCount()).isEqualTo(1);
        below.completeSend();
        assertThat(send.await(LONG).success()).isTrue();
    }

    @Test
    void waitsForRoomAndKeepsTheOrder() throws Exception {
        List<Operation> operations = new ArrayList<>();
        CompletableFuture<Void> poster = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100; i++) {
                operations.add(write(i));
            }
        });
        while (!poster.isDone()) {
            below.completeSend();
            Thread.onSpinWait();
        }
        poster.join();
        while (below.completeSend()) {
            Thread.onSpinWait();
        }

        for (Operation operation : operations) {
            operation.await(LONG);
        }
        assertThat(below.postedSends)
                .isEqualTo(operations.stream().map(Operation::id).toList());
    }

    @Test
    void givesUpWaitingForRoomWithoutATrace() throws Exception {
        AsyncQueuePair impatient = attach(SHORT);
        for (int i = 0; i < 4; i++) {
            impatient.send(memory, 0, 16);
        }

        assertThatThrownBy(() -> impatient.send(memory, 0, 16))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("the send queue of queue pair 2 had no room within 0.02s");

        assertThat(impatient.outstandingCount()).isEqualTo(4);
        assertThat(memory.leaseCount()).isEqualTo(4);
        device.queuePairs.get(1).abort();
        impatient.close();
    }

    @Test
    void aCallbackMayWaitForRoomOnTheDispatchersOwnThread() throws Exception {
        List<Operation> first = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            first.add(write(i));
        }
        CompletableFuture<Operation> fromCallback = first.get(0).toFuture().thenApply(completion -> {
            write(100);
            return write(101);
        });
        CompletableFuture<Void> engine = CompletableFuture.runAsync(() -> {
            while (!fromCallback.isDone()) {
                below.completeSend();
                Thread.onSpinWait();
            }
        });

        assertThat(fromCallback).succeedsWithin(LONG);
        engine.join();
    }

    @Test
    void refusesMemoryThatWasNotGivenToBeLeased() {
        SendRequest request = new SendRequest().send().local(0x9900, 0, 16);

        assertThatThrownBy(() -> pair.post(request, memory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0x00009900");
        assertThatThrownBy(() -> pair.send(memory, 4090, 16)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(memory.leaseCount()).isZero();
        assertThat(pair.outstandingCount()).isZero();
    }

    @Test
    void flushesEverythingWhenClosed() throws Exception {
        Operation send = pair.send(memory, 0, 16);
        Operation receive = pair.receive(memory, 16, 16);

        pair.close();
        pair.close();

        assertThat(send.done()).isTrue();
        assertThat(receive.done()).isTrue();
        assertThat(receive.completion().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        assertThat(memory.leaseCount()).isZero();
        assertThat(below.closed()).isTrue();
        assertThatThrownBy(() -> pair.send(memory, 0, 16)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void dispatcherIsNotClosedBeforeItsQueuePairsAndThenEndsItsThread() {
        assertThatThrownBy(dispatcher::close)
                .isInstanceOf(ResourceInUseException.class)
                .hasMessage("the completion dispatcher still serves queue pairs [1]");
        pair.close();

        dispatcher.close();

        assertThat(((FakeCompletionQueue) dispatcher.queue()).closed()).isTrue();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals(dispatcher.threadName())));
    }

    @Test
    void nobodyWaitsInVainWhenTheQueuesAreClosedBelow() throws Exception {
        Operation send = pair.send(memory, 0, 16);

        dispatcher.queue().close();
        below.completeSend();

        assertThatThrownBy(() -> send.await(LONG))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining("completion queue 1 is closed");
        assertThat(below.closed()).isTrue();
    }

    @Test
    void countsCompletionsThatBelongToNobody() {
        List<Long> seen = new ArrayList<>();
        dispatcher.onUnclaimed(completion -> seen.add(completion.id()));

        ((FakeCompletionQueue) dispatcher.queue())
                .add(new FakeQueuePair.Completion(77, null, 9, WorkCompletionStatus.SUCCESS, 0, null));

        await().until(() -> dispatcher.unclaimedCount() == 1);
        assertThat(seen).containsExactly(77L);
    }

    private AsyncQueuePair attach(Duration roomDeadline) {
        QueuePair queuePair = device.domain.createQueuePair(
                QueuePairOptions.with(dispatcher.queue()).withDepths(4, 4));
        return dispatcher.attach(queuePair, roomDeadline);
    }

    private Operation write(int number) {
        try {
            return pair.write(memory, number, 1, REMOTE);
        } catch (TimeoutException | InterruptedException failure) {
            throw new CompletionException(failure);
        }
    }
}
