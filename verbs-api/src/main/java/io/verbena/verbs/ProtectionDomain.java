package io.verbena.verbs;

import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.RegistrationCache;
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
     * Registers the memory of an existing region once more (verb: Register Shared Memory Region): a region of its own, with
     * its own STag, domain, rights and address, over the same translation entries, which live until the last sharer is
     * deregistered. From then on both are shared: they cannot be invalidated, fast registered or reregistered
     * (VRB-MR-11).
     *
     * @param existing a valid region of this device, of any domain
     * @param options rights and start address (a multiple of the page size away from that of {@code existing}); page size and
     *     translation mode must be left to the device
     * @throws IllegalArgumentException if an option is not possible with these translation entries, or a write right is asked
     *     for and a buffer is read-only
     * @throws IllegalStateException if the region is not valid
     * @throws LimitExceededException if the device can register no more
     */
    MemoryRegion registerShared(MemoryRegion existing, RegionOptions options);

    /**
     * Allocates an STag and room for a page list, without memory (verb: Allocate Non-Shared Memory Region STag). The region is
     * not valid until a {@linkplain MemoryRegion#fastRegistration fast registration} of it was processed.
     *
     * @param maxPages pages that a fast registration may have, 1 to {@link DeviceLimits#maxPageListEntries()}
     * @param remoteAccess whether it can ever have remote rights
     * @throws IllegalArgumentException if {@code maxPages} is out of range
     * @throws LimitExceededException if the device can have no more regions
     */
    MemoryRegion allocateRegion(int maxPages, boolean remoteAccess);

    /**
     * Allocates a window that is not bound.
     *
     * @throws LimitExceededException if the device can have no more windows
     */
    MemoryWindow allocateWindow(WindowType type);

    /**
     * Creates a cache that registers buffers of operations in this domain as needed.
     *
     * @throws IllegalStateException if the domain is closed
     */
    RegistrationCache createRegistrationCache(CacheOptions options);

    /**
     * Creates a shared receive queue.
     *
     * @throws IllegalArgumentException if an option is out of the device's limits, or the watermark above the depth
     * @throws LimitExceededException if the device has no room for one more
     */
    SharedReceiveQueue createSharedReceiveQueue(SharedReceiveQueueOptions options);

    /**
     * Creates a queue pair in Idle.
     *
     * @throws IllegalArgumentException if an option is out of the device's limits, or a completion queue or the shared receive
     *     queue is of another device
     * @throws LimitExceededException if the device has no room for one more
     */
    QueuePair createQueuePair(QueuePairOptions options);

    /**
     * Deallocates the domain. Idempotent.
     *
     * @throws ResourceInUseException if regions, windows, registration caches, shared receive queues or queue pairs of it still live; the message names them
     */
    @Override
    void close();
}
