package io.verbena.queue;

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
     * @return whether anything was done
     */
    boolean drive(long maxWaitNs);
}
