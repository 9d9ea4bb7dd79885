package io.verbena.transport;

/**
 * Where time comes from: {@link System#nanoTime()} in production, a virtual clock in simulations.
 *
 * <p>Thread rule: any thread.
 */
@FunctionalInterface
public interface NanoClock {
    /** Returns nanoseconds since an arbitrary origin; only differences mean something. */
    long nanoTime();
}
