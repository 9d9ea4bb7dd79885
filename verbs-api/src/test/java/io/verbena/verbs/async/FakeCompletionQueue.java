package io.verbena.verbs.async;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.Notify;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** A completion queue without an engine: tests add to it. */
final class FakeCompletionQueue implements CompletionQueue {
    private final ConcurrentLinkedQueue<WorkCompletion> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final FakeCompletionChannel channel;
    private volatile boolean closed;

    FakeCompletionQueue(FakeCompletionChannel channel) {
        this.channel = channel;
    }

    void add(WorkCompletion completion) {
        waiting.add(completion);
        if (channel != null && armed.getAndSet(false)) {
            channel.signal(this);
        }
    }

    boolean closed() {
        return closed;
    }

    @Override
    public CompletionCursor cursor() {
        return new Cursor();
    }

    @Override
    public void arm(Notify what) {
        requireOpen();
        armed.set(true);
    }

    @Override
    public int number() {
        return 1;
    }

    @Override
    public int capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int size() {
        return waiting.size();
    }

    @Override
    public int poll(int max, CompletionHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resize(int capacity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("completion queue 1 is closed");
        }
    }

    private final class Cursor implements CompletionCursor {
        private WorkCompletion current;

        @Override
        public boolean next() {
            requireOpen();
            current = waiting.poll();
            return current != null;
        }

        @Override
        public long id() {
            return current.id();
        }

        @Override
        public WorkCompletionStatus status() {
            return current.status();
        }

        @Override
        public CompletedOperation operation() {
            return current.operation();
        }

        @Override
        public int queuePairNumber() {
            return current.queuePairNumber();
        }

        @Override
        public long lengthOctets() {
            return current.lengthOctets();
        }

        @Override
        public boolean solicited() {
            return current.solicited();
        }

        @Override
        public boolean invalidated() {
            return current.invalidated();
        }

        @Override
        public int invalidatedStag() {
            return current.invalidatedStag();
        }

        @Override
        public boolean hasImmediate() {
            return current.hasImmediate();
        }

        @Override
        public long immediateData() {
            return current.immediateData();
        }

        @Override
        public FailureCause cause() {
            return current.cause();
        }
    }
}
