package io.verbena.testkit;

import io.verbena.observe.FrameLine;
import io.verbena.testkit.RecordedEvent.Kind;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.STag;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Remembers what happened, in the order in which it was told, and lets a test wait for an event with a deadline. Socket
 * transfers are left out; of everything else the last 10,000 are kept.
 *
 * <p>Thread rule: any thread.
 */
public final class RecordingEvents implements StackEvents {
    private static final int KEPT = 10_000;
    private static final int SHOWN = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Deque<RecordedEvent> events = new ArrayDeque<>();

    /** Returns all events so far. */
    public List<RecordedEvent> all() {
        return matching(event -> true);
    }

    /** Returns the events of {@code kind} so far. */
    public List<RecordedEvent> all(Kind kind) {
        return matching(event -> event.kind() == kind);
    }

    /** Returns the events so far that match. */
    public List<RecordedEvent> matching(Predicate<RecordedEvent> which) {
        lock.lock();
        try {
            return events.stream().filter(which).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the first event of {@code kind}, past ones included, as long as a test usually waits. */
    public RecordedEvent await(Kind kind) throws InterruptedException {
        return await(kind.toString(), event -> event.kind() == kind, SystemDeadline.USUAL);
    }

    /** Waits for the first event of {@code kind} at a queue pair, past ones included. */
    public RecordedEvent await(Kind kind, int queuePairNumber) throws InterruptedException {
        return await(
                kind + " at queue pair " + queuePairNumber,
                event -> event.kind() == kind && event.queuePairNumber() == queuePairNumber,
                SystemDeadline.USUAL);
    }

    /**
     * Waits for the first event that matches, past ones included.
     *
     * @param what what is waited for, for the failure's message
     * @throws AssertionError naming the last events if none came within {@code deadline}
     */
    public RecordedEvent await(String what, Predicate<RecordedEvent> which, Duration deadline)
            throws InterruptedException {
        long remaining = deadline.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                for (RecordedEvent event : events) {
                    if (which.test(event)) {
                        return event;
                    }
                }
                if (remaining <= 0) {
                    throw new AssertionError("no " + what + " within "
                            + TimeUnit.NANOSECONDS.toMillis(deadline.toNanos()) + " ms; there was:\n" + lastOnes());
                }
                remaining = added.awaitNanos(remaining);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything so far. */
    public void clear() {
        lock.lock();
        try {
            events.clear();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onDeviceOpened(String device) {
        add(Kind.DEVICE_OPENED, device, -1, null, "");
    }

    @Override
    public void onDeviceClosed(String device) {
        add(Kind.DEVICE_CLOSED, device, -1, null, "");
    }

    @Override
    public void onConnectionStarted(String device, boolean initiator, InetSocketAddress remote) {
        add(Kind.CONNECTION_STARTED, device, -1, remote, role(initiator) + " " + remote);
    }

    @Override
    public void onConnectionEstablished(String device, int queuePairNumber, Connection connection) {
        add(
                Kind.CONNECTION_ESTABLISHED,
                device,
                queuePairNumber,
                connection,
                connection.agreement().toString());
    }

    @Override
    public void onConnectionFailed(String device, boolean initiator, InetSocketAddress remote, Throwable failure) {
        add(Kind.CONNECTION_FAILED, device, -1, failure, role(initiator) + " " + remote + ": " + failure);
    }

    @Override
    public void onConnectionClosed(String device, int queuePairNumber, FailureCause cause) {
        add(Kind.CONNECTION_CLOSED, device, queuePairNumber, cause, cause == null ? "in good order" : cause.toString());
    }

    @Override
    public void onStartupFrame(
            String device,
            Direction direction,
            InetSocketAddress remote,
            ByteBuffer lent,
            int offset,
            int lengthOctets) {
        add(Kind.STARTUP_FRAME, device, -1, direction, FrameLine.startup(direction, lent, offset, lengthOctets));
    }

    @Override
    public void onQueuePairCreated(String device, int queuePairNumber) {
        add(Kind.QUEUE_PAIR_CREATED, device, queuePairNumber, null, "");
    }

    @Override
    public void onQueuePairDestroyed(String device, int queuePairNumber) {
        add(Kind.QUEUE_PAIR_DESTROYED, device, queuePairNumber, null, "");
    }

    @Override
    public void onStateChanged(String device, int queuePairNumber, QueuePairState from, QueuePairState to) {
        add(Kind.STATE_CHANGED, device, queuePairNumber, to, from + " -> " + to);
    }

    @Override
    public void onSegment(
            String device,
            Direction direction,
            int queuePairNumber,
            ByteBuffer lent,
            int offset,
            int headerOctets,
            int segmentOctets) {
        add(
                Kind.SEGMENT,
                device,
                queuePairNumber,
                direction,
                FrameLine.segment(direction, queuePairNumber, lent, offset, headerOctets, segmentOctets));
    }

    @Override
    public void onFpduRejected(String device, int queuePairNumber, FailureCause cause) {
        add(Kind.FPDU_REJECTED, device, queuePairNumber, cause, cause.toString());
    }

    @Override
    public void onAccessRefused(String device, int queuePairNumber, FailureCause cause) {
        add(Kind.ACCESS_REFUSED, device, queuePairNumber, cause, cause.toString());
    }

    @Override
    public void onTerminate(String device, int queuePairNumber, TerminateInformation terminate) {
        add(Kind.TERMINATE, device, queuePairNumber, terminate, terminate.toString());
    }

    @Override
    public void onCompletion(
            String device,
            int queuePairNumber,
            CompletedOperation operation,
            WorkCompletionStatus status,
            long id,
            long lengthOctets) {
        add(Kind.COMPLETION, device, queuePairNumber, status, operation + " " + id + " " + status);
    }

    @Override
    public void onRegionRegistered(String device, int stag, long lengthOctets) {
        add(Kind.REGION_REGISTERED, device, -1, stag, STag.toString(stag) + " length " + lengthOctets);
    }

    @Override
    public void onRegionDeregistered(String device, int stag, long lengthOctets) {
        add(Kind.REGION_DEREGISTERED, device, -1, stag, STag.toString(stag) + " length " + lengthOctets);
    }

    @Override
    public void onFastRegistered(String device, int queuePairNumber, int stag, long lengthOctets) {
        add(Kind.FAST_REGISTERED, device, queuePairNumber, stag, STag.toString(stag) + " length " + lengthOctets);
    }

    @Override
    public void onWindowAllocated(String device, int stag) {
        add(Kind.WINDOW_ALLOCATED, device, -1, stag, STag.toString(stag));
    }

    @Override
    public void onWindowBound(String device, int queuePairNumber, int stag, int regionStag, long lengthOctets) {
        add(
                Kind.WINDOW_BOUND,
                device,
                queuePairNumber,
                stag,
                STag.toString(stag) + " to " + STag.toString(regionStag) + " length " + lengthOctets);
    }

    @Override
    public void onWindowFreed(String device, int stag) {
        add(Kind.WINDOW_FREED, device, -1, stag, STag.toString(stag));
    }

    @Override
    public void onInvalidated(String device, int queuePairNumber, int stag, Invalidation why) {
        add(Kind.INVALIDATED, device, queuePairNumber, stag, STag.toString(stag) + " " + why);
    }

    @Override
    public void onSendQueueDrained(String device, int queuePairNumber, FailureCause cause) {
        if (cause == null) {
            add(Kind.SEND_QUEUE_RESUMED, device, queuePairNumber, null, "");
        } else {
            add(Kind.SEND_QUEUE_DRAINED, device, queuePairNumber, cause, cause.toString());
        }
    }

    @Override
    public void onCompletionQueueCreated(String device, int completionQueueNumber, int capacity) {
        add(
                Kind.COMPLETION_QUEUE_CREATED,
                device,
                -1,
                completionQueueNumber,
                completionQueueNumber + " of " + capacity);
    }

    @Override
    public void onCompletionQueueDestroyed(String device, int completionQueueNumber) {
        add(Kind.COMPLETION_QUEUE_DESTROYED, device, -1, completionQueueNumber, "" + completionQueueNumber);
    }

    @Override
    public void onSharedReceiveQueueCreated(String device, int sharedReceiveQueueNumber, int depth) {
        add(
                Kind.SHARED_RECEIVE_QUEUE_CREATED,
                device,
                -1,
                sharedReceiveQueueNumber,
                sharedReceiveQueueNumber + " of " + depth);
    }

    @Override
    public void onSharedReceiveQueueDestroyed(String device, int sharedReceiveQueueNumber) {
        add(Kind.SHARED_RECEIVE_QUEUE_DESTROYED, device, -1, sharedReceiveQueueNumber, "" + sharedReceiveQueueNumber);
    }

    @Override
    public void onStreamPaused(String device, int queuePairNumber) {
        add(Kind.STREAM_PAUSED, device, queuePairNumber, 0, "no receive is posted");
    }

    @Override
    public void onStreamResumed(String device, int queuePairNumber, long pausedNs) {
        add(Kind.STREAM_RESUMED, device, queuePairNumber, pausedNs, "after " + pausedNs + " ns");
    }

    @Override
    public void onMessageDropped(String device, int queuePairNumber, int sharedReceiveQueueNumber, long lengthOctets) {
        add(
                Kind.MESSAGE_DROPPED,
                device,
                queuePairNumber,
                lengthOctets,
                "length " + lengthOctets + " by shared receive queue " + sharedReceiveQueueNumber);
    }

    @Override
    public void onBufferWait(String device, int queuePairNumber, BufferUse.Type type) {
        add(Kind.BUFFER_WAIT, device, queuePairNumber, type, "to " + type);
    }

    @Override
    public void onBufferWaitEnd(String device, int queuePairNumber, BufferUse.Type type) {
        add(Kind.BUFFER_WAIT_END, device, queuePairNumber, type, "to " + type);
    }

    @Override
    public void onInlineRefused(String device, int queuePairNumber) {
        add(Kind.INLINE_REFUSED, device, queuePairNumber, null, "");
    }

    @Override
    public void onBufferRefused(String device, int queuePairNumber, FailureCause cause) {
        add(Kind.BUFFER_REFUSED, device, queuePairNumber, cause, cause.toString());
    }

    @Override
    public void onCaptureEnded(String device, String why) {
        add(Kind.CAPTURE_ENDED, device, -1, why, why);
    }

    @Override
    public void onAsyncEvent(String device, AsyncEvent event) {
        add(Kind.ASYNC_EVENT, device, event.queuePairNumber(), event, event.toString());
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return lastOnes();
        } finally {
            lock.unlock();
        }
    }

    private void add(Kind kind, String device, int queuePairNumber, Object detail, String text) {
        RecordedEvent event = new RecordedEvent(kind, device, queuePairNumber, detail, text);
        lock.lock();
        try {
            if (events.size() == KEPT) {
                events.removeFirst();
            }
            events.add(event);
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private String lastOnes() {
        List<RecordedEvent> shown = new ArrayList<>(events);
        return shown.subList(Math.max(0, shown.size() - SHOWN), shown.size()).stream()
                .map(RecordedEvent::toString)
                .collect(Collectors.joining("\n"));
    }

    private static String role(boolean initiator) {
        return initiator ? "initiator to" : "responder to";
    }
}
