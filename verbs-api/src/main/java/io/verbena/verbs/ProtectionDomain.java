package io.verbena.verbs;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Ties queue pairs and memory together: a queue pair reaches only memory of its own domain.
 *
 * <p>Thread rule: any thread.
 */
public interface ProtectionDomain extends AutoCloseable {
    /** Returns the number of this domain on its device. */
    int number();

    /** Returns the device. */
    Device device();

    /**
     * Registers the remaining octets of {@code lent} (its position and limit may be changed afterwards, they do not matter
     * any more) with these rights and local read.
     *
     * @param lent direct, mapped or heap buffer, not read-only if a write right is asked for; stays the application's and
     *     must live as long as the region
     * @throws IllegalArgumentException if the buffer is empty, or read-only and a write right is asked for, or the rights
     *     cannot be combined
     * @throws LimitExceededException if the device can register no more
     */
    default MemoryRegion register(ByteBuffer lent, AccessFlag... access) {
        return register(List.of(lent), RegionOptions.access(access));
    }

    /** Registers the remaining octets of one buffer. */
    default MemoryRegion register(ByteBuffer lent, RegionOptions options) {
        return register(List.of(lent), options);
    }

    /**
     * Registers the remaining octets of several buffers as one region: the first octet of a buffer follows the last of the
     * one before. The region may be longer than 2 GiB.
     *
     * @throws IllegalArgumentException if there is no octet at all, a buffer is read-only and a write right is asked for, or
     *     start address and length pass 2^64
     * @throws LimitExceededException if the device can register no more
     */
    MemoryRegion register(List<ByteBuffer> lent, RegionOptions options);

    /**
     * Creates a queue pair in Idle.
     *
     * @throws IllegalArgumentException if an option is out of the device's limits, or a completion queue is of another device
     * @throws LimitExceededException if the device has no room for one more
     */
    QueuePair createQueuePair(QueuePairOptions options);

    /**
     * Deallocates the domain. Idempotent.
     *
     * @throws ResourceInUseException if regions or queue pairs of it still live; the message names them
     */
    @Override
    void close();
}
