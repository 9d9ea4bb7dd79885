package io.verbena.verbs;

import io.verbena.verbs.observe.StackEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a device is opened. Immutable; {@code with...} methods return changed copies.
 *
 * <p>Defaults: background progress with half as many event loops as processors (at least one), default limits, unpredictable STags.
 */
public final class DeviceOptions {
    private static final DeviceOptions DEFAULTS = new DeviceOptions(new Values());

    /** How Tag Indexes and Instances are chosen (SYS-MEM-01). */
    public enum StagPolicy {
        /** A peer cannot guess them. */
        UNPREDICTABLE,
        /** One after the other, for teaching and reproducible traces. */
        SEQUENTIAL
    }

    /** How long a bound window is good for (SYS-MEM-12). */
    public enum WindowLifetime {
        /** For the first tagged message that targets it; its last segment makes the window invalid. */
        ONE_TOUCH,
        /** Until it is invalidated, as the RDMA verbs have it. */
        UNTIL_INVALIDATED
    }

    /** When a queue pair gets a buffer of the adapter's pool for an operation that needs more than one (SYS-POOL-02). */
    public enum BufferGrant {
        /** When its quota leaves it one. */
        ONE_LEFT,
        /** When its quota leaves it all that the rest of the operation needs, so that it does not sit on some of them. */
        WHOLE_OPERATION
    }

    private final String name;
    private final boolean callerDriven;
    private final int eventLoops;
    private final DeviceLimits limits;
    private final StagPolicy stagPolicy;
    private final WindowLifetime windowLifetime;
    private final BufferGrant bufferGrant;
    private final String transport;
    private final boolean borrowedLoops;
    private final List<StackEvents> listeners;
    private final Path capture;

    private DeviceOptions(Values values) {
        name = values.name;
        callerDriven = values.callerDriven;
        eventLoops = values.eventLoops;
        limits = values.limits;
        stagPolicy = values.stagPolicy;
        windowLifetime = values.windowLifetime;
        bufferGrant = values.bufferGrant;
        transport = values.transport;
        borrowedLoops = values.borrowedLoops;
        listeners = values.listeners;
        capture = values.capture;
    }

    /** Returns the defaults. */
    public static DeviceOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with a name, for messages and metrics. */
    public DeviceOptions withName(String deviceName) {
        return with(values -> values.name = deviceName);
    }

    /**
     * Returns a copy that makes progress on the application's own thread when it polls: the thread that first polls an empty
     * queue, waits or calls {@link Device#progress} owns the device's one loop from then on until it ends. While it lives no
     * other thread can drive the loop; when it has ended, the next one takes over.
     */
    public DeviceOptions withCallerDrivenProgress() {
        return with(values -> {
            values.callerDriven = true;
            values.eventLoops = 1;
        });
    }

    /** Returns a copy that makes progress on {@code loops} threads of its own; 0 lets the device choose. */
    public DeviceOptions withBackgroundProgress(int loops) {
        if (loops < 0) {
            throw new IllegalArgumentException("number of event loops " + loops + " must not be negative");
        }
        return with(values -> {
            values.callerDriven = false;
            values.eventLoops = loops;
        });
    }

    /** Returns a copy with other limits. */
    public DeviceOptions withLimits(DeviceLimits deviceLimits) {
        return with(values -> values.limits = deviceLimits);
    }

    /** Returns a copy with another way of choosing STags. */
    public DeviceOptions withStagPolicy(StagPolicy policy) {
        return with(values -> values.stagPolicy = policy);
    }

    /** Returns a copy whose windows live otherwise; {@link WindowLifetime#ONE_TOUCH} is the default. */
    public DeviceOptions withWindowLifetime(WindowLifetime lifetime) {
        return with(values -> values.windowLifetime = lifetime);
    }

    /** Returns a copy with another rule for operations that need several buffers. */
    public DeviceOptions withBufferGrant(BufferGrant grant) {
        return with(values -> values.bufferGrant = grant);
    }

    /** Returns a copy that uses the transport of this name, such as {@code nio}; empty for the best available. */
    public DeviceOptions withTransport(String transportName) {
        return with(values -> values.transport = transportName);
    }

    /**
     * Returns a copy that lets a thread which waits on a {@link CompletionChannel} run the event loop meanwhile in place of the
     * loop's own thread, or not. Default true: what arrives then wakes one thread instead of two. Only for background
     * progress; virtual threads never do it, and neither does a thread whose events come from several loops or from one with many
     * sockets. Without it, everything that loops do happens on their own threads.
     */
    public DeviceOptions withBorrowedLoops(boolean yes) {
        return with(values -> values.borrowedLoops = yes);
    }

    /** Returns a copy with one more listener to everything that happens. */
    public DeviceOptions withListener(StackEvents listener) {
        List<StackEvents> more = new ArrayList<>(listeners);
        more.add(listener);
        return with(values -> values.listeners = List.copyOf(more));
    }

    /**
     * Returns a copy that writes every octet of its TCP connections to a file, as packets in the format pcapng, which Wireshark
     * reads. The file is made when the device is opened, or emptied, and complete when the device is closed; devices of one
     * process may name the same file. A disk that is slower than the connections holds them up; one that takes nothing for a
     * second, or is full, ends the capture and never a connection ({@link StackEvents#onCaptureEnded}).
     *
     * <p>{@code docs/capture.md} tells what is in the file and what is made up.
     *
     * @param file where to write; null for no capture, which is the default
     */
    public DeviceOptions withCapture(Path file) {
        return with(values -> values.capture = file);
    }

    private DeviceOptions with(Consumer<Values> change) {
        Values values = new Values(this);
        change.accept(values);
        return new DeviceOptions(values);
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns whether progress is made on the application's thread. */
    public boolean callerDriven() {
        return callerDriven;
    }

    /** Returns the number of event loops, 0 for the device's choice. */
    public int eventLoops() {
        return eventLoops;
    }

    /** Returns the limits. */
    public DeviceLimits limits() {
        return limits;
    }

    /** Returns how STags are chosen. */
    public StagPolicy stagPolicy() {
        return stagPolicy;
    }

    /** Returns how long a bound window is good for. */
    public WindowLifetime windowLifetime() {
        return windowLifetime;
    }

    /** Returns when a queue pair gets a buffer for an operation that needs several. */
    public BufferGrant bufferGrant() {
        return bufferGrant;
    }

    /** Returns the name of the transport, or an empty string. */
    public String transport() {
        return transport;
    }

    /** Returns whether threads that wait run event loops meanwhile. */
    public boolean borrowedLoops() {
        return borrowedLoops;
    }

    /** Returns the listeners. */
    public List<StackEvents> listeners() {
        return listeners;
    }

    /** Returns the file to which connections are captured, or null. */
    public Path capture() {
        return capture;
    }

    /** The options while a copy is made; here they have their defaults. */
    private static final class Values {
        private String name = "verbena0";
        private boolean callerDriven;
        private int eventLoops;
        private DeviceLimits limits = DeviceLimits.defaults();
        private StagPolicy stagPolicy = StagPolicy.UNPREDICTABLE;
        private WindowLifetime windowLifetime = WindowLifetime.ONE_TOUCH;
        private BufferGrant bufferGrant = BufferGrant.WHOLE_OPERATION;
        private String transport = "";
        private boolean borrowedLoops = true;
        private List<StackEvents> listeners = List.of();
        private Path capture;

        Values() {}

        Values(DeviceOptions from) {
            name = from.name;
            callerDriven = from.callerDriven;
            eventLoops = from.eventLoops;
            limits = from.limits;
            stagPolicy = from.stagPolicy;
            windowLifetime = from.windowLifetime;
            bufferGrant = from.bufferGrant;
            transport = from.transport;
            borrowedLoops = from.borrowedLoops;
            listeners = from.listeners;
            capture = from.capture;
        }
    }
}
