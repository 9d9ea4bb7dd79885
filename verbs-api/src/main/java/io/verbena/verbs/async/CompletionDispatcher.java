package io.verbena.verbs.async;

import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.Notify;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.WorkCompletion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Polls completion queues and hands each completion to the {@link AsyncQueuePair} it belongs to. One dispatcher serves any
 * number of queue pairs.
 *
 * <p>With a {@link CompletionChannel} it has one thread, which sleeps on the channel while there is nothing to do. Without
 * one, on a caller-driven device, it has none: whoever waits for an operation, or calls {@link #drive}, makes the device
 * progress and dispatches; as the device's loop belongs to one thread, that is always the same one.
 *
 * <p>Ownership: nobody else may poll its queues or wait on its channel meanwhile.
 */
public final class CompletionDispatcher implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** The longest sleep on the channel; closing interrupts it, so this only bounds what a lost wake-up could cost. */
    private static final Duration SLEEP = Duration.ofSeconds(1);

    /** How long closing waits for the thread, so that it does not poll a queue that is gone. */
    private static final Duration THREAD_END = Duration.ofSeconds(2);

    private final Device device;
    private final CompletionChannel channel;
    private final List<CompletionQueue> queues;
    private final List<CompletionCursor> cursors;
    private final boolean ownsQueues;
    private final LongSupplier nanoClock = new SystemNanoClock();
    private final Map<Integer, AsyncQueuePair> pairs = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong unclaimed = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;
    private volatile CompletionHandler onUnclaimed = completion -> {};
    private volatile boolean ended;
    private volatile Throwable endedBy;

    private CompletionDispatcher(
            Device device,
            CompletionChannel channel,
            List<CompletionQueue> queues,
            boolean ownsQueues,
            ThreadFactory threads) {
        this.device = device;
        this.channel = channel;
        this.queues = List.copyOf(queues);
        this.cursors = this.queues.stream().map(CompletionQueue::cursor).toList();
        this.ownsQueues = ownsQueues;
        this.thread = channel == null ? null : threads.newThread(this::run);
    }

    /**
     * Opens a dispatcher with a completion queue of its own, to be used by the queue pairs that will be attached
     * ({@link #queue()}). In the background it runs on a daemon thread; on a caller-driven device it has none.
     *
     * @param capacity completions the queue holds: the sum of the depths of the queues that use it
     */
    public static CompletionDispatcher open(Device device, int capacity) {
        return open(device, capacity, CompletionDispatcher::daemon);
    }

    /** Opens a dispatcher with a completion queue of its own and a thread of {@code threads}. */
    public static CompletionDispatcher open(Device device, int capacity, ThreadFactory threads) {
        if (device.query().callerDriven()) {
            return start(device, null, List.of(device.createCompletionQueue(capacity)), true, threads);
        }
        CompletionChannel channel = device.createCompletionChannel();
        try {
            return start(device, channel, List.of(device.createCompletionQueue(capacity, channel)), true, threads);
        } catch (RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Opens a dispatcher over queues that notify {@code lent}; queues and channel stay the application's. */
    public static CompletionDispatcher over(Device device, CompletionChannel lent, CompletionQueue... queues) {
        Objects.requireNonNull(lent, "lent");
        return start(device, lent, List.of(queues), false, CompletionDispatcher::daemon);
    }

    /** Opens a dispatcher without a thread over queues of a caller-driven device; they stay the application's. */
    public static CompletionDispatcher callerDriven(Device device, CompletionQueue... queues) {
        if (!device.query().callerDriven()) {
            throw new IllegalArgumentException("device " + device.name()
                    + " makes progress in the background: its dispatcher needs a completion channel");
        }
        return start(device, null, List.of(queues), false, CompletionDispatcher::daemon);
    }

    /** Returns its (first) completion queue. */
    public CompletionQueue queue() {
        return queues.get(0);
    }

    /** Attaches {@code given}, waiting for room in its queues for at most 10 seconds. */
    public AsyncQueuePair attach(QueuePair given) {
        return attach(given, AsyncQueuePair.ROOM_DEADLINE);
    }

    /**
     * Attaches a queue pair that uses this dispatcher's queues. From now on requests are posted through the returned object
     * alone, which also destroys the queue pair when it is closed.
     *
     * @param roomDeadline how long an operation waits for room in a full queue
     * @throws IllegalArgumentException if the queue pair completes into other queues, or its receives are shared
     * @throws IllegalStateException if the dispatcher is closed, or the queue pair attached
     */
    public AsyncQueuePair attach(QueuePair given, Duration roomDeadline) {
        return attach(given, roomDeadline, () -> {});
    }

    AsyncQueuePair attach(QueuePair given, Duration roomDeadline, Runnable afterClose) {
        Deadline.requireNotNegative(roomDeadline);
        if (!queues.contains(given.options().sendQueue())
                || !queues.contains(given.options().receiveQueue())) {
            throw new IllegalArgumentException(
                    "queue pair " + given.number() + " completes into queues that this dispatcher does not poll");
        }
        if (given.options().sharedReceiveQueue() != null) {
            throw new IllegalArgumentException("queue pair " + given.number() + " takes its receives from "
                    + given.options().sharedReceiveQueue() + ", which nobody here posts to");
        }
        requireRunning();
        AsyncQueuePair pair = new AsyncQueuePair(given, this, roomDeadline, afterClose);
        if (pairs.putIfAbsent(given.number(), pair) != null) {
            throw new IllegalStateException("queue pair " + given.number() + " is attached already");
        }
        return pair;
    }

    /**
     * Dispatches what there is. On a caller-driven device makes it progress for at most {@code maxWait} if there is nothing.
     *
     * @return how many completions were dispatched
     * @throws IllegalStateException if this dispatcher has a thread
     */
    public int drive(Duration maxWait) {
        if (thread != null) {
            throw new IllegalStateException("this dispatcher has a thread of its own");
        }
        Deadline.requireNotNegative(maxWait);
        int count = dispatchAll();
        if (count == 0 && !maxWait.isZero()) {
            device.progress(maxWait);
            count = dispatchAll();
        }
        return count;
    }

    /** Sets who sees completions that belong to no operation of an attached queue pair; they are counted in any case. */
    public void onUnclaimed(CompletionHandler handler) {
        onUnclaimed = Objects.requireNonNull(handler, "handler");
    }

    /** Returns how many completions belonged to no operation of an attached queue pair. */
    public long unclaimedCount() {
        return unclaimed.get();
    }

    /**
     * Ends the dispatcher, and its thread, channel and queue if they are its own. Idempotent.
     *
     * @throws ResourceInUseException naming the queue pairs that are attached; nothing was changed
     */
    @Override
    public void close() {
        if (!pairs.isEmpty() && !ended) {
            throw new ResourceInUseException("the completion dispatcher still serves queue pairs " + pairs.keySet());
        }
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        ended = true;
        if (thread != null && Thread.currentThread() != thread) {
            thread.interrupt();
            awaitThread();
        }
        if (ownsQueues) {
            queues.forEach(CompletionQueue::close);
            if (channel != null) {
                channel.close();
            }
        }
    }

    Deadline deadline(Duration wait) {
        return Deadline.after(wait, nanoClock);
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    /** Returns the name of its thread, or null if it has none. */
    String threadName() {
        return thread == null ? null : thread.getName();
    }

    /** Returns whether completions come only if the present thread drives. */
    boolean drivenByThisThread() {
        return thread == null || Thread.currentThread() == thread;
    }

    void driveFor(Deadline deadline) throws InterruptedException {
        driveFor(deadline, SLEEP.toNanos());
    }

    /** Dispatches what there is, waiting for it at most until the deadline and at most {@code mostNanos}. */
    void driveFor(Deadline deadline, long mostNanos) throws InterruptedException {
        Duration wait = Duration.ofNanos(deadline.remainingNanos(mostNanos));
        if (thread == null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            drive(wait);
        } else {
            dispatchOrSleep(wait);
        }
    }

    void detach(AsyncQueuePair pair) {
        pairs.remove(pair.number(), pair);
    }

    /** Returns the exception that ended the thread, or null. */
    Throwable endedBy() {
        return endedBy;
    }

    void requireRunning() {
        if (ended) {
            throw new IllegalStateException("the completion dispatcher is closed");
        }
    }

    private void awaitThread() {
        try {
            thread.join(THREAD_END.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static CompletionDispatcher start(
            Device device,
            CompletionChannel channel,
            List<CompletionQueue> queues,
            boolean ownsQueues,
            ThreadFactory threads) {
        CompletionDispatcher dispatcher = new CompletionDispatcher(device, channel, queues, ownsQueues, threads);
        if (dispatcher.thread != null) {
            dispatcher.thread.start();
        }
        return dispatcher;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "verbena-async-" + COUNT.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    }

    private void run() {
        try {
            while (!ended) {
                dispatchOrSleep(SLEEP);
            }
        } catch (InterruptedException | IllegalStateException over) {
            // By close(), or because the device was closed below; those who wait are told why.
            endedBy = over;
        } finally {
            ended = true;
            // No completion will be seen any more: what is outstanding ends here, so that nobody waits in vain.
            pairs.values().forEach(AsyncQueuePair::abandon);
        }
    }

    /** Poll until empty, arm, poll again, then sleep: so no completion is slept through (VRB-CQ-07). */
    private void dispatchOrSleep(Duration sleep) throws InterruptedException {
        if (dispatchAll() > 0) {
            return;
        }
        queues.forEach(queue -> queue.arm(Notify.NEXT));
        if (dispatchAll() == 0 && !sleep.isZero()) {
            channel.await(sleep);
        }
    }

    private int dispatchAll() {
        int count = 0;
        for (CompletionCursor cursor : cursors) {
            while (cursor.next()) {
                // A copy: what depends on the completion may come back here and move the cursor.
                dispatch(cursor.copy());
                count++;
            }
        }
        return count;
    }

    private void dispatch(WorkCompletion completion) {
        AsyncQueuePair pair = pairs.get(completion.queuePairNumber());
        try {
            if (pair == null || !pair.onCompletion(completion)) {
                unclaimed.incrementAndGet();
                onUnclaimed.onCompletion(completion);
            }
        } catch (RuntimeException failure) {
            // One handler's failure must not keep the completions of all others from being seen.
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, failure);
        }
    }
}
