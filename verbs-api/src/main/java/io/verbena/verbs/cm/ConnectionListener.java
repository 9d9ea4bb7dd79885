package io.verbena.verbs.cm;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Listens for connections. A silent, slow or foreign peer holds up nobody: it costs one bounded entry until its deadline.
 *
 * <p>Thread rule: any thread.
 */
public interface ConnectionListener extends AutoCloseable {
    /** Returns the address it is bound to, with the real port. */
    InetSocketAddress localAddress();

    /**
     * Waits for the next peer whose MPA Request arrived. On a caller-driven device the calling thread makes the device
     * progress meanwhile.
     *
     * @param deadline the longest wait; zero only looks
     * @throws TimeoutException if no request came within the deadline
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalStateException if the listener is or gets closed, or a handler was set
     */
    ConnectionRequest nextRequest(Duration deadline) throws TimeoutException, InterruptedException;

    /**
     * Gives requests to {@code handler} instead of {@link #nextRequest}, one at a time, on the thread of the device that
     * also delivers asynchronous events, on caller-driven devices too. The handler may take its time; on a caller-driven
     * device what it waits for needs the owner of the loop to drive meanwhile.
     */
    void onRequest(Consumer<ConnectionRequest> handler);

    /** Stops listening and closes connections that wait for a decision. Established ones live on. Idempotent. */
    @Override
    void close();
}
