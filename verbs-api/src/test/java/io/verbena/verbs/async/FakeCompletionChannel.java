package io.verbena.verbs.async;

import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A channel that is woken by fake queues and by closing. */
final class FakeCompletionChannel implements CompletionChannel {
    private final LinkedBlockingQueue<CompletionQueue> events = new LinkedBlockingQueue<>();
    private final FakeCompletionQueue wakeUp = new FakeCompletionQueue(null);
    private volatile boolean closed;

    void signal(CompletionQueue queue) {
        events.add(queue);
    }

    boolean closed() {
        return closed;
    }

    @Override
    public CompletionQueue await(Duration deadline) throws InterruptedException {
        CompletionQueue event = events.poll(deadline.toNanos(), TimeUnit.NANOSECONDS);
        if (closed) {
            throw new IllegalStateException("completion channel is closed");
        }
        return event;
    }

    @Override
    public void close() {
        closed = true;
        events.add(wakeUp);
    }
}
