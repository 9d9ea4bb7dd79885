package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Both ends of a latency test: one message goes, the other end's answer comes, and so on.
 *
 * <p>How the arrival is noticed:
 *
 * <ul>
 *   <li>Send: by the completion of a receive.
 *   <li>Read: by the completion of the Read; the server has no part in it.
 *   <li>Write, caller-driven: by looking at the last octet of the memory, which the message changes. The thread that looks is
 *       the one that places it, so there is no question of visibility.
 *   <li>Write, background: a Write alone wakes nobody, so Immediate Data goes behind it with the same doorbell, and the
 *       completion of a receive is waited for.
 * </ul>
 *
 * <p>Thread rule: the thread of the end. A round trip allocates nothing.
 */
final class PingLoop {
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int DIGITS = 3;
    private static final int PASSES_PER_LOOK = 64;
    private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PerfEnd end;
    private final ControlLink control;
    private final PerfParameters parameters;
    private final PerfChannel channel;
    private final ByteBuffer memory;
    private final int outgoingLast;
    private final int incomingLast;
    private final boolean watchesMemory;

    private long count;

    /**
     * Makes a loop for one round; both ends make theirs before the first message.
     *
     * @param octets size of the messages
     */
    PingLoop(PerfEnd end, ControlLink control, PerfParameters parameters, long octets) {
        this.end = end;
        this.control = control;
        this.parameters = parameters;
        channel = end.channel(0);
        memory = end.memory().octets();
        outgoingLast = (int) (end.memory().outgoing(0) + octets - 1);
        incomingLast = (int) (end.memory().incoming(0) + octets - 1);
        watchesMemory = parameters.operation() == PerfOperation.WRITE && parameters.driven();
        memory.put(incomingLast, (byte) 0);
    }

    /** Makes an empty record of round trips, in nanoseconds up to a minute, to three digits. */
    static Histogram record() {
        return new Histogram(MOST_NANOS, DIGITS);
    }

    /** Sends for so long and records each round trip, in nanoseconds. */
    void run(RunLength length, Histogram trips, PerfProgress progress)
            throws CommandFailedException, InterruptedException {
        long start = System.nanoTime();
        long told = start;
        long most = length.mostMessages();
        for (long done = 1; done <= most; done++) {
            long before = System.nanoTime();
            send();
            await();
            long now = System.nanoTime();
            trips.recordValue(Math.min(now - before, MOST_NANOS));
            control.tick(now);
            if (now - told > TELL_NANOS) {
                told = now;
                progress.at(now - start, done, 0);
            }
            if (length.over(now - start)) {
                return;
            }
        }
    }

    /** Answers until the client says that it has finished, or something else that only the caller understands. */
    PerfMessage answer(PerfMessage first) throws CommandFailedException, InterruptedException {
        PerfMessage message = first;
        int pass = 0;
        while (message == null) {
            if (arrived(count + 1)) {
                send();
                continue;
            }
            if (!end.drain()) {
                end.idle();
                if (!parameters.driven() || (++pass & PASSES_PER_LOOK - 1) == 0) {
                    control.tick(System.nanoTime());
                    message = control.take();
                }
            }
        }
        return message;
    }

    private void send() throws CommandFailedException {
        count++;
        boolean signaled = count % parameters.signalEvery() == 0;
        if (parameters.operation() != PerfOperation.WRITE) {
            channel.post(signaled || parameters.operation() == PerfOperation.READ);
            return;
        }
        memory.put(outgoingLast, (byte) count);
        if (watchesMemory) {
            channel.post(signaled);
        } else {
            channel.postWithImmediate(signaled);
        }
    }

    private void await() throws CommandFailedException, InterruptedException {
        int pass = 0;
        long firstLook = 0;
        while (!arrived(count)) {
            if (!end.drain()) {
                end.idle();
                if (!parameters.driven() || (++pass & PASSES_PER_LOOK - 1) == 0) {
                    long now = System.nanoTime();
                    control.tick(now);
                    firstLook = firstLook == 0 ? now : firstLook;
                    if (now - firstLook > control.timeout().toNanos()) {
                        throw new CommandFailedException("no answer came for "
                                + control.timeout().toSeconds() + " s, although the other end is there");
                    }
                }
            }
        }
    }

    /** Returns whether message number {@code number} of the other end, or the Read of this number, is there. */
    private boolean arrived(long number) {
        if (watchesMemory) {
            return memory.get(incomingLast) == (byte) number;
        }
        return (parameters.operation() == PerfOperation.READ ? channel.completed() : channel.received()) >= number;
    }
}
