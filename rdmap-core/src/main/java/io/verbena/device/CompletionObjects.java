package io.verbena.device;

import io.verbena.queue.CompletionQueueOwner;
import io.verbena.queue.Progress;
import io.verbena.queue.SoftCompletionChannel;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.transport.NanoClock;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.LimitExceededException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The completion queues and completion channels of a device.
 *
 * <p>Thread rule: any thread.
 */
final class CompletionObjects {
    private final SoftDevice device;
    private final NanoClock clock;
    private final Progress progress;
    private final boolean borrowedLoops;
    private final CompletionQueueOwner owner = new QueueKeeper();

    private final Object lock = new Object();
    private final Set<SoftCompletionQueue> queues = new LinkedHashSet<>();
    private final Set<SoftCompletionChannel> channels = new LinkedHashSet<>();
    private int nextQueue = 1;

    /**
     * Makes an empty room.
     *
     * @param progress drives a caller-driven device, or null
     * @param borrowedLoops whether the loops may be driven by a thread that waits
     */
    CompletionObjects(SoftDevice device, NanoClock clock, Progress progress, boolean borrowedLoops) {
        this.device = device;
        this.clock = clock;
        this.progress = progress;
        this.borrowedLoops = borrowedLoops;
    }

    CompletionChannel createChannel() {
        synchronized (lock) {
            SoftCompletionChannel[] made = new SoftCompletionChannel[1];
            made[0] = new SoftCompletionChannel(clock, progress, borrowedLoops, () -> {
                synchronized (lock) {
                    channels.remove(made[0]);
                }
            });
            channels.add(made[0]);
            return made[0];
        }
    }

    CompletionQueue createQueue(int capacity, CompletionChannel channel) {
        synchronized (lock) {
            if (channel != null && !channels.contains(channel)) {
                throw new IllegalArgumentException("the channel is not an open channel of " + device);
            }
            int most = device.limits().maxCompletionQueues();
            if (queues.size() >= most) {
                throw new LimitExceededException(device + " allows " + most + " completion queues");
            }
            SoftCompletionQueue queue = new SoftCompletionQueue(
                    nextQueue,
                    capacity,
                    device.limits().maxCompletionQueueEntries(),
                    (SoftCompletionChannel) channel,
                    progress,
                    owner);
            nextQueue++;
            queues.add(queue);
            if (device.events() != null) {
                device.events().onCompletionQueueCreated(device.name(), queue.number(), capacity);
            }
            return queue;
        }
    }

    /** Returns the queue if it is an open one of the device. */
    SoftCompletionQueue own(CompletionQueue queue) {
        synchronized (lock) {
            if (queue instanceof SoftCompletionQueue ours && queues.contains(ours)) {
                return ours;
            }
        }
        throw new IllegalArgumentException(queue + " is not an open completion queue of " + device);
    }

    /** Returns how many queues are open. */
    int queueCount() {
        synchronized (lock) {
            return queues.size();
        }
    }

    /** Closes what is left, queues first. */
    void close() {
        List<SoftCompletionQueue> leftQueues;
        List<SoftCompletionChannel> leftChannels;
        synchronized (lock) {
            leftQueues = new ArrayList<>(queues);
            leftChannels = new ArrayList<>(channels);
        }
        leftQueues.forEach(SoftCompletionQueue::close);
        leftChannels.forEach(SoftCompletionChannel::close);
    }

    /** Learns what becomes of completion queues. */
    private final class QueueKeeper implements CompletionQueueOwner {
        @Override
        public void onOverflow(SoftCompletionQueue queue) {
            device.raise(new AsyncEvent(
                    AsyncEvent.Kind.COMPLETION_QUEUE_OVERFLOW,
                    -1,
                    queue.number(),
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.COMPLETION_QUEUE_OVERFLOW)
                            .detail(queue + " with " + queue.capacity() + " entries was full; completions are lost")
                            .build()));
        }

        @Override
        public void onClosed(SoftCompletionQueue queue) {
            synchronized (lock) {
                queues.remove(queue);
            }
            if (device.events() != null) {
                device.events().onCompletionQueueDestroyed(device.name(), queue.number());
            }
        }
    }
}
