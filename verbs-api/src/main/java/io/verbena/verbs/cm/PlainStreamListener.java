package io.verbena.verbs.cm;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Listens for TCP connections and gives them to the application in streaming mode, before MPA has started on them.
 *
 * <p>Thread rule: any thread.
 */
public interface PlainStreamListener extends AutoCloseable {
    /** Returns the address it is bound to, with the real port. */
    InetSocketAddress localAddress();

    /**
     * Waits for the next connection. On a caller-driven device the calling thread makes the device progress meanwhile.
     *
     * @param deadline the longest wait; zero only looks
     * @return the stream, which the caller has to close
     * @throws TimeoutException if nobody connected within the deadline
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalStateException if the listener is or gets closed, or a handler was set
     */
    PlainStream nextStream(Duration deadline) throws TimeoutException, InterruptedException;

    /**
     * Gives streams to {@code handler} instead of {@link #nextStream}, one at a time, on the thread of the device that also
     * delivers asynchronous events. The handler closes them, and hands those that take long to threads of its own.
     */
    void onStream(Consumer<PlainStream> handler);

    /** Stops listening and closes streams that nobody has taken. Others live on. Idempotent. */
    @Override
    void close();
}
