package io.verbena.queue;

import io.verbena.transport.EventLoop;

/**
 * How a caller-driven device works on while the application looks for completions. A device with loops of its own has none
 * ({@code null}).
 *
 * <p>Thread rule: any thread calls; a thread that does not own the device's loop achieves nothing and returns at once.
 */
@FunctionalInterface
public interface Progress {
    /**
     * Does what is ready.
     *
     * @param maxWaitNs nanoseconds to wait at most if nothing is ready; 0 for not at all
     * @return whether the calling thread is the one that drives the device, be there work or not; if it is not, it should
     *     sleep instead of trying again at once
     */
    boolean drive(long maxWaitNs);

    /** Returns the progress of a device with one caller-driven loop. */
    static Progress of(EventLoop loop) {
        return maxWaitNs -> loop.drive(maxWaitNs) > 0 || loop.inLoop();
    }
}
