package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.Notify;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RemoteRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is measured, at one end: a device, memory, one completion queue, and in each round new queue pairs.
 *
 * <p>Thread rule: one thread; on a caller-driven device it is the one that drives.
 */
final class PerfEnd implements AutoCloseable {
    private static final int COMPLETIONS_AT_ONCE = 256;

    /** The longest sleep: so often at least the control connection is looked at. */
    private static final Duration NAP = Duration.ofMillis(10);

    /**
     * So many looks in vain and a spinning thread lets others run: no round trip takes as long, unless the machine has more
     * spinning threads than processors, and then the answer can come only if this one steps aside.
     */
    private static final int LOOKS_BEFORE_YIELD = 128;

    /** The longest wait for the orderly end of a round, all connections together. */
    private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PerfParameters parameters;
    private final Device device;
    private final ProtectionDomain domain;
    private final CompletionChannel events;
    private final CompletionQueue queue;
    private final CompletionCursor cursor;
    private final PerfMemory memory;
    private final List<PerfChannel> channels = new ArrayList<>();
    private boolean ending;
    private int looksInVain;

    /** Opens a device as {@code options} say, but for the way it makes progress, which is the test's. */
    PerfEnd(DeviceOptions options, PerfParameters parameters) throws CommandFailedException {
        this.parameters = parameters;
        device = Device.open(
                parameters.driven()
                        ? options.withCallerDrivenProgress()
                        : options.withBackgroundProgress(parameters.eventLoops()));
        try {
            domain = device.allocateProtectionDomain();
            events = device.createCompletionChannel();
            queue = device.createCompletionQueue((int) parameters.completions(), events);
            cursor = queue.cursor();
            memory = new PerfMemory(domain, parameters);
        } catch (CommandFailedException | RuntimeException e) {
            device.close();
            throw e;
        }
    }

    Device device() {
        return device;
    }

    PerfMemory memory() {
        return memory;
    }

    List<PerfChannel> channels() {
        return channels;
    }

    PerfChannel channel(int number) {
        return channels.get(number);
    }

    /**
     * Makes the queue pairs of a round, with their receives posted.
     *
     * @param octets size of the messages
     * @param peer the other end's memory
     */
    void open(long octets, RemoteRegion peer) {
        for (int number = 0; number < parameters.queuePairs(); number++) {
            channels.add(new PerfChannel(domain, queue, memory, peer, parameters, number, octets));
        }
    }

    /**
     * Gives what has completed to its channels; drives a caller-driven device.
     *
     * @return whether there was something
     * @throws CommandFailedException if a request failed
     */
    boolean drain() throws CommandFailedException {
        int count = 0;
        while (count < COMPLETIONS_AT_ONCE && cursor.next()) {
            if (cursor.success() || !ending) {
                PerfChannel.of(channels, cursor).complete(cursor);
            }
            count++;
        }
        looksInVain = count > 0 ? 0 : looksInVain + 1;
        return count > 0;
    }

    /** Sleeps until something completes, for a while at most; on a caller-driven device it returns at once, to spin. */
    @SuppressWarnings("ThreadPriorityCheck") // a thread that spins has nothing to wait on that would let others run
    void idle() throws CommandFailedException, InterruptedException {
        if (parameters.driven()) {
            if (looksInVain < LOOKS_BEFORE_YIELD) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
            return;
        }
        queue.arm(Notify.NEXT);
        // Armed before this look: what completes between the two still wakes this thread.
        if (!drain()) {
            events.await(NAP);
        }
    }

    /** Waits for the next message of the other end, and keeps this end going meanwhile. */
    PerfMessage await(ControlLink control) throws CommandFailedException, InterruptedException {
        PerfMessage message = control.take();
        while (message == null) {
            if (!drain()) {
                idle();
            }
            pushCredits();
            control.tick(System.nanoTime());
            message = control.take();
        }
        return message;
    }

    /** Tells the peer of receives where that is due. */
    void pushCredits() throws CommandFailedException {
        if (parameters.operation() == PerfOperation.SEND && parameters.measure() == PerfMeasure.BANDWIDTH) {
            for (int i = 0; i < channels.size(); i++) {
                channels.get(i).pushCredit();
            }
        }
    }

    /**
     * Says that the other end may end the round from now on: requests that are flushed are no failure. What does fail is told over
     * the control connection.
     */
    void mayEnd() {
        ending = true;
    }

    /** Ends the round: disconnects and destroys its queue pairs. The other end does the same now. */
    void closeChannels() throws InterruptedException {
        long end = System.nanoTime() + GOODBYE_NANOS;
        for (PerfChannel channel : channels) {
            channel.queuePair().disconnect(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        for (PerfChannel channel : channels) {
            channel.queuePair().close();
        }
        channels.clear();
        ending = false;
        while (cursor.next()) {
            // Flushed receives of the queue pairs that are gone.
        }
    }

    @Override
    public void close() {
        device.close();
    }
}
