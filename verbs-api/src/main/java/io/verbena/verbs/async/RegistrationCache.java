package io.verbena.verbs.async;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.ProtectionDomain;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Registers buffers when operations bring them and leaves them registered for the next time (SYS-CACHE-01): the application
 * uses any buffer, and neither registers nor deregisters by hand.
 *
 * <pre>{@code
 * RegistrationCache cache = domain.createRegistrationCache(CacheOptions.defaults());
 * pair.useCache(cache);
 * pair.send(anyBuffer).await(Duration.ofSeconds(5));
 * }</pre>
 *
 * <p>A miss registers all octets that the buffer object can reach (a heap buffer: its whole array), whatever its position and
 * limit are; so other ranges of it are hits. So are {@code slice()} and {@code duplicate()} of it: by array for heap buffers;
 * by address for direct and mapped buffers from Java 22 on. Java 17 to 21 tell no address of a direct buffer: there a slice is a
 * hit if {@link #slice} made it, and is otherwise registered by itself.
 *
 * <p>Registrations have local rights only: local read, and local write once that was needed. What a peer shall reach is
 * registered and advertised by the application, which alone knows when that must end.
 *
 * <p>A registration does not keep its buffer alive: only a lease does. When the buffer is garbage the registration goes.
 *
 * <p>Thread rule: any thread. Ownership: buffers stay the application's; their position and limit are read and not changed.
 */
public interface RegistrationCache extends AutoCloseable {
    /** Returns the domain in which it registers. */
    ProtectionDomain protectionDomain();

    /** Returns its limits. */
    CacheOptions options();

    /**
     * Finds the remaining octets of {@code lent}, or registers them, and leases them to {@code holder}: until the lease
     * {@linkplain BufferLease#end ends} they stay registered and reachable. {@link AsyncQueuePair} does this for its operations;
     * an application needs it to post requests itself.
     *
     * @param lent direct, mapped or heap; not empty, and not read-only if {@code right} is local write
     * @param right {@link AccessFlag#LOCAL_READ} or {@link AccessFlag#LOCAL_WRITE}
     * @param holder its string form names the user in messages
     * @throws IllegalArgumentException if it is another right, or the buffer is empty, or read-only, or is memory of a closed scope
     *     or of an arena that one thread alone may use
     * @throws LimitExceededException if there is no room, because all that is registered is in use; the message names the limit
     * @throws IllegalStateException if the cache is closed
     */
    BufferLease lease(ByteBuffer lent, AccessFlag right, Object holder);

    /** Returns whether the remaining octets of the buffer are registered now, with at least local read. Counts as no use. */
    boolean registered(ByteBuffer borrowed);

    /**
     * Deregisters whatever is registered of the octets that {@code borrowed} can reach (SYS-CACHE-03). To be called before memory
     * is given back other than by the garbage collector; unnecessary otherwise.
     *
     * @param deadline the longest wait for operations that use the octets; zero only looks
     * @return whether anything was registered
     * @throws TimeoutException naming who uses the octets still; nothing was deregistered
     * @throws InterruptedException if the thread was interrupted while waiting; nothing was deregistered
     */
    boolean free(ByteBuffer borrowed, Duration deadline) throws TimeoutException, InterruptedException;

    /**
     * Deregisters like {@link #free}, then registers what {@code lent} can reach with local read and exactly these rights. An
     * operation that needs more will upgrade it again.
     *
     * @param access {@link AccessFlag#LOCAL_READ}, {@link AccessFlag#LOCAL_WRITE} or none
     * @return whether anything was registered before
     * @throws IllegalArgumentException as for {@link #lease}; nothing was deregistered
     * @throws TimeoutException naming who uses the octets still; nothing was deregistered
     * @throws InterruptedException if the thread was interrupted while waiting; nothing was deregistered
     */
    boolean changeAccess(ByteBuffer lent, Duration deadline, AccessFlag... access)
            throws TimeoutException, InterruptedException;

    /**
     * Returns {@code parent.slice(index, length)}, known to this cache as a part of {@code parent}: while {@code parent} is alive
     * an operation on the slice uses the registration of {@code parent}, on every version of Java.
     *
     * @throws IndexOutOfBoundsException if the octets are not inside the buffer's limit
     */
    ByteBuffer slice(ByteBuffer parent, int index, int length);

    /** Returns what it holds and has done. */
    CacheStatistics statistics();

    /** Deregisters everything; what is in use, when its last lease ends. Idempotent. */
    @Override
    void close();
}
