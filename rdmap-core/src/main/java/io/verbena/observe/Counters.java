package io.verbena.observe;

import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
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
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what happens on one device: give each device an object of its own.
 *
 * <p>Thread rule: any thread. Counting neither locks nor allocates. A value read while others count is one of the values
 * that it had meanwhile; two values read together need not be of the same moment.
 */
public final class Counters implements StackEvents {
    private final LongAdder[] plain = adders(Counter.values().length);
    private final LongAdder[][] segments = adders(Direction.values().length, RdmapOpcode.values().length);
    private final LongAdder[][] segmentOctets = adders(Direction.values().length, RdmapOpcode.values().length);
    private final LongAdder[][] completions =
            adders(CompletedOperation.values().length, WorkCompletionStatus.values().length);
    private final LongAdder[] refusals = adders(FailedCheck.values().length);
    private final LongAdder[] invalidations = adders(Invalidation.values().length);
    private final LongAdder[] asyncEvents = adders(AsyncEvent.Kind.values().length);
    private final LongAdder[] cacheLookups = adders(CacheLookup.values().length);
    private final LongAdder[] cacheRemovals = adders(CacheRemoval.values().length);
    private final LongAdder[] queuePairs = adders(QueuePairState.values().length);
    private final Map<Integer, QueuePairState> states = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> completionQueueCapacities = new ConcurrentHashMap<>();

    /** Returns a plain counter. */
    public long value(Counter counter) {
        return plain[counter.ordinal()].sum();
    }

    /** Returns the DDP segments of messages with {@code opcode}. */
    public long segments(Direction direction, RdmapOpcode opcode) {
        return segments[direction.ordinal()][opcode.ordinal()].sum();
    }

    /** Returns the octets, DDP and RDMAP headers included, of the DDP segments of messages with {@code opcode}. */
    public long segmentOctets(Direction direction, RdmapOpcode opcode) {
        return segmentOctets[direction.ordinal()][opcode.ordinal()].sum();
    }

    /** Returns the requests that ended with {@code status}, unsignaled ones included. */
    public long completions(CompletedOperation operation, WorkCompletionStatus status) {
        return completions[operation.ordinal()][status.ordinal()].sum();
    }

    /** Returns how often {@code check} refused access to memory. */
    public long refusals(FailedCheck check) {
        return refusals[check.ordinal()].sum();
    }

    /** Returns how often a region or window became invalid for this reason. */
    public long invalidations(Invalidation why) {
        return invalidations[why.ordinal()].sum();
    }

    /** Returns the asynchronous events of {@code kind}. */
    public long asyncEvents(AsyncEvent.Kind kind) {
        return asyncEvents[kind.ordinal()].sum();
    }

    /** Returns the lookups of registration caches with {@code outcome}. */
    public long cacheLookups(CacheLookup outcome) {
        return cacheLookups[outcome.ordinal()].sum();
    }

    /** Returns the registrations that registration caches gave up for {@code reason}. */
    public long cacheRemovals(CacheRemoval reason) {
        return cacheRemovals[reason.ordinal()].sum();
    }

    /** Returns the registrations that registration caches have now. */
    public long cachedRegistrationsNow() {
        return value(Counter.CACHE_REGISTRATIONS)
                - Arrays.stream(cacheRemovals).mapToLong(LongAdder::sum).sum();
    }

    /** Returns the octets of these registrations. */
    public long cachedOctetsNow() {
        return value(Counter.CACHE_OCTETS_REGISTERED) - value(Counter.CACHE_OCTETS_REMOVED);
    }

    /** Returns the queue pairs that are in {@code state} now. */
    public long queuePairsNow(QueuePairState state) {
        return queuePairs[state.ordinal()].sum();
    }

    /** Returns the streams that wait for a receive now. */
    public long streamsPausedNow() {
        return value(Counter.STREAMS_PAUSED) - value(Counter.STREAMS_RESUMED);
    }

    /** Returns the connections that stand now. */
    public long connectionsNow() {
        return value(Counter.CONNECTIONS_ESTABLISHED)
                - value(Counter.CONNECTIONS_CLOSED)
                - value(Counter.CONNECTIONS_BROKEN);
    }

    /** Returns the completion queues that exist now. */
    public long completionQueuesNow() {
        return completionQueueCapacities.size();
    }

    /** Returns the sum of the capacities with which the completion queues that exist now were created. */
    public long completionQueueEntriesNow() {
        return completionQueueCapacities.values().stream()
                .mapToLong(Integer::longValue)
                .sum();
    }

    /** Returns the shared receive queues that exist now. */
    public long sharedReceiveQueuesNow() {
        return value(Counter.SHARED_RECEIVE_QUEUES_CREATED) - value(Counter.SHARED_RECEIVE_QUEUES_DESTROYED);
    }

    /** Returns the connections that wait for a staging buffer of this type now. */
    public long bufferWaitsNow(BufferUse.Type type) {
        return type == BufferUse.Type.TRANSMIT
                ? value(Counter.TRANSMIT_BUFFER_WAITS) - value(Counter.TRANSMIT_BUFFER_WAITS_ENDED)
                : value(Counter.RECEIVE_BUFFER_WAITS) - value(Counter.RECEIVE_BUFFER_WAITS_ENDED);
    }

    /** Returns the memory regions that exist now. */
    public long regionsNow() {
        return value(Counter.REGIONS_REGISTERED) - value(Counter.REGIONS_DEREGISTERED);
    }

    /** Returns the memory windows that exist now, bound or not. */
    public long windowsNow() {
        return value(Counter.WINDOWS_ALLOCATED) - value(Counter.WINDOWS_FREED);
    }

    /** Returns the sum of the lengths with which the memory regions that exist now were registered. */
    public long registeredOctetsNow() {
        return value(Counter.OCTETS_REGISTERED) - value(Counter.OCTETS_DEREGISTERED);
    }

    /**
     * Returns all counters that are not zero, by name: {@code regions_registered}, {@code segments_sent.send},
     * {@code completions.write.success}, {@code refusals.access_right}, {@code async_events.connection_reset}.
     */
    public Map<String, Long> snapshot() {
        Map<String, Long> values = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            put(values, counter.name(), value(counter));
        }
        for (Direction direction : Direction.values()) {
            for (RdmapOpcode opcode : RdmapOpcode.values()) {
                put(values, "segments_" + direction + "." + opcode, segments(direction, opcode));
                put(values, "segment_octets_" + direction + "." + opcode, segmentOctets(direction, opcode));
            }
        }
        for (CompletedOperation operation : CompletedOperation.values()) {
            for (WorkCompletionStatus status : WorkCompletionStatus.values()) {
                put(values, "completions." + operation + "." + status, completions(operation, status));
            }
        }
        for (FailedCheck check : FailedCheck.values()) {
            put(values, "refusals." + check, refusals(check));
        }
        for (Invalidation why : Invalidation.values()) {
            put(values, "invalidations." + why, invalidations(why));
        }
        for (CacheLookup outcome : CacheLookup.values()) {
            put(values, "cache_lookups." + outcome, cacheLookups(outcome));
        }
        for (CacheRemoval reason : CacheRemoval.values()) {
            put(values, "cache_removals." + reason, cacheRemovals(reason));
        }
        for (AsyncEvent.Kind kind : AsyncEvent.Kind.values()) {
            put(values, "async_events." + kind, asyncEvents(kind));
        }
        return values;
    }

    /** Returns how many queue pairs are in each state now. */
    public Map<QueuePairState, Long> queuePairsNow() {
        Map<QueuePairState, Long> counts = new EnumMap<>(QueuePairState.class);
        for (QueuePairState state : QueuePairState.values()) {
            counts.put(state, queuePairsNow(state));
        }
        return counts;
    }

    @Override
    public void onConnectionStarted(String device, boolean initiator, InetSocketAddress remote) {
        count(initiator ? Counter.CONNECTIONS_INITIATED : Counter.CONNECTIONS_ACCEPTED);
    }

    @Override
    public void onConnectionEstablished(String device, int queuePairNumber, Connection connection) {
        count(Counter.CONNECTIONS_ESTABLISHED);
    }

    @Override
    public void onConnectionFailed(String device, boolean initiator, InetSocketAddress remote, Throwable failure) {
        count(Counter.CONNECTIONS_FAILED);
    }

    @Override
    public void onConnectionClosed(String device, int queuePairNumber, FailureCause cause) {
        count(cause == null ? Counter.CONNECTIONS_CLOSED : Counter.CONNECTIONS_BROKEN);
    }

    @Override
    public void onStartupFrame(
            String device,
            Direction direction,
            InetSocketAddress remote,
            ByteBuffer lent,
            int offset,
            int lengthOctets) {
        count(direction == Direction.SENT ? Counter.STARTUP_FRAMES_SENT : Counter.STARTUP_FRAMES_RECEIVED);
    }

    @Override
    public void onQueuePairCreated(String device, int queuePairNumber) {
        count(Counter.QUEUE_PAIRS_CREATED);
        enter(queuePairNumber, QueuePairState.IDLE);
    }

    @Override
    public void onQueuePairDestroyed(String device, int queuePairNumber) {
        count(Counter.QUEUE_PAIRS_DESTROYED);
        leave(states.remove(queuePairNumber));
    }

    @Override
    public void onStateChanged(String device, int queuePairNumber, QueuePairState from, QueuePairState to) {
        enter(queuePairNumber, to);
    }

    @Override
    public void onSegment(
            String device,
            Direction direction,
            int queuePairNumber,
            ByteBuffer lent,
            int offset,
            int headerOctets,
            int octets) {
        // The octet behind DDP's control octet is RDMAP's, in segments of both models (RFC 5040 section 4.1).
        RdmapOpcode opcode = headerOctets < 2 ? null : RdmapControl.opcode(lent.get(offset + 1));
        if (opcode != null) {
            segments[direction.ordinal()][opcode.ordinal()].increment();
            segmentOctets[direction.ordinal()][opcode.ordinal()].add(octets);
        }
    }

    @Override
    public void onFpduRejected(String device, int queuePairNumber, FailureCause cause) {
        count(Counter.FPDUS_REJECTED);
    }

    @Override
    public void onAccessRefused(String device, int queuePairNumber, FailureCause cause) {
        refusals[cause.check().ordinal()].increment();
    }

    @Override
    public void onTerminate(String device, int queuePairNumber, TerminateInformation terminate) {
        count(terminate.sent() ? Counter.TERMINATES_SENT : Counter.TERMINATES_RECEIVED);
    }

    @Override
    public void onCompletion(
            String device,
            int queuePairNumber,
            CompletedOperation operation,
            WorkCompletionStatus status,
            long id,
            long lengthOctets) {
        completions[operation.ordinal()][status.ordinal()].increment();
        if (status == WorkCompletionStatus.SUCCESS) {
            if (operation == CompletedOperation.RECEIVE) {
                add(Counter.OCTETS_RECEIVED, lengthOctets);
            } else if (operation == CompletedOperation.READ) {
                add(Counter.OCTETS_READ, lengthOctets);
            }
        }
    }

    @Override
    public void onSocketTransfer(String device, Direction direction, int queuePairNumber, long octets) {
        boolean sent = direction == Direction.SENT;
        count(sent ? Counter.SOCKET_WRITES : Counter.SOCKET_READS);
        add(sent ? Counter.SOCKET_OCTETS_SENT : Counter.SOCKET_OCTETS_RECEIVED, octets);
    }

    @Override
    public void onRegionRegistered(String device, int stag, long lengthOctets) {
        count(Counter.REGIONS_REGISTERED);
        add(Counter.OCTETS_REGISTERED, lengthOctets);
    }

    @Override
    public void onRegionDeregistered(String device, int stag, long lengthOctets) {
        count(Counter.REGIONS_DEREGISTERED);
        add(Counter.OCTETS_DEREGISTERED, lengthOctets);
    }

    @Override
    public void onFastRegistered(String device, int queuePairNumber, int stag, long lengthOctets) {
        count(Counter.FAST_REGISTRATIONS);
    }

    @Override
    public void onWindowAllocated(String device, int stag) {
        count(Counter.WINDOWS_ALLOCATED);
    }

    @Override
    public void onWindowFreed(String device, int stag) {
        count(Counter.WINDOWS_FREED);
    }

    @Override
    public void onWindowBound(String device, int queuePairNumber, int stag, int regionStag, long lengthOctets) {
        count(Counter.WINDOWS_BOUND);
    }

    @Override
    public void onInvalidated(String device, int queuePairNumber, int stag, Invalidation why) {
        invalidations[why.ordinal()].increment();
    }

    @Override
    public void onSendQueueDrained(String device, int queuePairNumber, FailureCause cause) {
        if (cause != null) {
            count(Counter.SEND_QUEUES_DRAINED);
        }
    }

    @Override
    public void onCacheLookup(String device, CacheLookup outcome, int stag) {
        cacheLookups[outcome.ordinal()].increment();
    }

    @Override
    public void onCacheRegistered(String device, int stag, long lengthOctets) {
        count(Counter.CACHE_REGISTRATIONS);
        add(Counter.CACHE_OCTETS_REGISTERED, lengthOctets);
    }

    @Override
    public void onCacheRemoved(String device, int stag, long lengthOctets, CacheRemoval why) {
        cacheRemovals[why.ordinal()].increment();
        add(Counter.CACHE_OCTETS_REMOVED, lengthOctets);
    }

    @Override
    public void onCompletionQueueCreated(String device, int completionQueueNumber, int capacity) {
        count(Counter.COMPLETION_QUEUES_CREATED);
        completionQueueCapacities.put(completionQueueNumber, capacity);
    }

    @Override
    public void onCompletionQueueDestroyed(String device, int completionQueueNumber) {
        count(Counter.COMPLETION_QUEUES_DESTROYED);
        completionQueueCapacities.remove(completionQueueNumber);
    }

    @Override
    public void onSharedReceiveQueueCreated(String device, int sharedReceiveQueueNumber, int depth) {
        count(Counter.SHARED_RECEIVE_QUEUES_CREATED);
    }

    @Override
    public void onSharedReceiveQueueDestroyed(String device, int sharedReceiveQueueNumber) {
        count(Counter.SHARED_RECEIVE_QUEUES_DESTROYED);
    }

    @Override
    public void onMessageDropped(String device, int queuePairNumber, int sharedReceiveQueueNumber, long lengthOctets) {
        count(Counter.MESSAGES_DROPPED);
        add(Counter.OCTETS_DROPPED, lengthOctets);
    }

    @Override
    public void onStreamPaused(String device, int queuePairNumber) {
        count(Counter.STREAMS_PAUSED);
    }

    @Override
    public void onStreamResumed(String device, int queuePairNumber, long pausedNs) {
        count(Counter.STREAMS_RESUMED);
    }

    @Override
    public void onBufferWait(String device, int queuePairNumber, BufferUse.Type type) {
        count(type == BufferUse.Type.TRANSMIT ? Counter.TRANSMIT_BUFFER_WAITS : Counter.RECEIVE_BUFFER_WAITS);
    }

    @Override
    public void onBufferWaitEnd(String device, int queuePairNumber, BufferUse.Type type) {
        count(
                type == BufferUse.Type.TRANSMIT
                        ? Counter.TRANSMIT_BUFFER_WAITS_ENDED
                        : Counter.RECEIVE_BUFFER_WAITS_ENDED);
    }

    @Override
    public void onInlineRefused(String device, int queuePairNumber) {
        count(Counter.INLINE_REFUSALS);
    }

    @Override
    public void onBufferRefused(String device, int queuePairNumber, FailureCause cause) {
        count(Counter.BUFFER_REFUSALS);
    }

    @Override
    public void onAsyncEvent(String device, AsyncEvent event) {
        asyncEvents[event.kind().ordinal()].increment();
    }

    private void enter(int queuePairNumber, QueuePairState next) {
        leave(states.put(queuePairNumber, next));
        queuePairs[next.ordinal()].increment();
    }

    private void leave(QueuePairState state) {
        if (state != null) {
            queuePairs[state.ordinal()].decrement();
        }
    }

    private void count(Counter counter) {
        plain[counter.ordinal()].increment();
    }

    private void add(Counter counter, long octets) {
        plain[counter.ordinal()].add(octets);
    }

    private static void put(Map<String, Long> values, String name, long value) {
        if (value != 0) {
            values.put(name.toLowerCase(Locale.ROOT), value);
        }
    }

    private static LongAdder[][] adders(int rows, int columns) {
        LongAdder[][] table = new LongAdder[rows][];
        Arrays.setAll(table, row -> adders(columns));
        return table;
    }

    private static LongAdder[] adders(int count) {
        LongAdder[] row = new LongAdder[count];
        Arrays.setAll(row, i -> new LongAdder());
        return row;
    }
}
