package io.verbena.verbs.async;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairSnapshot;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveBatch;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.WorkQueueSnapshot;
import io.verbena.verbs.cm.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** A queue pair without an engine: tests say how its requests end. */
final class FakeQueuePair implements QueuePair {
    final List<Long> postedSends = new ArrayList<>();
    private final Queue<Completion> sends = new ArrayDeque<>();
    private final Queue<Completion> receives = new ArrayDeque<>();
    private final int number;
    private final ProtectionDomain domain;
    private final QueuePairOptions options;
    private QueuePairState state = QueuePairState.RTS;
    private FailureCause cause;
    private boolean closed;

    FakeQueuePair(int number, ProtectionDomain domain, QueuePairOptions options) {
        this.number = number;
        this.domain = domain;
        this.options = options;
    }

    /** Ends the oldest request of the send queue well; false if there is none. */
    synchronized boolean completeSend() {
        Completion next = sends.poll();
        if (next != null) {
            queue(options.sendQueue()).add(next);
        }
        return next != null;
    }

    /** Ends the oldest request of the send queue with a failure and flushes the rest. */
    synchronized void failSend(WorkCompletionStatus status, FailureCause why) {
        Completion next = sends.remove();
        queue(options.sendQueue()).add(next.ending(status, 0, why));
        stop(why);
    }

    /** Lets a message arrive; false if there is no receive for it. */
    synchronized boolean arrive(long lengthOctets) {
        Completion next = receives.poll();
        if (next != null) {
            queue(options.receiveQueue()).add(next.ending(WorkCompletionStatus.SUCCESS, lengthOctets, null));
        }
        return next != null;
    }

    synchronized int postedReceives() {
        return receives.size();
    }

    synchronized boolean closed() {
        return closed;
    }

    @Override
    public boolean sendQueueDrained() {
        return false;
    }

    @Override
    public void resumeSendQueue() {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized PostResult postSend(SendRequest borrowed) {
        if (refusal() != null) {
            return refusal();
        }
        if (sends.size() == options.sendDepth()) {
            return PostResult.QUEUE_FULL;
        }
        CompletedOperation operation = borrowed.operation().isSend()
                ? CompletedOperation.SEND
                : borrowed.operation().isRead() ? CompletedOperation.READ : CompletedOperation.WRITE;
        postedSends.add(borrowed.id());
        sends.add(new Completion(borrowed.id(), operation, number, WorkCompletionStatus.SUCCESS, 0, null));
        return PostResult.POSTED;
    }

    @Override
    public synchronized PostResult postReceive(ReceiveRequest borrowed) {
        if (refusal() != null) {
            return refusal();
        }
        if (receives.size() == options.receiveDepth()) {
            return PostResult.QUEUE_FULL;
        }
        receives.add(new Completion(
                borrowed.id(), CompletedOperation.RECEIVE, number, WorkCompletionStatus.SUCCESS, 0, null));
        return PostResult.POSTED;
    }

    @Override
    public synchronized void abort() {
        stop(FailureCause.of(FailureCause.End.LOCAL, FailedCheck.LOCAL_CLOSE).build());
    }

    @Override
    public synchronized boolean disconnect(Duration deadline) {
        if (state == QueuePairState.RTS) {
            flush(receives, options.receiveQueue(), null);
            state = QueuePairState.IDLE;
        }
        return true;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    @Override
    public synchronized QueuePairState state() {
        return state;
    }

    @Override
    public synchronized QueuePairSnapshot query() {
        return new QueuePairSnapshot(number, state, 1, 0, 0, false, 0, 0, false, 0, 0, 0, 0, 1, 1, null, cause);
    }

    @Override
    public WorkQueueSnapshot querySendQueue() {
        return new WorkQueueSnapshot(WorkQueueSnapshot.Kind.SEND, number, -1, false, 0, true, List.of());
    }

    @Override
    public WorkQueueSnapshot queryReceiveQueue() {
        return new WorkQueueSnapshot(WorkQueueSnapshot.Kind.RECEIVE, number, -1, false, 0, true, List.of());
    }

    @Override
    public QueuePairOptions options() {
        return options;
    }

    @Override
    public Connection connection() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int postSend(SendBatch borrowed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int postReceive(ReceiveBatch borrowed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void modify(QueuePairState next) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void lowerOutboundReadDepth(int depth) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Boolean> disconnectAsync(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    private PostResult refusal() {
        if (closed) {
            return PostResult.DESTROYED;
        }
        return state == QueuePairState.ERROR ? PostResult.WRONG_STATE : null;
    }

    private void stop(FailureCause why) {
        if (state != QueuePairState.ERROR) {
            state = QueuePairState.ERROR;
            cause = why;
            flush(sends, options.sendQueue(), why);
            flush(receives, options.receiveQueue(), why);
        }
    }

    private static void flush(Queue<Completion> requests, CompletionQueue to, FailureCause why) {
        FailureCause.Builder flushed = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.LOCAL_CLOSE);
        if (why != null) {
            flushed.startedBy(why, 0);
        }
        for (Completion next = requests.poll(); next != null; next = requests.poll()) {
            queue(to).add(next.ending(WorkCompletionStatus.FLUSHED, 0, flushed.build()));
        }
    }

    private static FakeCompletionQueue queue(CompletionQueue queue) {
        return (FakeCompletionQueue) queue;
    }

    /** A completion that tests can make. */
    record Completion(
            long id,
            CompletedOperation operation,
            int queuePairNumber,
            WorkCompletionStatus status,
            long lengthOctets,
            FailureCause cause)
            implements WorkCompletion {
        Completion ending(WorkCompletionStatus end, long length, FailureCause why) {
            return new Completion(id, operation, queuePairNumber, end, length, why);
        }

        @Override
        public boolean hasImmediate() {
            return false;
        }

        @Override
        public long immediateData() {
            return 0;
        }

        @Override
        public boolean solicited() {
            return false;
        }

        @Override
        public boolean invalidated() {
            return false;
        }

        @Override
        public int invalidatedStag() {
            return 0;
        }
    }
}
