package io.verbena.verbs.cm;

import io.verbena.verbs.QueuePair;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * A TCP connection in streaming mode (RFC 5044 section 7.1): nothing is bound to it yet, and the application reads and writes
 * plain octets. It may go on like that to the end, or start MPA at any moment and bind a queue pair, as initiator or as
 * responder.
 *
 * <pre>{@code
 * try (PlainStream stream = device.openStream(server, PlainStreamOptions.defaults())) {
 *     stream.write(ByteBuffer.wrap("RDMA please\n".getBytes(US_ASCII)), deadline);
 *     stream.readFully(answer, deadline);
 *     connection = stream.startMpa(queuePair, ConnectionParameters.defaults());
 * }
 * }</pre>
 *
 * <p>What has arrived and was not read when MPA starts belongs to MPA: no octet is lost, none is seen twice. So the
 * applications have to agree how many octets of text there are, and an application must not read past them. From then on
 * reading and writing throw {@link IllegalStateException}, and {@link #close} leaves the connection of the queue pair alone.
 * If MPA ends with a rejection, both ends are back in streaming mode (RFC 5044 section 7.1.2, rules 2 and 3).
 *
 * <p>Every wait has a deadline, and on a caller-driven device the thread that waits drives. Input that nobody reads stops at
 * {@link PlainStreamOptions#bufferOctets()}; then the peer's window fills.
 *
 * <p>Thread rule: any thread; one reads and one writes at a time.
 */
public interface PlainStream extends AutoCloseable {
    /** Returns this end's address. */
    InetSocketAddress localAddress();

    /** Returns the peer's address. */
    InetSocketAddress remoteAddress();

    /** Returns what the stream is bound to now. */
    StreamBinding binding();

    /**
     * Reads what is there, at least one octet.
     *
     * @param borrowed takes octets from its position to its limit; the position advances
     * @param deadline the longest wait for the first octet; zero only looks
     * @return the octets read, 0 only if there is no room for any, or -1 if the peer has ended its output and all was read
     * @throws TimeoutException if nothing arrived within the deadline; the stream is as before
     * @throws ConnectionLostException if the connection broke and all that arrived before was read
     * @throws IllegalStateException if MPA has begun on the stream, or it was closed
     * @throws InterruptedException if the thread was interrupted; nothing was read
     */
    int read(ByteBuffer borrowed, Duration deadline)
            throws ConnectionLostException, TimeoutException, InterruptedException;

    /**
     * Reads until {@code borrowed} is full, and not one octet more.
     *
     * @param deadline the longest wait for all of it
     * @throws TimeoutException if the deadline passed first; what was read is in the buffer
     * @throws ConnectionLostException if the connection broke, or the peer ended its output, before it was full
     * @throws IllegalStateException as {@link #read} does
     * @throws InterruptedException if the thread was interrupted; what was read is in the buffer
     */
    void readFully(ByteBuffer borrowed, Duration deadline)
            throws ConnectionLostException, TimeoutException, InterruptedException;

    /**
     * Writes all octets of {@code borrowed}, and waits until TCP has taken them.
     *
     * @param borrowed the octets from its position to its limit; the position advances
     * @param deadline the longest wait
     * @throws TimeoutException if TCP did not take all in time. Octets behind the buffer's position were not taken; those
     *     before it go out, and a later call waits for that first
     * @throws ConnectionLostException if the connection broke
     * @throws IllegalStateException if MPA has begun on the stream, its output was ended, or it was closed
     * @throws InterruptedException if the thread was interrupted; as with a timeout
     */
    void write(ByteBuffer borrowed, Duration deadline)
            throws ConnectionLostException, TimeoutException, InterruptedException;

    /**
     * Ends the output: the peer reads to the end of what was written, and then -1. Reading goes on. Idempotent.
     *
     * @throws IllegalStateException if MPA has begun on the stream, or it was closed
     */
    void endOutput();

    /**
     * Starts MPA as initiator: sends the MPA Request, binds {@code queuePair}, and waits until the connection stands.
     *
     * <p>There is no second try with revision 1 here ({@link ConnectionParameters#withFallback}): that would need another TCP
     * connection. {@link ConnectionParameters#socket()} does not matter: the socket is there already.
     *
     * @throws ConnectionRejectedException if the peer rejected; the stream is in streaming mode again
     * @throws ConnectionFailedException if it fails in another way; the stream is closed
     * @throws IllegalStateException if MPA has begun on the stream before, octets are still on their way out, its output was
     *     ended, it was closed, or the queue pair is not in Idle
     * @throws InterruptedException if the thread was interrupted; the stream is closed
     */
    Connection startMpa(QueuePair queuePair, ConnectionParameters parameters)
            throws ConnectionFailedException, InterruptedException;

    /** Does what {@link #startMpa} does without waiting; the future fails with {@link ConnectionFailedException}. */
    CompletableFuture<Connection> startMpaAsync(QueuePair queuePair, ConnectionParameters parameters);

    /**
     * Starts MPA as responder: waits for the peer's MPA Request, which the application then accepts on a queue pair, or
     * rejects. After a rejection the stream is in streaming mode again.
     *
     * @param deadline the longest time to a complete Request and the application's decision; above zero
     * @throws NotAnMpaPeerException if something else than an MPA Request arrived; the stream is closed
     * @throws ConnectionFailedException if it fails in another way; the stream is closed
     * @throws IllegalStateException if MPA has begun on the stream before, octets are still on their way out, its output was
     *     ended, or it was closed
     * @throws InterruptedException if the thread was interrupted; the stream is closed
     */
    ConnectionRequest awaitMpa(Duration deadline) throws ConnectionFailedException, InterruptedException;

    /**
     * Closes the stream: what was written still goes out, what arrives is dropped. While MPA is starting, the attempt is
     * given up. If a queue pair is bound, nothing happens: the connection is closed through the queue pair. Does not wait.
     * Idempotent.
     */
    @Override
    void close();
}
