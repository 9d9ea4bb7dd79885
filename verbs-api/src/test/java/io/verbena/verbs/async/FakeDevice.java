package io.verbena.verbs.async;

import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceAttributes;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ListenerOptions;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamListener;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import io.verbena.verbs.cm.PlainStreamOptions;
import io.verbena.verbs.cm.StreamBinding;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A device without an engine, with one domain; when caller-driven its progress runs what the test has prepared. */
final class FakeDevice implements Device {
    final Domain domain = new Domain();
    final List<FakeQueuePair> queuePairs = new CopyOnWriteArrayList<>();
    final List<FakeRegion> regions = new CopyOnWriteArrayList<>();
    final Deque<Runnable> nextProgress = new ArrayDeque<>();
    private final boolean callerDriven;

    FakeDevice(boolean callerDriven) {
        this.callerDriven = callerDriven;
    }

    @Override
    public DeviceAttributes query() {
        return new DeviceAttributes(
                name(), "fake", "1", "none", 1, callerDriven, DeviceLimits.defaults(), 0, 0, 0, 0, 0);
    }

    @Override
    public boolean progress(Duration maxWait) {
        Runnable next = nextProgress.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    @Override
    public String name() {
        return "fake0";
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() {
        return domain;
    }

    @Override
    public CompletionChannel createCompletionChannel() {
        return new FakeCompletionChannel();
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) {
        return new FakeCompletionQueue(null);
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity, CompletionChannel channel) {
        return new FakeCompletionQueue((FakeCompletionChannel) channel);
    }

    @Override
    public Connection connect(QueuePair queuePair, InetSocketAddress remote, ConnectionParameters parameters) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Connection> connectAsync(
            QueuePair queuePair, InetSocketAddress remote, ConnectionParameters parameters) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PlainStream openStream(InetSocketAddress remote, PlainStreamOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PlainStreamListener listenForStreams(InetSocketAddress local, PlainStreamListenerOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<StreamBinding> streams() {
        return List.of();
    }

    @Override
    public ConnectionListener listen(InetSocketAddress local, ListenerOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemorySnapshot queryMemory(int stag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BufferPoolSnapshot queryBufferPool() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String dumpMemory() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onAsyncEvent(Consumer<AsyncEvent> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** The domain. */
    final class Domain implements ProtectionDomain {
        @Override
        public MemoryRegion registerShared(MemoryRegion existing, RegionOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MemoryRegion allocateRegion(int maxPages, boolean remoteAccess) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MemoryWindow allocateWindow(WindowType type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int number() {
            return 1;
        }

        @Override
        public Device device() {
            return FakeDevice.this;
        }

        @Override
        public MemoryRegion register(List<ByteBuffer> lent, RegionOptions options) {
            FakeRegion region = new FakeRegion(
                    0x100 + regions.size(),
                    lent.stream().mapToLong(ByteBuffer::remaining).sum());
            regions.add(region);
            return region;
        }

        @Override
        public RegistrationCache createRegistrationCache(CacheOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SharedReceiveQueue createSharedReceiveQueue(SharedReceiveQueueOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public QueuePair createQueuePair(QueuePairOptions options) {
            FakeQueuePair queuePair = new FakeQueuePair(queuePairs.size() + 1, this, options);
            queuePairs.add(queuePair);
            return queuePair;
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }
}
