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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens to SLF4J, one line an event, with one logger for each subject. Nothing is above debug level, so it is
 * silent unless somebody asks:
 *
 * <table>
 * <caption>Loggers</caption>
 * <tr><th>logger</th><th>level</th><th>lines</th></tr>
 * <tr><td>{@code io.verbena.trace}</td><td>trace</td><td>every MPA startup frame and DDP segment ({@link FrameLine})</td></tr>
 * <tr><td>{@code io.verbena.connection}</td><td>debug</td><td>connections, states, Terminates, refusals, events</td></tr>
 * <tr><td>{@code io.verbena.completion}</td><td>debug, trace</td><td>failed requests, all requests</td></tr>
 * <tr><td>{@code io.verbena.memory}</td><td>debug</td><td>registrations</td></tr>
 * <tr><td>{@code io.verbena.device}</td><td>debug</td><td>devices, queue pairs, completion queues</td></tr>
 * </table>
 *
 * <p>Needs SLF4J on the class path. Thread rule: any thread; a logging backend that blocks holds up the connection.
 */
public final class LogListener implements StackEvents {
    private final Logger trace = LoggerFactory.getLogger("io.verbena.trace");
    private final Logger connections = LoggerFactory.getLogger("io.verbena.connection");
    private final Logger completions = LoggerFactory.getLogger("io.verbena.completion");
    private final Logger memory = LoggerFactory.getLogger("io.verbena.memory");
    private final Logger devices = LoggerFactory.getLogger("io.verbena.device");

    @Override
    public void onDeviceOpened(String device) {
        devices.debug("{} opened", device);
    }

    @Override
    public void onDeviceClosed(String device) {
        devices.debug("{} closed", device);
    }

    @Override
    public void onQueuePairCreated(String device, int queuePairNumber) {
        if (devices.isDebugEnabled()) {
            devices.debug("{} {} created", device, EventLine.queuePair(queuePairNumber));
        }
    }

    @Override
    public void onQueuePairDestroyed(String device, int queuePairNumber) {
        if (devices.isDebugEnabled()) {
            devices.debug("{} {} destroyed", device, EventLine.queuePair(queuePairNumber));
        }
    }

    @Override
    public void onCompletionQueueCreated(String device, int completionQueueNumber, int capacity) {
        devices.debug("{} completion queue {} created, capacity {}", device, completionQueueNumber, capacity);
    }

    @Override
    public void onCompletionQueueDestroyed(String device, int completionQueueNumber) {
        devices.debug("{} completion queue {} destroyed", device, completionQueueNumber);
    }

    @Override
    public void onConnectionStarted(String device, boolean initiator, InetSocketAddress remote) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.connectionStarted(initiator, remote));
        }
    }

    @Override
    public void onConnectionEstablished(String device, int queuePairNumber, Connection connection) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.connectionEstablished(queuePairNumber, connection));
        }
    }

    @Override
    public void onConnectionFailed(String device, boolean initiator, InetSocketAddress remote, Throwable failure) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.connectionFailed(initiator, remote, failure));
        }
    }

    @Override
    public void onConnectionClosed(String device, int queuePairNumber, FailureCause cause) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.connectionClosed(queuePairNumber, cause));
        }
    }

    @Override
    public void onStateChanged(String device, int queuePairNumber, QueuePairState from, QueuePairState to) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.stateChanged(queuePairNumber, from, to));
        }
    }

    @Override
    public void onTerminate(String device, int queuePairNumber, TerminateInformation terminate) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.terminate(queuePairNumber, terminate));
        }
    }

    @Override
    public void onFpduRejected(String device, int queuePairNumber, FailureCause cause) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.fpduRejected(queuePairNumber, cause));
        }
    }

    @Override
    public void onAccessRefused(String device, int queuePairNumber, FailureCause cause) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.accessRefused(queuePairNumber, cause));
        }
    }

    @Override
    public void onCaptureEnded(String device, String why) {
        devices.debug("{} {}", device, why);
    }

    @Override
    public void onAsyncEvent(String device, AsyncEvent event) {
        connections.debug("{} event {}", device, event);
    }

    @Override
    public void onStartupFrame(
            String device,
            Direction direction,
            InetSocketAddress remote,
            ByteBuffer lent,
            int offset,
            int lengthOctets) {
        if (trace.isTraceEnabled()) {
            trace.trace("{}", FrameLine.startup(direction, lent, offset, lengthOctets));
        }
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
        if (trace.isTraceEnabled()) {
            trace.trace("{}", FrameLine.segment(direction, queuePairNumber, lent, offset, headerOctets, segmentOctets));
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
        boolean failed = status != WorkCompletionStatus.SUCCESS;
        if (failed ? completions.isDebugEnabled() : completions.isTraceEnabled()) {
            String line = EventLine.completion(queuePairNumber, operation, status, id, lengthOctets);
            if (failed) {
                completions.debug("{} {}", device, line);
            } else {
                completions.trace("{} {}", device, line);
            }
        }
    }

    @Override
    public void onRegionRegistered(String device, int stag, long lengthOctets) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.region("registered", stag, lengthOctets));
        }
    }

    @Override
    public void onRegionDeregistered(String device, int stag, long lengthOctets) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.region("deregistered", stag, lengthOctets));
        }
    }

    @Override
    public void onFastRegistered(String device, int queuePairNumber, int stag, long lengthOctets) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.fastRegistered(queuePairNumber, stag, lengthOctets));
        }
    }

    @Override
    public void onWindowAllocated(String device, int stag) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.window("allocated", stag));
        }
    }

    @Override
    public void onWindowFreed(String device, int stag) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.window("freed", stag));
        }
    }

    @Override
    public void onWindowBound(String device, int queuePairNumber, int stag, int regionStag, long lengthOctets) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.windowBound(queuePairNumber, stag, regionStag, lengthOctets));
        }
    }

    @Override
    public void onInvalidated(String device, int queuePairNumber, int stag, Invalidation why) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.invalidated(queuePairNumber, stag, why));
        }
    }

    @Override
    public void onSendQueueDrained(String device, int queuePairNumber, FailureCause cause) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.sendQueueDrained(queuePairNumber, cause));
        }
    }

    @Override
    public void onBufferWait(String device, int queuePairNumber, BufferUse.Type type) {
        if (connections.isDebugEnabled()) {
            connections.debug("{} {}", device, EventLine.bufferWait(queuePairNumber, type));
        }
    }

    @Override
    public void onBufferRefused(String device, int queuePairNumber, FailureCause cause) {
        if (connections.isWarnEnabled()) {
            connections.warn("{} {}", device, EventLine.bufferRefused(queuePairNumber, cause));
        }
    }

    @Override
    public void onCacheLookup(String device, CacheLookup outcome, int stag) {
        if (memory.isTraceEnabled()) {
            memory.trace("{} {}", device, EventLine.cacheLookup(outcome, stag));
        }
    }

    @Override
    public void onCacheRemoved(String device, int stag, long lengthOctets, CacheRemoval why) {
        if (memory.isDebugEnabled()) {
            memory.debug("{} {}", device, EventLine.cacheRemoved(stag, lengthOctets, why));
        }
    }
}
