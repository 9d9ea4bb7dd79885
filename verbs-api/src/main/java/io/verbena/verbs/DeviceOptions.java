package io.verbena.verbs;

import io.verbena.verbs.observe.StackEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a device is opened. Immutable; {@code with...} methods return changed copies.
 *
 * <p>Defaults: background progress with half as many event loops as processors (at least one), default limits, unpredictable STags.
 */
public final class DeviceOptions {
    private static final DeviceOptions DEFAULTS = new DeviceOptions(
            "verbena0",
            false,
            0,
            DeviceLimits.defaults(),
            StagPolicy.UNPREDICTABLE,
            WindowLifetime.ONE_TOUCH,
            BufferGrant.WHOLE_OPERATION,
            "",
            true,
            List.of(),
            null);

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

    private DeviceOptions(
            String name,
            boolean callerDriven,
            int eventLoops,
            DeviceLimits limits,
            StagPolicy stagPolicy,
            WindowLifetime windowLifetime,
            BufferGrant bufferGrant,
            String transport,
            boolean borrowedLoops,
            List<StackEvents> listeners,
            Path capture) {
        this.name = name;
        this.callerDriven = callerDriven;
        this.eventLoops = eventLoops;
        this.limits = limits;
        this.stagPolicy = stagPolicy;
        this.windowLifetime = windowLifetime;
        this.bufferGrant = bufferGrant;
        this.transport = transport;
        this.borrowedLoops = borrowedLoops;
        this.listeners = listeners;
        this.capture = capture;
    }

    /** Returns the defaults. */
    public static DeviceOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with a name, for messages and metrics. */
    public DeviceOptions withName(String deviceName) {
        return new DeviceOptions(
                deviceName,
                callerDriven,
                eventLoops,
                limits,
                stagPolicy,
                windowLifetime,
                bufferGrant,
                transport,
                borrowedLoops,
                listeners,
                capture);
    }

    /**
     * Returns a copy that makes progress on the application's own thread when it polls: the thread that first polls an empty
     * queue, waits or calls {@link Device#progress} owns the device's one loop from then on until it ends. While it lives no
     * other thread can drive the loop; when it has ended, the next one takes over.
     */
    public DeviceOptions withCallerDrivenProgress() {
        return new DeviceOptions(
                name,
                true,
                1,
                limits,
                stagPolicy,
                windowLifetime,
                bufferGrant,
                transport,
                borrowedLoops,
                listeners,
                capture);
    }

    /** Returns a copy that makes progress on {@code loops} threads of its own; 0 lets the device choose. */
    public DeviceOptions withBackgroundProgress(int loops) {
        if (loops < 0) {
            throw new IllegalArgumentException("number of event loops " + loops + " must not be negative");
        }
        return new DeviceOptions(
                name,
                false,
                loops,
                limits,
                stagPolicy,
                windowLifetime,
                bufferGrant,
                transport,
                borrowedLoops,
                listeners,
                capture);
    }

    /** Returns a copy with other limits. */
    public DeviceOptions withLimits(DeviceLimits deviceLimits) {
        return new DeviceOptions(
                name,
                callerDriven,
                eventLoops,
                deviceLimits,
                stagPolicy,
                windowLifetime,
                bufferGrant,
                transport,
                borrowedLoops,
                listeners,
                capture);
    }

    /** Returns a copy with another way of choosing STags. */
    public DeviceOptions withStagPolicy(StagPolicy policy) {
        return new DeviceOptions(
                name,
                callerDriven,
                eventLoops,
                limits,
                policy,
                windowLifetime,
                bufferGrant,
                transport,
                borrowedLoops,
                listeners,
                capture);
    }

    /** Returns a copy whose windows live otherwise; {@link WindowLifetime#ONE_TOUCH} is the default. */
    public DeviceOptions withWindowLifetime(WindowLifetime lifetime) {
        return new DeviceOptions(
                name,
                callerDriven,
                eventLoops,
                limits,
                stagPolicy,
                lifetime,
                bufferGrant,
                transport,
                borrowedLoops,
                listeners,
                capture);
    }

    /** Returns a copy with another rule for operations that need several buffers. */
    public DeviceOptions withBufferGrant(BufferGrant grant) {
        return new DeviceOptions(
                name,
                callerDriven,
                eventLoops,
                limits,
                stagPolicy,
                windowLifetime,
                grant,
                transport,
                borrowedLoops,
                listeners,
                capture);
    }

    /** Returns a copy that uses the transport of this name, such as {@code nio}; empty for the best available. */
    public DeviceOptions withTransport(String transportName) {
        return new DeviceOptions(
                name,
                callerDriven,
                eventLoops,
                limits,
                stagPolicy,
                windowLifetime,
                bufferGrant,
                transportName,
                borrowedLoops,
                listeners,
                capture);
    }

    /**
     * Returns a copy that lets a thread which waits on a {@link CompletionChannel} run the event loop meanwhile in place of the
     * loop's own thread, or not. Default true: what arrives then wakes one thread instead of two. Only for background
     * progress; virtual threads never do it, and neither does a thread whose events come from several loops or from one with many
     * sockets. Without it, everything that loops do happens on their own threads.
     */
    public DeviceOptions withBorrowedLoops(boolean yes) {
        return new DeviceOptions(
                name,
                callerDriven,
                eventLoops,
                limits,
                stagPolicy,
                windowLifetime,
                bufferGrant,
                transport,
                yes,
                listeners,
                capture);
    }

    /** Returns a copy with one more listener to everything that happens. */
    public DeviceOptions withListener(StackEvents listener) {
        List<StackEvents> more = new ArrayList<>(listeners);
        more.add(listener);
        return new DeviceOptions(
                name,
                callerDriven,
                eventLoops,
                limits,
                stagPolicy,
                windowLifetime,
                bufferGrant,
                transport,
                borrowedLoops,
                List.copyOf(more),
                capture);
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
        return new DeviceOptions(
                name,
                callerDriven,
                eventLoops,
                limits,
                stagPolicy,
                windowLifetime,
                bufferGrant,
                transport,
                borrowedLoops,
                listeners,
                file);
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
}
