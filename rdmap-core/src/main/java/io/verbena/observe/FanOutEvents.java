package io.verbena.observe;

import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.async.CacheLookup;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Tells several listeners of everything, in their order, and keeps their failures away from the engine and from each other:
 * the first exception of each goes to the thread's uncaught-exception handler, later ones of the same listener are dropped,
 * so that a broken listener does not flood. It goes on being told.
 *
 * <p>Thread rule: any thread, several at once.
 */
public final class FanOutEvents implements StackEvents {
    private final Listener[] listeners;

    private FanOutEvents(List<StackEvents> listeners) {
        this.listeners = listeners.stream().map(Listener::new).toArray(Listener[]::new);
    }

    /**
     * Returns the one listener that stands for all of {@code listeners}; null if there is none, so that the engine's test
     * for null is all an event costs then.
     */
    public static StackEvents of(List<StackEvents> listeners) {
        return listeners.isEmpty() ? null : new FanOutEvents(listeners);
    }

    @Override
    public void onDeviceOpened(String device) {
        tell(listener -> listener.onDeviceOpened(device));
    }

    @Override
    public void onDeviceClosed(String device) {
        tell(listener -> listener.onDeviceClosed(device));
    }

    @Override
    public void onConnectionStarted(String device, boolean initiator, InetSocketAddress remote) {
        tell(listener -> listener.onConnectionStarted(device, initiator, remote));
    }

    @Override
    public void onConnectionEstablished(String device, int queuePairNumber, Connection connection) {
        tell(listener -> listener.onConnectionEstablished(device, queuePairNumber, connection));
    }

    @Override
    public void onConnectionFailed(String device, boolean initiator, InetSocketAddress remote, Throwable failure) {
        tell(listener -> listener.onConnectionFailed(device, initiator, remote, failure));
    }

    @Override
    public void onConnectionClosed(String device, int queuePairNumber, FailureCause cause) {
        tell(listener -> listener.onConnectionClosed(device, queuePairNumber, cause));
    }

    @Override
    public void onStartupFrame(
            String device,
            Direction direction,
            InetSocketAddress remote,
            ByteBuffer lent,
            int offset,
            int lengthOctets) {
        tell(listener -> listener.onStartupFrame(device, direction, remote, lent, offset, lengthOctets));
    }

    @Override
    public void onQueuePairCreated(String device, int queuePairNumber) {
        tell(listener -> listener.onQueuePairCreated(device, queuePairNumber));
    }

    @Override
    public void onQueuePairDestroyed(String device, int queuePairNumber) {
        tell(listener -> listener.onQueuePairDestroyed(device, queuePairNumber));
    }

    @Override
    public void onStateChanged(String device, int queuePairNumber, QueuePairState from, QueuePairState to) {
        tell(listener -> listener.onStateChanged(device, queuePairNumber, from, to));
    }

    // The events of the data path are told without a closure, which might not be optimized away.

    @Override
    public void onSegment(
            String device,
            Direction direction,
            int queuePairNumber,
            ByteBuffer lent,
            int offset,
            int headerOctets,
            int segmentOctets) {
        for (Listener listener : listeners) {
            try {
                listener.events.onSegment(
                        device, direction, queuePairNumber, lent, offset, headerOctets, segmentOctets);
            } catch (RuntimeException failure) {
                listener.onFailure(failure);
            }
        }
    }

    @Override
    public void onCompletion(
            String device,
            int queuePairNumber,
            CompletedOperation operation,
            WorkCompletionStatus status,
            long id,
            long lengthOctets) {
        for (Listener listener : listeners) {
            try {
                listener.events.onCompletion(device, queuePairNumber, operation, status, id, lengthOctets);
            } catch (RuntimeException failure) {
                listener.onFailure(failure);
            }
        }
    }

    @Override
    public void onSocketTransfer(String device, Direction direction, int queuePairNumber, long octets) {
        for (Listener listener : listeners) {
            try {
                listener.events.onSocketTransfer(device, direction, queuePairNumber, octets);
            } catch (RuntimeException failure) {
                listener.onFailure(failure);
            }
        }
    }

    @Override
    public void onFpduRejected(String device, int queuePairNumber, FailureCause cause) {
        tell(listener -> listener.onFpduRejected(device, queuePairNumber, cause));
    }

    @Override
    public void onAccessRefused(String device, int queuePairNumber, FailureCause cause) {
        tell(listener -> listener.onAccessRefused(device, queuePairNumber, cause));
    }

    @Override
    public void onTerminate(String device, int queuePairNumber, TerminateInformation terminate) {
        tell(listener -> listener.onTerminate(device, queuePairNumber, terminate));
    }

    @Override
    public void onRegionRegistered(String device, int stag, long lengthOctets) {
        tell(listener -> listener.onRegionRegistered(device, stag, lengthOctets));
    }

    @Override
    public void onRegionDeregistered(String device, int stag, long lengthOctets) {
        tell(listener -> listener.onRegionDeregistered(device, stag, lengthOctets));
    }

    @Override
    public void onFastRegistered(String device, int queuePairNumber, int stag, long lengthOctets) {
        tell(listener -> listener.onFastRegistered(device, queuePairNumber, stag, lengthOctets));
    }

    @Override
    public void onWindowBound(String device, int queuePairNumber, int stag, int regionStag, long lengthOctets) {
        tell(listener -> listener.onWindowBound(device, queuePairNumber, stag, regionStag, lengthOctets));
    }

    @Override
    public void onInvalidated(String device, int queuePairNumber, int stag, Invalidation why) {
        tell(listener -> listener.onInvalidated(device, queuePairNumber, stag, why));
    }

    @Override
    public void onWindowAllocated(String device, int stag) {
        tell(listener -> listener.onWindowAllocated(device, stag));
    }

    @Override
    public void onWindowFreed(String device, int stag) {
        tell(listener -> listener.onWindowFreed(device, stag));
    }

    @Override
    public void onSendQueueDrained(String device, int queuePairNumber, FailureCause cause) {
        tell(listener -> listener.onSendQueueDrained(device, queuePairNumber, cause));
    }

    @Override
    public void onCacheLookup(String device, CacheLookup outcome, int stag) {
        for (Listener listener : listeners) {
            try {
                listener.events.onCacheLookup(device, outcome, stag);
            } catch (RuntimeException failure) {
                listener.onFailure(failure);
            }
        }
    }

    @Override
    public void onCacheRegistered(String device, int stag, long lengthOctets) {
        tell(listener -> listener.onCacheRegistered(device, stag, lengthOctets));
    }

    @Override
    public void onCacheRemoved(String device, int stag, long lengthOctets, CacheRemoval why) {
        tell(listener -> listener.onCacheRemoved(device, stag, lengthOctets, why));
    }

    @Override
    public void onSharedReceiveQueueCreated(String device, int sharedReceiveQueueNumber, int depth) {
        tell(listener -> listener.onSharedReceiveQueueCreated(device, sharedReceiveQueueNumber, depth));
    }

    @Override
    public void onSharedReceiveQueueDestroyed(String device, int sharedReceiveQueueNumber) {
        tell(listener -> listener.onSharedReceiveQueueDestroyed(device, sharedReceiveQueueNumber));
    }

    @Override
    public void onMessageDropped(String device, int queuePairNumber, int sharedReceiveQueueNumber, long lengthOctets) {
        for (Listener listener : listeners) {
            try {
                listener.events.onMessageDropped(device, queuePairNumber, sharedReceiveQueueNumber, lengthOctets);
            } catch (RuntimeException failure) {
                listener.onFailure(failure);
            }
        }
    }

    @Override
    public void onStreamPaused(String device, int queuePairNumber) {
        tell(listener -> listener.onStreamPaused(device, queuePairNumber));
    }

    @Override
    public void onStreamResumed(String device, int queuePairNumber, long pausedNs) {
        tell(listener -> listener.onStreamResumed(device, queuePairNumber, pausedNs));
    }

    @Override
    public void onBufferWait(String device, int queuePairNumber, BufferUse.Type type) {
        tell(listener -> listener.onBufferWait(device, queuePairNumber, type));
    }

    @Override
    public void onBufferWaitEnd(String device, int queuePairNumber, BufferUse.Type type) {
        tell(listener -> listener.onBufferWaitEnd(device, queuePairNumber, type));
    }

    @Override
    public void onInlineRefused(String device, int queuePairNumber) {
        tell(listener -> listener.onInlineRefused(device, queuePairNumber));
    }

    @Override
    public void onBufferRefused(String device, int queuePairNumber, FailureCause cause) {
        tell(listener -> listener.onBufferRefused(device, queuePairNumber, cause));
    }

    @Override
    public void onCompletionQueueCreated(String device, int completionQueueNumber, int capacity) {
        tell(listener -> listener.onCompletionQueueCreated(device, completionQueueNumber, capacity));
    }

    @Override
    public void onCompletionQueueDestroyed(String device, int completionQueueNumber) {
        tell(listener -> listener.onCompletionQueueDestroyed(device, completionQueueNumber));
    }

    @Override
    public void onCaptureEnded(String device, String why) {
        tell(listener -> listener.onCaptureEnded(device, why));
    }

    @Override
    public void onAsyncEvent(String device, AsyncEvent event) {
        tell(listener -> listener.onAsyncEvent(device, event));
    }

    private void tell(Consumer<StackEvents> what) {
        for (Listener listener : listeners) {
            try {
                what.accept(listener.events);
            } catch (RuntimeException failure) {
                listener.onFailure(failure);
            }
        }
    }

    /** A listener, and whether it has failed before. */
    private static final class Listener {
        private final StackEvents events;
        private final AtomicBoolean failed = new AtomicBoolean();

        Listener(StackEvents events) {
            this.events = events;
        }

        void onFailure(RuntimeException failure) {
            if (failed.compareAndSet(false, true)) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            }
        }
    }
}
