package io.verbena.testkit.simulated;

import io.verbena.transport.NanoClock;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.cm.Connection;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A network of devices in one thread, under virtual time, that a seed replays to the octet.
 *
 * <pre>{@code
 * try (SimulatedNetwork network = SimulatedNetwork.seeded(42)) {
 *     Device one = network.open(DeviceOptions.defaults().withName("one"));
 *     Device two = network.open(DeviceOptions.defaults().withName("two"));
 *     ...                                   // listen, connect, post, poll: as over TCP
 *     network.run(() -> arrived(), Duration.ofSeconds(1));
 * }
 * }</pre>
 *
 * <p>Devices are caller-driven, and whoever drives one drives them all: a verb that waits, a poll that finds nothing,
 * {@link #run}, {@link #step}. So a program for TCP runs here unchanged. A poll that finds nothing takes
 * {@link #POLL_NS} nanoseconds of virtual time, a wait as much as it may last; happenings in between cut both short. Nothing
 * waits for real time.
 *
 * <p>For two runs to be the same, all work has to be done by one thread. Handlers of asynchronous events and connection
 * requests run on a thread of their own, so take requests with {@code nextRequest} instead, and look at events through
 * listeners.
 *
 * <p>Thread rule: the first thread that drives owns the network while it lives; calls of others have no effect, except that
 * tasks they give to a loop wait there. {@link #open} and the methods that script a link are for that thread.
 */
public final class SimulatedNetwork implements AutoCloseable {
    /** Virtual nanoseconds that a poll takes which finds nothing to do. */
    public static final long POLL_NS = 10_000;

    private static final long FAR_NS = Long.MAX_VALUE / 2;

    private final long seed;
    private final SplittableRandom random;
    private final Agenda agenda = new Agenda();
    private final Ports ports = new Ports();
    private final AtomicReference<Thread> owner = new AtomicReference<>();
    private final List<SimulatedTransport> transports = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final List<SimulatedLink> links = new ArrayList<>();
    private final Map<InetSocketAddress, LinkOptions> optionsByRemote = new LinkedHashMap<>();
    private LinkOptions linkOptions = LinkOptions.defaults();
    private Consumer<String> trace;
    private boolean driving;

    private SimulatedNetwork(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
    }

    /** Makes an empty network whose every choice follows from {@code seed}. */
    public static SimulatedNetwork seeded(long seed) {
        return new SimulatedNetwork(seed);
    }

    /** Returns the seed. */
    public long seed() {
        return seed;
    }

    /** Returns the virtual clock. Any thread. */
    public NanoClock clock() {
        return agenda::nowNs;
    }

    // ---- what is in it ----

    /**
     * Opens a device in this network. It is caller-driven and gives STags out in sequence, whatever {@code options} say:
     * unpredictable ones would make two runs differ.
     */
    public Device open(DeviceOptions options) {
        SimulatedTransportProvider.opening(this);
        try {
            Device device = Device.open(options.withCallerDrivenProgress()
                    .withStagPolicy(DeviceOptions.StagPolicy.SEQUENTIAL)
                    .withTransport(SimulatedTransportProvider.NAME));
            devices.add(device);
            return device;
        } finally {
            SimulatedTransportProvider.opening(null);
        }
    }

    /** Sets how connections behave that are made from now on. */
    public SimulatedNetwork linkOptions(LinkOptions options) {
        linkOptions = options;
        return this;
    }

    /** Sets how connections to {@code remote} behave that are made from now on; null: like all others. */
    public SimulatedNetwork linkOptions(InetSocketAddress remote, LinkOptions options) {
        if (options == null) {
            optionsByRemote.remove(remote);
        } else {
            optionsByRemote.put(remote, options);
        }
        return this;
    }

    /** Makes attempts to connect to {@code address} get no answer at all, or ends that. */
    public void silent(InetSocketAddress address, boolean silent) {
        ports.silent(address, silent);
    }

    /** Returns the connections that were ever made, in that order. */
    public List<SimulatedLink> links() {
        return List.copyOf(links);
    }

    /**
     * Returns the link below a connection.
     *
     * @throws IllegalArgumentException if it is none of this network
     */
    public SimulatedLink link(Connection connection) {
        for (SimulatedLink link : links) {
            if (link.joins(connection.localAddress(), connection.remoteAddress())) {
                return link;
            }
        }
        throw new IllegalArgumentException("the connection from " + connection.localAddress() + " to "
                + connection.remoteAddress() + " is not one of this network");
    }

    /**
     * Tells {@code listener} one line about everything that happens on a link: time, ends, what, stream position, length and
     * CRC32C of the octets. Two runs are the same if these lines are.
     */
    public void onTrace(Consumer<String> listener) {
        trace = listener;
    }

    // ---- moving on ----

    /**
     * Lets the next thing happen: tasks that wait, or else what is due next, however late that is.
     *
     * @return whether there was anything
     */
    public boolean step() {
        own("step");
        return turn(agenda.nowNs() + FAR_NS) > 0;
    }

    /**
     * Goes on until {@code condition} holds.
     *
     * @param longest virtual time after which it has to hold
     * @throws AssertionError if it does not; the message names the seed
     */
    public void run(BooleanSupplier condition, Duration longest) {
        own("run");
        long limitNs = agenda.nowNs() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (turn(limitNs) == 0) {
                boolean idle = agenda.isEmpty();
                agenda.passUntil(limitNs);
                if (condition.getAsBoolean()) {
                    return;
                }
                throw new AssertionError("the condition does not hold "
                        + (idle ? "and nothing more will happen" : "after " + longest) + " (network seeded 0x"
                        + Long.toHexString(seed) + ")");
            }
        }
    }

    /** Lets {@code time} pass, with all that happens meanwhile. */
    public void pass(Duration time) {
        own("let time pass");
        long limitNs = agenda.nowNs() + time.toNanos();
        while (turn(limitNs) > 0) {
            // Until nothing more is due.
        }
        agenda.passUntil(limitNs);
    }

    /** Goes on until no octets are under way and no task waits; what is held back stays so, and timers may be left. */
    public void settle() {
        own("settle");
        while (hasTasks() || agenda.hasTraffic()) {
            turn(agenda.nowNs() + FAR_NS);
        }
    }

    private boolean hasTasks() {
        for (SimulatedTransport transport : transports) {
            if (transport.loop().hasTasks()) {
                return true;
            }
        }
        return false;
    }

    /** Does what is ready, or what comes first within {@code maxWaitNs}; see {@code EventLoop.drive}. */
    int drive(long maxWaitNs) {
        if (maxWaitNs < 0) {
            throw new IllegalArgumentException("maxWaitNs " + maxWaitNs + " must not be negative");
        }
        if (!tryOwn() || driving) {
            return 0;
        }
        long limitNs = agenda.nowNs() + Math.min(FAR_NS, Math.max(maxWaitNs, POLL_NS));
        int done = turn(limitNs);
        if (done == 0) {
            agenda.passUntil(limitNs);
        }
        return done;
    }

    private int turn(long limitNs) {
        driving = true;
        try {
            int done = runTasks();
            if (done == 0 && agenda.runNext(limitNs)) {
                done = 1 + runTasks();
            }
            return done;
        } finally {
            driving = false;
        }
    }

    private int runTasks() {
        int done = 0;
        for (int i = 0; i < transports.size(); i++) {
            done += transports.get(i).loop().runTasks();
        }
        return done;
    }

    boolean ownedByCaller() {
        return owner.get() == Thread.currentThread();
    }

    private boolean tryOwn() {
        Thread caller = Thread.currentThread();
        Thread current = owner.get();
        if (current == caller) {
            return true;
        }
        return (current == null || !current.isAlive()) && owner.compareAndSet(current, caller);
    }

    /** Makes sure that the calling thread is the network's. */
    void own(String what) {
        if (!tryOwn()) {
            throw new IllegalStateException("only the thread that drives the simulated network may " + what
                    + "; that is " + owner.get().getName());
        }
        if (driving) {
            throw new IllegalStateException("what runs inside the simulated network must not " + what);
        }
    }

    // ---- for the other classes of this room ----

    Agenda agenda() {
        return agenda;
    }

    Ports ports() {
        return ports;
    }

    SplittableRandom newRandom() {
        return random.split();
    }

    SimulatedTransport newTransport() {
        SimulatedTransport transport = new SimulatedTransport(this);
        transports.add(transport);
        return transport;
    }

    void forget(SimulatedTransport transport) {
        transports.remove(transport);
    }

    LinkOptions optionsOf(InetSocketAddress remote) {
        return optionsByRemote.getOrDefault(remote, linkOptions);
    }

    void made(SimulatedLink link) {
        links.add(link);
    }

    void trace(InetSocketAddress from, InetSocketAddress to, String what) {
        if (trace != null) {
            trace.accept(agenda.nowNs() + " " + from.getPort() + ">" + to.getPort() + " " + what);
        }
    }

    void trace(InetSocketAddress from, InetSocketAddress to, String what, long position, byte[] octets) {
        if (trace != null) {
            CRC32C crc = new CRC32C();
            crc.update(octets);
            trace(
                    from,
                    to,
                    what + " at " + position + " len " + octets.length + " crc " + Long.toHexString(crc.getValue()));
        }
    }

    /** Closes the devices that are still open, the last one first. */
    @Override
    public void close() {
        for (int i = devices.size() - 1; i >= 0; i--) {
            devices.get(i).close();
        }
        devices.clear();
    }
}
