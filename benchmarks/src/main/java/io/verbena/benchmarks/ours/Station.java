package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Progress;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.Notify;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One end of one connection: a queue pair, its completions, and a region to walk through with a page of control words behind
 * it. Each end tells the other where its region is in the private data.
 *
 * <p>Thread rule: one thread.
 */
final class Station implements AutoCloseable {
    /** Octets of control words behind the walk. */
    static final int CONTROL_OCTETS = 4096;

    /** Short, so that a server soon sees that a measurement is over. */
    private static final Duration NAP = Duration.ofMillis(20);

    private static final long SHORT_NAP_NS = 20_000;

    private final Device device;
    private final Workload workload;
    private final int walkOctets;
    private final ByteBuffer memory;
    private final MemoryRegion region;
    private final CompletionChannel channel;
    private final CompletionQueue completions;
    private final CompletionCursor cursor;
    private final QueuePair queuePair;
    private RemoteRegion remote;

    Station(Device device, Workload workload, int walkOctets) {
        this.device = device;
        this.workload = workload;
        this.walkOctets = walkOctets;
        ProtectionDomain domain = device.allocateProtectionDomain();
        memory = ByteBuffer.allocateDirect(walkOctets + CONTROL_OCTETS);
        region = domain.register(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
        int sends = Math.max(64, 2 * workload.batch() * workload.outstanding());
        int receives = receives(workload);
        channel = device.createCompletionChannel();
        completions = device.createCompletionQueue(2 * sends + receives, channel);
        cursor = completions.cursor();
        queuePair = domain.createQueuePair(QueuePairOptions.with(completions).withDepths(sends, receives));
    }

    /** Returns the options of a device that captures if the task says so. */
    static DeviceOptions options(EndTask task, String name, Progress progress) {
        DeviceOptions options = options(name, progress);
        return task.capture() == null ? options : options.withCapture(task.capture());
    }

    static DeviceOptions options(String name, Progress progress) {
        DeviceOptions options = DeviceOptions.defaults().withName(name);
        return progress.driven() ? options.withCallerDrivenProgress() : options;
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Returns how many receives a server keeps posted, and so how many Sends its client may have under way. */
    static int receives(Workload workload) {
        return workload.operation() == Operation.SEND ? 4 * workload.batch() * workload.outstanding() : 1;
    }

    static ConnectionParameters parameters(Workload workload) {
        ConnectionParameters base = ConnectionParameters.defaults().withDeadline(Patience.LIMIT);
        return workload.placement() == PlacementMode.DIRECT
                ? base.withPlacement(PlacementMode.DIRECT)
                : base.withCrc(true).withPlacement(workload.placement());
    }

    void connect(int port) throws Exception {
        ConnectionParameters parameters =
                parameters(workload).withPrivateData(region.remote().encode());
        byte[] answer = device.connect(queuePair, loopback(port), parameters).privateData();
        remote = RemoteRegion.decode(ByteBuffer.wrap(answer));
    }

    void accept(ConnectionListener listener) throws Exception {
        ConnectionRequest request = listener.nextRequest(Patience.LIMIT);
        remote = RemoteRegion.decode(ByteBuffer.wrap(request.privateData()));
        request.accept(
                queuePair, parameters(workload).withPrivateData(region.remote().encode()));
    }

    Workload workload() {
        return workload;
    }

    int walkOctets() {
        return walkOctets;
    }

    ByteBuffer memory() {
        return memory;
    }

    MemoryRegion region() {
        return region;
    }

    QueuePair queuePair() {
        return queuePair;
    }

    RemoteRegion remote() {
        return remote;
    }

    CompletionCursor cursor() {
        return cursor;
    }

    /**
     * Takes the next completion; false if there is none.
     *
     * @throws EndFailedException if it did not end well
     */
    boolean next() throws EndFailedException {
        if (!cursor.next()) {
            return false;
        }
        if (!cursor.success()) {
            FailureCause cause = cursor.cause();
            throw new EndFailedException(cursor.operation() + " ended with " + cursor.status()
                    + (cause == null ? "" : ": " + cause.root().message()));
        }
        return true;
    }

    /** Lets the device's loop run where there are fewer processors than threads; allocates nothing. */
    static void nap() {
        LockSupport.parkNanos(SHORT_NAP_NS);
    }

    /** Lets time pass in which nothing completes: sleeps for a moment, or lets others run, where the row says so. */
    void rest() {
        switch (workload.progress()) {
            case DRIVEN -> Thread.onSpinWait();
            case DRIVEN_ASLEEP -> device.progress(NAP);
            case BACKGROUND -> nap();
        }
    }

    /** Takes the next completion; sleeps until there is one, for a moment at most. */
    boolean nextAsleep() throws EndFailedException, InterruptedException {
        if (next()) {
            return true;
        }
        completions.arm(Notify.NEXT);
        if (next()) {
            return true;
        }
        return channel.await(NAP) != null && next();
    }

    @Override
    public void close() {
        queuePair.abort();
    }
}
