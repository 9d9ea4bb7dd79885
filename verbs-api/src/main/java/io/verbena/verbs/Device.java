package io.verbena.verbs;

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
import io.verbena.verbs.spi.VerbsProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An open RDMA adapter (verbs: RNIC): the root of all other objects.
 *
 * <pre>{@code
 * try (Device device = Device.open()) {
 *     ProtectionDomain domain = device.allocateProtectionDomain();
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread rule: any thread.
 */
public interface Device extends AutoCloseable {
    /** Opens a device with default options. */
    static Device open() {
        return open(DeviceOptions.defaults());
    }

    /**
     * Opens a device of the provider found on the class path.
     *
     * @throws IllegalStateException if no provider is found, or the transport asked for is not there
     */
    static Device open(DeviceOptions options) {
        return VerbsProvider.load().open(options);
    }

    /** Returns its name. */
    String name();

    /** Returns what it is and what lives on it now. */
    DeviceAttributes query();

    /**
     * Allocates a protection domain.
     *
     * @throws LimitExceededException if the device has no room for one more
     */
    ProtectionDomain allocateProtectionDomain();

    /** Creates a channel that completion queues can notify. */
    CompletionChannel createCompletionChannel();

    /**
     * Creates a completion queue that is only polled.
     *
     * @param capacity completions it shall hold, 1 to {@link DeviceLimits#maxCompletionQueueEntries()}; to be safe the sum
     *     of the depths of the queues that use it, if no request is posted in place of one whose completion was not polled
     * @throws IllegalArgumentException if the capacity is out of range
     * @throws LimitExceededException if the device has no room for one more
     */
    CompletionQueue createCompletionQueue(int capacity);

    /** Creates a completion queue that can notify {@code channel}. */
    CompletionQueue createCompletionQueue(int capacity, CompletionChannel channel);

    /**
     * Connects {@code queuePair} to the listener at {@code remote} and waits until the connection stands.
     *
     * @throws ConnectionFailedException if it does not come to stand within {@link ConnectionParameters#deadline()}; the
     *     subclass says how it failed. The queue pair is back in Idle, unless it was moved to Error or destroyed meanwhile,
     *     which gives the attempt up
     * @throws IllegalStateException if the queue pair is not in Idle
     * @throws InterruptedException if the thread was interrupted; the attempt is given up
     */
    Connection connect(QueuePair queuePair, InetSocketAddress remote, ConnectionParameters parameters)
            throws ConnectionFailedException, InterruptedException;

    /** Starts a connection attempt; the future fails with {@link ConnectionFailedException}. */
    CompletableFuture<Connection> connectAsync(
            QueuePair queuePair, InetSocketAddress remote, ConnectionParameters parameters);

    /**
     * Listens for connections at {@code local}; port 0 takes any free port.
     *
     * @throws IOException if the address cannot be bound
     * @throws IllegalArgumentException if the options pass {@link DeviceLimits#maxPendingConnections()}
     */
    ConnectionListener listen(InetSocketAddress local, ListenerOptions options) throws IOException;

    /** Listens with default options. */
    default ConnectionListener listen(InetSocketAddress local) throws IOException {
        return listen(local, ListenerOptions.defaults());
    }

    /**
     * Opens a TCP connection in streaming mode: nothing is bound to it until MPA starts on it, if ever.
     *
     * @return the stream, which the caller has to close
     * @throws ConnectionFailedException if TCP does not connect within {@link PlainStreamOptions#deadline()}
     * @throws LimitExceededException if the device has as many plain streams as it allows
     * @throws InterruptedException if the thread was interrupted; the attempt is given up
     */
    PlainStream openStream(InetSocketAddress remote, PlainStreamOptions options)
            throws ConnectionFailedException, InterruptedException;

    /**
     * Listens for TCP connections at {@code local} (port 0 takes any free port) and gives them to the application in
     * streaming mode.
     *
     * @throws IOException if the address cannot be bound
     * @throws IllegalArgumentException if the options pass {@link DeviceLimits#maxPendingConnections()}
     */
    PlainStreamListener listenForStreams(InetSocketAddress local, PlainStreamListenerOptions options)
            throws IOException;

    /**
     * Returns what each TCP connection of the device is bound to now: an RDMA queue pair, or nothing (SYS-MEM-16). In no
     * particular order.
     */
    List<StreamBinding> streams();

    /**
     * Returns what the translation and protection table holds at the Tag Index of {@code stag} now (SYS-MEM-02), or null if
     * there is nothing.
     */
    MemorySnapshot queryMemory(int stag);

    /** Returns the translation and protection table for people to read: a line for each entry, and a line of totals. */
    String dumpMemory();

    /** Returns who has the staging buffers of the adapter's pool now, and what for (SYS-POOL-03, SYS-POOL-06). */
    BufferPoolSnapshot queryBufferPool();

    /**
     * Sets who hears of asynchronous events; a new handler replaces the old one, null turns them off (VRB-AE-01).
     *
     * <p>Events come one at a time on a thread of their own; a slow handler delays only later events.
     */
    void onAsyncEvent(Consumer<AsyncEvent> handler);

    /**
     * Makes a caller-driven device progress on the calling thread: input, output and timers.
     *
     * @param maxWait how long to wait for something to do; zero does not wait
     * @return whether anything was done
     * @throws IllegalStateException if the device makes progress in the background
     */
    boolean progress(Duration maxWait);

    /**
     * Closes the device with everything that lives on it, in reverse order of dependence; connections that still stand are
     * broken. Waits for its threads, at most a few seconds. Idempotent.
     */
    @Override
    void close();
}
