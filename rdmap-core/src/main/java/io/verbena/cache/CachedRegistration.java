package io.verbena.cache;

import io.verbena.verbs.async.BufferLease;
import io.verbena.verbs.async.LeasedRegion;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/**
 * One registration of a cache: known by the array or buffer it was made of ({@link MemoryIdentity}), which it does not keep alive.
 *
 * <p>Thread rule: under the cache's lock.
 */
final class CachedRegistration extends WeakKey<CachedRegistration> {
    private final LooseRegion region;
    private final LeasedRegion leased;
    private final boolean hasAddress;
    private final long startAddress;
    private final long lengthOctets;
    private final boolean writable;

    /** Neighbours in {@link Recency}. */
    CachedRegistration older;

    CachedRegistration newer;

    private boolean removed;

    /** The memory's lifetime, once somebody asked. Held weakly, as it may hold the memory; made anew when it was collected. */
    private WeakReference<Object> scope = new WeakReference<>(null);

    /**
     * @param key array or buffer of all the memory
     * @param garbage where it queues once that is garbage
     * @param hasAddress whether Java tells where the memory is
     * @param startAddress where it is
     */
    CachedRegistration(
            Object key,
            ReferenceQueue<Object> garbage,
            LooseRegion region,
            boolean hasAddress,
            long startAddress,
            long lengthOctets,
            boolean writable) {
        super(key, garbage);
        this.region = region;
        this.leased = LeasedRegion.over(region);
        this.hasAddress = hasAddress;
        this.startAddress = startAddress;
        this.lengthOctets = lengthOctets;
        this.writable = writable;
    }

    int stag() {
        return region.stag();
    }

    boolean hasAddress() {
        return hasAddress;
    }

    long startAddress() {
        return startAddress;
    }

    long endAddress() {
        return startAddress + lengthOctets;
    }

    boolean inside(long start, long end) {
        return Long.compareUnsigned(start, startAddress) <= 0 && Long.compareUnsigned(endAddress(), end) <= 0;
    }

    boolean surrounds(long start, long end) {
        return Long.compareUnsigned(startAddress, start) <= 0 && Long.compareUnsigned(end, endAddress()) <= 0;
    }

    long lengthOctets() {
        return lengthOctets;
    }

    /** Returns whether it has local write beside local read. */
    boolean writable() {
        return writable;
    }

    LeasedRegion leased() {
        return leased;
    }

    boolean inUse() {
        return leased.leaseCount() > 0;
    }

    boolean removed() {
        return removed;
    }

    /**
     * Leases a piece and keeps the memory reachable meanwhile; null if somebody closed the region behind the cache.
     *
     * @param key what it is known by, so certainly alive
     */
    BufferLease lease(Object key, long offset, long length, Object holder) {
        Object held = region.held();
        if (held == null) {
            held = region.hold(MemoryIdentity.whole(key));
        }
        return leased.leaseIfOpen(offset, length, holder, held);
    }

    /**
     * Returns the lifetime of memory that has an address.
     *
     * @param key what it is known by, so certainly alive
     */
    Object scope(Object key) {
        Object known = scope.get();
        if (known == null) {
            known = SegmentAccess.scope(SegmentAccess.segment((ByteBuffer) key));
            scope = new WeakReference<>(known);
        }
        return known;
    }

    /** Takes no lease any more and is deregistered when the last one ends, perhaps now. */
    void remove() {
        removed = true;
        leased.closeOnceFree();
    }
}
