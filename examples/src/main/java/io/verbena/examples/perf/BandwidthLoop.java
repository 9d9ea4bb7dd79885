package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the queue pairs of an end full of messages for a run.
 *
 * <p>The clock runs from the first post until a Read behind the last message has come back ({@link PerfChannel#settle}): a
 * Write or Send completes when TCP has taken it, and what lies in a socket's buffer has not arrived.
 *
 * <p>Thread rule: the thread of the end. The loop allocates nothing per message; ten times a second it tells of its progress.
 */
final class BandwidthLoop {
    /** What the peak is taken over, at least. */
    static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Looking at the clock costs as much as a small message; so often it is done while messages complete. */
    private static final int PASSES_PER_LOOK = 16;

    private final PerfEnd end;
    private final ControlLink control;
    private final PerfParameters parameters;
    private final long octets;

    private long start;
    private long windowStart;
    private long windowCompleted;
    private long peak;
    private long lastTold;
    private long rate;
    private boolean stopping;

    /**
     * Makes a loop for one round.
     *
     * @param octets size of the messages
     */
    BandwidthLoop(PerfEnd end, ControlLink control, PerfParameters parameters, long octets) {
        this.end = end;
        this.control = control;
        this.parameters = parameters;
        this.octets = octets;
    }

    /**
     * Sends for so long and returns when everything has arrived.
     *
     * @throws CommandFailedException if a connection ended, or nothing completed for the timeout of the control connection
     */
    BandwidthFigures run(RunLength length, PerfProgress progress) throws CommandFailedException, InterruptedException {
        List<PerfChannel> channels = end.channels();
        long before = completed();
        start = System.nanoTime();
        windowStart = start;
        windowCompleted = before;
        lastTold = start;
        rate = 0;
        peak = 0;
        stopping = false;
        for (PerfChannel channel : channels) {
            channel.begin(length.mostMessages());
        }
        int pass = 0;
        boolean settled = false;
        while (!settled) {
            if (!stopping) {
                fill(channels);
            }
            boolean moved = end.drain();
            end.pushCredits();
            if (!moved) {
                end.idle();
            }
            if (!moved || (++pass & PASSES_PER_LOOK - 1) == 0) {
                look(length, before, progress);
            }
            settled = stopping && settle(channels);
        }
        long nanos = System.nanoTime() - start;
        long messages = completed() - before;
        long total = messages * octets;
        long average = (long) (total / (nanos / 1e9));
        // Shorter than a window: then there is no better part of it.
        return new BandwidthFigures(messages, total, nanos, Math.max(peak, average));
    }

    private void fill(List<PerfChannel> channels) throws CommandFailedException {
        boolean filled = true;
        for (int i = 0; i < channels.size(); i++) {
            PerfChannel channel = channels.get(i);
            channel.fill();
            filled &= channel.filled();
        }
        stopping = filled;
    }

    private boolean settle(List<PerfChannel> channels) throws CommandFailedException {
        boolean settled = true;
        for (int i = 0; i < channels.size(); i++) {
            PerfChannel channel = channels.get(i);
            channel.settle();
            settled &= channel.settled();
        }
        return settled;
    }

    private void look(RunLength length, long before, PerfProgress progress)
            throws CommandFailedException, InterruptedException {
        long now = System.nanoTime();
        control.tick(now);
        stopping |= length.over(now - start);
        if (now - lastTold < WINDOW_NANOS) {
            return;
        }
        lastTold = now;
        long completed = completed();
        if (completed > windowCompleted) {
            // A window ends with a completion: one signaled request stands for many, and for the time that all of them
            // took.
            rate = (long) ((completed - windowCompleted) * octets / ((now - windowStart) / 1e9));
            peak = Math.max(peak, rate);
            windowStart = now;
            windowCompleted = completed;
        } else if (now - windowStart > control.timeout().toNanos()) {
            throw new CommandFailedException("no request has completed for "
                    + control.timeout().toSeconds()
                    + " s, although the other end is there; large messages on a slow network need --signal-every 1 or a "
                    + "longer --timeout");
        }
        progress.at(now - start, (completed - before) / parameters.queuePairs(), rate);
    }

    private long completed() {
        long sum = 0;
        List<PerfChannel> channels = end.channels();
        for (int i = 0; i < channels.size(); i++) {
            sum += channels.get(i).completed();
        }
        return sum;
    }
}
