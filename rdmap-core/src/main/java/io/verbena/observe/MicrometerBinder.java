package io.verbena.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.async.CacheLookup;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.observe.StackEvents.Direction;
import io.verbena.verbs.observe.StackEvents.Invalidation;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Shows the {@link Counters} of a device as Micrometer meters:
 *
 * <pre>{@code
 * Counters counters = new Counters();
 * Device device = Device.open(DeviceOptions.defaults().withListener(counters));
 * new MicrometerBinder(device, counters).bindTo(registry);
 * }</pre>
 *
 * <p>The meters read the counters when they are scraped; nothing is added to the work of the device. Their names, units and
 * tags are listed in {@code docs/metrics.md}. Needs {@code micrometer-core} on the class path.
 *
 * <p>Thread rule: any thread.
 */
public final class MicrometerBinder implements MeterBinder {
    private final String device;
    private final Counters counters;
    private final DeviceLimits limits;
    private final Supplier<BufferPoolSnapshot> pool;

    /**
     * Makes a binder.
     *
     * @param device value of the tag {@code device}
     * @param counters the device's counters; the registry's meters keep them alive
     */
    public MicrometerBinder(String device, Counters counters) {
        this(device, counters, null, null);
    }

    /**
     * Makes a binder that shows the device's buffer pool as well, as it is when the meters are scraped.
     *
     * @param device the device; the registry's meters keep it alive
     * @param counters the device's counters
     */
    public MicrometerBinder(Device device, Counters counters) {
        this(device.name(), counters, device.query().limits(), device::queryBufferPool);
    }

    MicrometerBinder(String device, Counters counters, DeviceLimits limits, Supplier<BufferPoolSnapshot> pool) {
        this.device = Objects.requireNonNull(device, "device");
        this.counters = Objects.requireNonNull(counters, "counters");
        this.limits = limits;
        this.pool = pool;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry, device, counters);
        bindConnections(meters);
        bindTraffic(meters);
        bindFailures(meters);
        bindQueues(meters);
        bindMemory(meters);
        bindWaits(meters);
        if (pool != null) {
            bindPool(meters);
        }
        bindCaches(meters);
    }

    private static void bindConnections(Meters meters) {
        meters.count(Metric.CONNECTION_ATTEMPTS, Counter.CONNECTIONS_INITIATED, "initiator");
        meters.count(Metric.CONNECTION_ATTEMPTS, Counter.CONNECTIONS_ACCEPTED, "responder");
        meters.count(Metric.CONNECTIONS_ESTABLISHED, Counter.CONNECTIONS_ESTABLISHED);
        meters.count(Metric.CONNECTION_FAILURES, Counter.CONNECTIONS_FAILED);
        meters.count(Metric.CONNECTIONS_ENDED, Counter.CONNECTIONS_CLOSED, "orderly");
        meters.count(Metric.CONNECTIONS_ENDED, Counter.CONNECTIONS_BROKEN, "broken");
        meters.gauge(Metric.CONNECTIONS_ACTIVE, Counters::connectionsNow);
        meters.count(Metric.STARTUP_FRAMES, Counter.STARTUP_FRAMES_SENT, "sent");
        meters.count(Metric.STARTUP_FRAMES, Counter.STARTUP_FRAMES_RECEIVED, "received");
    }

    private static void bindTraffic(Meters meters) {
        for (Direction direction : Direction.values()) {
            for (RdmapOpcode opcode : RdmapOpcode.values()) {
                meters.count(Metric.SEGMENTS, all -> all.segments(direction, opcode), tag(direction), tag(opcode));
                meters.count(
                        Metric.SEGMENT_DATA, all -> all.segmentOctets(direction, opcode), tag(direction), tag(opcode));
            }
        }
        meters.count(Metric.SOCKET_TRANSFERS, Counter.SOCKET_WRITES, "sent");
        meters.count(Metric.SOCKET_TRANSFERS, Counter.SOCKET_READS, "received");
        meters.count(Metric.SOCKET_DATA, Counter.SOCKET_OCTETS_SENT, "sent");
        meters.count(Metric.SOCKET_DATA, Counter.SOCKET_OCTETS_RECEIVED, "received");
    }

    private static void bindFailures(Meters meters) {
        meters.count(Metric.FPDUS_REJECTED, Counter.FPDUS_REJECTED);
        meters.count(Metric.TERMINATES, Counter.TERMINATES_SENT, "sent");
        meters.count(Metric.TERMINATES, Counter.TERMINATES_RECEIVED, "received");
        for (FailedCheck check : FailedCheck.values()) {
            meters.count(Metric.ACCESS_REFUSALS, all -> all.refusals(check), tag(check));
        }
        for (AsyncEvent.Kind kind : AsyncEvent.Kind.values()) {
            meters.count(Metric.ASYNC_EVENTS, all -> all.asyncEvents(kind), tag(kind));
        }
    }

    private static void bindQueues(Meters meters) {
        for (QueuePairState state : QueuePairState.values()) {
            meters.gauge(Metric.QUEUE_PAIRS, all -> all.queuePairsNow(state), tag(state));
        }
        for (CompletedOperation operation : CompletedOperation.values()) {
            for (WorkCompletionStatus status : WorkCompletionStatus.values()) {
                meters.count(
                        Metric.COMPLETIONS, all -> all.completions(operation, status), tag(operation), tag(status));
            }
        }
        meters.count(Metric.COMPLETION_DATA, Counter.OCTETS_RECEIVED, tag(CompletedOperation.RECEIVE));
        meters.count(Metric.COMPLETION_DATA, Counter.OCTETS_READ, tag(CompletedOperation.READ));
        meters.gauge(Metric.COMPLETION_QUEUES, Counters::completionQueuesNow);
        meters.gauge(Metric.COMPLETION_QUEUE_CAPACITY, Counters::completionQueueEntriesNow);
        meters.gauge(Metric.SHARED_RECEIVE_QUEUES, Counters::sharedReceiveQueuesNow);
        meters.count(Metric.MESSAGES_DROPPED, Counter.MESSAGES_DROPPED);
        meters.count(Metric.DROPPED_DATA, Counter.OCTETS_DROPPED);
        meters.count(Metric.RECEIVE_PAUSES, Counter.STREAMS_PAUSED);
        meters.gauge(Metric.STREAMS_PAUSED, Counters::streamsPausedNow);
    }

    private static void bindWaits(Meters meters) {
        meters.count(Metric.BUFFER_WAITS, Counter.TRANSMIT_BUFFER_WAITS, "transmit");
        meters.count(Metric.BUFFER_WAITS, Counter.RECEIVE_BUFFER_WAITS, "receive");
        for (BufferUse.Type type : BufferUse.Type.values()) {
            meters.gauge(Metric.BUFFER_WAITING, all -> all.bufferWaitsNow(type), tag(type));
        }
        meters.count(Metric.BUFFER_REFUSALS, Counter.INLINE_REFUSALS, "inline");
        meters.count(Metric.BUFFER_REFUSALS, Counter.BUFFER_REFUSALS, "transfer");
    }

    private void bindPool(Meters meters) {
        meters.gauge(Metric.BUFFER_LIMITS, all -> limits.stagingBuffers(), "pool");
        meters.gauge(Metric.BUFFER_LIMITS, all -> limits.transmitBuffers(), "transmit");
        meters.gauge(Metric.BUFFER_LIMITS, all -> limits.receiveBuffers(), "receive");
        meters.gauge(Metric.BUFFER_LIMITS, all -> limits.queuePairBuffers(), "queue_pair");
        meters.gauge(Metric.BUFFER_LIMITS, all -> limits.queuePairInlineBuffers(), "inline");
        meters.gauge(Metric.BUFFERS, all -> pool.get().free(), "free");
        meters.gauge(Metric.BUFFERS, all -> pool.get().transmit(), "transmit");
        meters.gauge(Metric.BUFFERS, all -> pool.get().receive(), "receive");
        for (BufferUse use : BufferUse.values()) {
            meters.gauge(Metric.BUFFER_USES, all -> pool.get().used(use), tag(use));
        }
    }

    private static void bindMemory(Meters meters) {
        meters.gauge(Metric.REGIONS, Counters::regionsNow);
        meters.gauge(Metric.REGION_DATA, Counters::registeredOctetsNow);
        meters.count(Metric.REGISTRATIONS, Counter.REGIONS_REGISTERED);
        meters.count(Metric.FAST_REGISTRATIONS, Counter.FAST_REGISTRATIONS);
        meters.gauge(Metric.WINDOWS, Counters::windowsNow);
        meters.count(Metric.WINDOW_BINDINGS, Counter.WINDOWS_BOUND);
        for (Invalidation by : Invalidation.values()) {
            meters.count(Metric.INVALIDATIONS, all -> all.invalidations(by), tag(by));
        }
        meters.count(Metric.SEND_QUEUES_DRAINED, Counter.SEND_QUEUES_DRAINED);
    }

    private static void bindCaches(Meters meters) {
        for (CacheLookup outcome : CacheLookup.values()) {
            meters.count(Metric.CACHE_LOOKUPS, all -> all.cacheLookups(outcome), tag(outcome));
        }
        for (CacheRemoval reason : CacheRemoval.values()) {
            meters.count(Metric.CACHE_REMOVALS, all -> all.cacheRemovals(reason), tag(reason));
        }
        meters.gauge(Metric.CACHE_REGISTRATIONS, Counters::cachedRegistrationsNow);
        meters.gauge(Metric.CACHE_DATA, Counters::cachedOctetsNow);
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Registers meters of one device. */
    private record Meters(MeterRegistry registry, String device, Counters counters) {
        void count(Metric metric, Counter counter, String... tagValues) {
            count(metric, all -> all.value(counter), tagValues);
        }

        void count(Metric metric, ToDoubleFunction<Counters> value, String... tagValues) {
            FunctionCounter.builder(metric.meterName(), counters, value)
                    .description(metric.sentence())
                    .baseUnit(metric.baseUnit())
                    .tags(tags(metric, tagValues))
                    .register(registry);
        }

        void gauge(Metric metric, ToDoubleFunction<Counters> value, String... tagValues) {
            Gauge.builder(metric.meterName(), counters, value)
                    .description(metric.sentence())
                    .baseUnit(metric.baseUnit())
                    .tags(tags(metric, tagValues))
                    .strongReference(true)
                    .register(registry);
        }

        private Tags tags(Metric metric, String... values) {
            Tags tags = Tags.of("device", device);
            for (int i = 0; i < values.length; i++) {
                tags = tags.and(metric.tags().get(i), values[i]);
            }
            return tags;
        }
    }
}
