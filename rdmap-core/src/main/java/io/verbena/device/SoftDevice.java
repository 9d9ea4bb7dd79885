package io.verbena.device;

import io.verbena.capture.DeviceCapture;
import io.verbena.connection.ConnectionManager;
import io.verbena.connection.Waiting;
import io.verbena.engine.BufferRules;
import io.verbena.engine.EngineContext;
import io.verbena.engine.QueuePairEngine;
import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.memory.PoolSizes;
import io.verbena.memory.TableEntry;
import io.verbena.memory.TableLimits;
import io.verbena.observe.FanOutEvents;
import io.verbena.queue.Progress;
import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.queuepair.QueuePairTable;
import io.verbena.rdmap.AtomicUnit;
import io.verbena.rdmap.LoopResources;
import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import io.verbena.transport.StreamTransport;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceAttributes;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ListenerOptions;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamListener;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import io.verbena.verbs.cm.PlainStreamOptions;
import io.verbena.verbs.cm.StreamBinding;
import io.verbena.verbs.observe.StackEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * An open software adapter: puts the rooms together and keeps the list of what lives on it.
 *
 * <p>Thread rule: any thread.
 */
final class SoftDevice implements Device {
    /** How long Closing and Terminate may take before the connection is broken. */
    private static final long CLOSE_TIMEOUT_NS = 2_000_000_000L;

    /** How long a verb waits for the loop of its queue pair; loops never block, so this is never reached. */
    private static final long LOOP_PATIENCE_NS = 30_000_000_000L;

    private static final String VERSION = "0.1.0";

    private final DeviceOptions options;
    private final DeviceLimits limits;
    private final DeviceCapture capture;
    private final StreamTransport transport;
    private final NanoClock clock;
    private final Progress progress;
    private final Waiting waiting;
    private final StackEvents events;
    private final EventDispatcher dispatcher;
    private final MemoryTranslationProtectionTable memory;
    private final AdapterBufferPool pool;
    private final EngineContext context;
    private final ConnectionManager connections;
    private final QueuePairTable<SoftQueuePair> queuePairs;
    private final CompletionObjects completions;

    private final Object lock = new Object();
    private final Set<SoftProtectionDomain> domains = new LinkedHashSet<>();
    private int sharedReceiveQueues;
    private final AtomicInteger nextDomain = new AtomicInteger(1);
    private final AtomicInteger nextSharedReceiveQueue = new AtomicInteger(1);
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    SoftDevice(DeviceOptions options, RandomGenerator stagRandomness) {
        this.options = options;
        limits = options.limits();
        int loops = options.callerDriven() ? 1 : loopsFor(options.eventLoops());
        OptionsCheck.staging(limits, loops);
        events = FanOutEvents.of(options.listeners());
        capture = options.capture() == null ? null : openCapture();
        transport = openTransport(loops);
        clock = transport.loop(0).clock();
        progress = options.callerDriven() ? Progress.of(transport.loop(0)) : null;
        waiting = new Waiting(clock, progress, this::onBackgroundLoop);
        dispatcher = new EventDispatcher(options.name());
        memory = new MemoryTranslationProtectionTable(
                new TableLimits(
                        limits.maxRegions(), limits.maxWindows(), limits.directPages(), limits.firstOrderPages()),
                options.stagPolicy(),
                options.windowLifetime(),
                stagRandomness);
        pool = new AdapterBufferPool(
                PoolSizes.of(limits, loops * LoopResources.BUFFERS_PER_TYPE, loops * LoopResources.FRAMING_BUFFERS));
        List<LoopResources> resources = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            resources.add(new LoopResources(transport.loop(i), pool));
        }
        context = new EngineContext(
                options.name(),
                memory,
                BufferRules.of(pool, limits, options.bufferGrant()),
                new AtomicUnit(),
                events,
                dispatcher::accept,
                List.copyOf(resources),
                CLOSE_TIMEOUT_NS);
        connections = new ConnectionManager(context, transport, waiting, dispatcher, limits.maxPlainStreams());
        queuePairs = new QueuePairTable<>(limits.maxQueuePairs());
        completions = new CompletionObjects(this, clock, progress, options.borrowedLoops());
        if (events != null) {
            events.onDeviceOpened(options.name());
        }
    }

    private DeviceCapture openCapture() {
        try {
            return DeviceCapture.open(options.capture(), why -> {
                if (events != null) {
                    events.onCaptureEnded(options.name(), why);
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
    }

    private StreamTransport openTransport(int loops) {
        boolean opened = false;
        try {
            StreamTransport plain =
                    Transports.find(options.transport()).open(loops, options.callerDriven(), options.name() + "-io-");
            opened = true;
            return capture == null ? plain : capture.around(options.name(), plain);
        } finally {
            if (!opened && capture != null) {
                capture.close();
            }
        }
    }

    private static int loopsFor(int wished) {
        return wished > 0 ? wished : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private boolean onBackgroundLoop() {
        if (options.callerDriven()) {
            return false;
        }
        for (int i = 0; i < transport.loopCount(); i++) {
            if (transport.loop(i).inLoop()) {
                return true;
            }
        }
        return false;
    }

    // ---- for the other classes of this room ----

    MemoryTranslationProtectionTable memory() {
        return memory;
    }

    AdapterBufferPool pool() {
        return pool;
    }

    AtomicUnit atomicUnit() {
        return context.atomicUnit();
    }

    DeviceLimits limits() {
        return limits;
    }

    /** Returns the region if it is one of this device. */
    SoftMemoryRegion own(MemoryRegion region) {
        if (region instanceof SoftMemoryRegion ours && ours.device() == this) {
            return ours;
        }
        throw new IllegalArgumentException(region + " is not a region of device " + name());
    }

    /** Returns the domain if it is an open one of this device. */
    SoftProtectionDomain own(ProtectionDomain domain) {
        synchronized (lock) {
            if (domain instanceof SoftProtectionDomain ours && domains.contains(ours)) {
                return ours;
            }
        }
        throw new IllegalArgumentException(domain + " is not an open protection domain of device " + name());
    }

    /** Tells listeners that a region was given another STag. */
    void onReregistered(int stagBefore, long octetsBefore, TableEntry after) {
        if (events != null) {
            events.onRegionDeregistered(name(), stagBefore, octetsBefore);
            events.onRegionRegistered(name(), after.stag(), after.lengthOctets());
        }
    }

    StackEvents events() {
        return events;
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    Waiting waiting() {
        return waiting;
    }

    void awaitUninterruptibly(CompletableFuture<?> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (!waiting.await(future, LOOP_PATIENCE_NS)) {
                        throw new IllegalStateException("device " + name()
                                + " makes no progress: it is caller-driven, and its owner does not drive it");
                    }
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    SoftQueuePair createQueuePair(SoftProtectionDomain domain, QueuePairOptions wished) {
        requireOpen();
        OptionsCheck.queuePair(wished, limits);
        SoftCompletionQueue sends = completions.own(wished.sendQueue());
        SoftCompletionQueue receives = completions.own(wished.receiveQueue());
        EventLoop loop = transport.loop(Math.floorMod(nextLoop.getAndIncrement(), transport.loopCount()));
        SoftSharedReceiveQueue shared = own(wished.sharedReceiveQueue());
        if (shared != null) {
            shared.requireDomain(domain);
        }
        SoftQueuePair queuePair = queuePairs.create(number -> {
            ReceiveAccount account = shared == null ? null : shared.attach(number, wished.receiveWeight());
            SoftQueuePair made = null;
            try {
                made = new SoftQueuePair(
                        this,
                        domain,
                        new QueuePairEngine(context, number, domain.number(), wished, sends, receives, account, loop),
                        sends,
                        receives,
                        shared);
            } finally {
                if (made == null && account != null) {
                    shared.detach(account);
                }
            }
            return made;
        });
        if (events != null) {
            events.onQueuePairCreated(name(), queuePair.number());
        }
        return queuePair;
    }

    /** Returns the queue if it is one of this device, or null for null. */
    private SoftSharedReceiveQueue own(SharedReceiveQueue queue) {
        if (queue == null || (queue instanceof SoftSharedReceiveQueue ours && ours.device() == this)) {
            return (SoftSharedReceiveQueue) queue;
        }
        throw new IllegalArgumentException(queue + " is not a shared receive queue of device " + name());
    }

    SoftSharedReceiveQueue createSharedReceiveQueue(SoftProtectionDomain domain, SharedReceiveQueueOptions wished) {
        requireOpen();
        OptionsCheck.sharedReceiveQueue(wished, limits);
        synchronized (lock) {
            if (sharedReceiveQueues >= limits.maxSharedReceiveQueues()) {
                throw new LimitExceededException(
                        "device " + name() + " allows " + limits.maxSharedReceiveQueues() + " shared receive queues");
            }
            sharedReceiveQueues++;
        }
        SoftSharedReceiveQueue queue =
                new SoftSharedReceiveQueue(this, domain, nextSharedReceiveQueue.getAndIncrement(), wished);
        if (events != null) {
            events.onSharedReceiveQueueCreated(name(), queue.number(), wished.depth());
        }
        return queue;
    }

    void forget(SoftSharedReceiveQueue queue) {
        synchronized (lock) {
            sharedReceiveQueues--;
        }
        if (events != null) {
            events.onSharedReceiveQueueDestroyed(name(), queue.number());
        }
    }

    /** Runs {@code task} on the thread on which asynchronous events come. */
    void onEventThread(Runnable task) {
        dispatcher.execute(task);
    }

    /** Tells the application and the listeners. */
    void raise(AsyncEvent event) {
        if (events != null) {
            events.onAsyncEvent(name(), event);
        }
        dispatcher.accept(event);
    }

    void forget(SoftQueuePair queuePair) {
        queuePairs.remove(queuePair.number());
        if (events != null) {
            events.onQueuePairDestroyed(name(), queuePair.number());
        }
    }

    void forget(SoftProtectionDomain domain) {
        synchronized (lock) {
            domains.remove(domain);
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("device " + name() + " is closed");
        }
    }

    // ---- verbs ----

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public DeviceAttributes query() {
        synchronized (lock) {
            return new DeviceAttributes(
                    name(),
                    SoftIwarpProvider.NAME,
                    VERSION,
                    transport.name(),
                    transport.loopCount(),
                    options.callerDriven(),
                    limits,
                    queuePairs.size(),
                    completions.queueCount(),
                    domains.size(),
                    memory.regions(),
                    memory.registeredOctets());
        }
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() {
        requireOpen();
        synchronized (lock) {
            if (domains.size() >= limits.maxProtectionDomains()) {
                throw new LimitExceededException(
                        "device " + name() + " allows " + limits.maxProtectionDomains() + " protection domains");
            }
            SoftProtectionDomain domain = new SoftProtectionDomain(this, nextDomain.getAndIncrement());
            domains.add(domain);
            return domain;
        }
    }

    @Override
    public CompletionChannel createCompletionChannel() {
        requireOpen();
        return completions.createChannel();
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) {
        return createCompletionQueue(capacity, null);
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity, CompletionChannel channel) {
        requireOpen();
        return completions.createQueue(capacity, channel);
    }

    @Override
    public Connection connect(QueuePair queuePair, InetSocketAddress remote, ConnectionParameters parameters)
            throws ConnectionFailedException, InterruptedException {
        requireOpen();
        return connections.connect(own(queuePair), remote, parameters);
    }

    @Override
    public CompletableFuture<Connection> connectAsync(
            QueuePair queuePair, InetSocketAddress remote, ConnectionParameters parameters) {
        requireOpen();
        return connections.connectAsync(own(queuePair), remote, parameters);
    }

    private SoftQueuePair own(QueuePair queuePair) {
        if (queuePair instanceof SoftQueuePair ours && queuePairs.find(ours.number()) == ours) {
            return ours;
        }
        throw new IllegalArgumentException(queuePair + " is not a queue pair of device " + name());
    }

    @Override
    public ConnectionListener listen(InetSocketAddress local, ListenerOptions listenerOptions) throws IOException {
        requireOpen();
        OptionsCheck.listener(listenerOptions, limits);
        return connections.listen(local, listenerOptions);
    }

    @Override
    public MemorySnapshot queryMemory(int stag) {
        TableEntry entry = memory.lookup(stag);
        return entry == null ? null : entry.snapshot();
    }

    @Override
    public String dumpMemory() {
        return memory.dump();
    }

    @Override
    public BufferPoolSnapshot queryBufferPool() {
        return pool.snapshot();
    }

    @Override
    public PlainStream openStream(InetSocketAddress remote, PlainStreamOptions streamOptions)
            throws ConnectionFailedException, InterruptedException {
        requireOpen();
        return connections.openStream(remote, streamOptions);
    }

    @Override
    public PlainStreamListener listenForStreams(InetSocketAddress local, PlainStreamListenerOptions listenerOptions)
            throws IOException {
        requireOpen();
        OptionsCheck.listener(listenerOptions, limits);
        return connections.listenForStreams(local, listenerOptions);
    }

    @Override
    public List<StreamBinding> streams() {
        return connections.streams();
    }

    @Override
    public void onAsyncEvent(Consumer<AsyncEvent> handler) {
        dispatcher.handler(handler);
    }

    @Override
    public boolean progress(Duration maxWait) {
        if (progress == null) {
            throw new IllegalStateException("device " + name() + " makes progress in the background");
        }
        return transport.loop(0).drive(maxWait.toNanos()) > 0;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        connections.closeListeners();
        List<SoftProtectionDomain> leftDomains;
        synchronized (lock) {
            leftDomains = new ArrayList<>(domains);
        }
        // A shared receive queue may serve queue pairs of other domains, so these go first.
        leftDomains.forEach(SoftProtectionDomain::closeQueuePairs);
        leftDomains.forEach(SoftProtectionDomain::closeTree);
        completions.close();
        transport.close();
        if (capture != null) {
            capture.close();
        }
        context.resources().forEach(LoopResources::close);
        dispatcher.close();
        if (events != null) {
            events.onDeviceClosed(name());
        }
        if (!pool.whole()) {
            throw new IllegalStateException("device " + name() + " closed with " + pool.inUse()
                    + " staging buffers not given back: " + pool.holders());
        }
    }

    @Override
    public String toString() {
        return "device " + name();
    }
}
