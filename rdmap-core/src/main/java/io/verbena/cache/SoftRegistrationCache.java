package io.verbena.cache;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.async.BufferLease;
import io.verbena.verbs.async.CacheLookup;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.async.CacheStatistics;
import io.verbena.verbs.async.RegistrationCache;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The registration cache of a protection domain.
 *
 * <p>Why no hit is stale (SYS-CACHE-05): an array or buffer object that is alive keeps its memory, unless an arena's scope ends
 * that. A lookup finds a registration by the very object, or by an address; in the second case the registration's own object must be
 * alive and of the same lifetime as the buffer that is looked up, and in both cases that lifetime must not be over. Once memory
 * was freed, its objects are garbage or its scope is closed, and both are seen before new memory can be in its place: the collector
 * clears the references to an object before it lets go of its memory.
 *
 * <p>Why no registration in use is deregistered (SYS-CACHE-04): leases begin under the cache's lock alone, and removing looks at
 * them under that lock. What is removed for another reason than room ends with its last lease.
 *
 * <p>Thread rule: any thread; one lock, held for a lookup or a registration. Locks are taken in the order cache, leased region,
 * domain, table; event loops take none of the first two.
 */
public final class SoftRegistrationCache implements RegistrationCache {
    private final CacheHost host;
    private final CacheOptions options;
    private final CacheTally tally;
    private final GarbageWatch watch;

    private final ReentrantLock lock = new ReentrantLock();
    private final IdentityIndex<CachedRegistration> byKey = new IdentityIndex<>();
    private final AddressIndex byAddress = new AddressIndex();
    private final SliceOrigins origins = new SliceOrigins();
    private final Recency recency = new Recency();

    /** Removed, but in use when last looked at. */
    private final List<CachedRegistration> leaving = new ArrayList<>();

    /** Of all that are registered, the leaving ones included. */
    private long octets;

    private boolean closed;

    // What the last find has found, besides the registration.
    private Object foundKey;
    private long foundOffset;

    /** Where the buffer begins in its owner, after {@link #ownerOf}. */
    private int ownerOffset;

    /** Makes an empty cache. */
    public SoftRegistrationCache(CacheHost host, CacheOptions options) {
        this.host = host;
        this.options = options;
        this.tally = new CacheTally(host);
        this.watch = new GarbageWatch(
                host.protectionDomain().device().name() + "-cache-"
                        + host.protectionDomain().number(),
                this);
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return host.protectionDomain();
    }

    @Override
    public CacheOptions options() {
        return options;
    }

    @Override
    public BufferLease lease(ByteBuffer lent, AccessFlag right, Object holder) {
        boolean write = writes(right);
        requireSuited(lent, write);
        if (!lent.hasRemaining()) {
            throw new IllegalArgumentException("buffer " + lent + " has no octets to lease");
        }
        lock.lock();
        try {
            requireOpen();
            BufferLease lease = null;
            while (lease == null) {
                CachedRegistration used = findOrRegister(lent, write);
                lease = used.lease(foundKey, foundOffset, lent.remaining(), holder);
                if (lease == null) {
                    // Somebody closed the region behind our back.
                    remove(used, CacheRemoval.FREED);
                }
            }
            return lease;
        } finally {
            foundKey = null;
            lock.unlock();
        }
    }

    private CachedRegistration findOrRegister(ByteBuffer lent, boolean write) {
        CachedRegistration found = find(lent);
        if (found != null && (found.writable() || !write)) {
            recency.touch(found);
            tally.onLookup(CacheLookup.HIT, found);
            return found;
        }
        CachedRegistration made = found == null ? register(ownerOf(lent), write) : upgrade(found, lent);
        tally.onLookup(found == null ? CacheLookup.MISS : CacheLookup.UPGRADE, made);
        CachedRegistration now = find(lent);
        assert now == made : "the registration just made is not found";
        return made;
    }

    // ---- finding ----

    /** Finds a registration that has all remaining octets and sets what belongs to it, or returns null. */
    private CachedRegistration find(ByteBuffer lent) {
        ByteBuffer owner = ownerOf(lent);
        CachedRegistration exact = byKey.find(MemoryIdentity.key(owner));
        if (exact != null) {
            Object key = MemoryIdentity.key(owner);
            if (!exact.hasAddress() || SegmentAccess.alive(exact.scope(key))) {
                foundKey = key;
                foundOffset = ownerOffset + MemoryIdentity.offset(lent);
                return exact;
            }
            remove(exact, CacheRemoval.MEMORY_GONE);
        }
        return MemoryIdentity.hasAddress(lent) ? findByAddress(lent) : null;
    }

    /** Returns the buffer that is registered for {@code lent}: the one it is a slice of, as far as this cache made it, or itself. */
    private ByteBuffer ownerOf(ByteBuffer lent) {
        ownerOffset = 0;
        if (SegmentAccess.available() || !lent.isDirect()) {
            return lent;
        }
        SliceOrigin origin = origins.of(lent);
        ByteBuffer parent = origin == null ? null : origin.parent();
        if (parent == null) {
            return lent;
        }
        ownerOffset = origin.offset();
        return parent;
    }

    private CachedRegistration findByAddress(ByteBuffer lent) {
        Object segment = SegmentAccess.segment(lent);
        Object scope = SegmentAccess.scope(segment);
        if (!SegmentAccess.alive(scope)) {
            return null;
        }
        long address = SegmentAccess.address(segment);
        while (true) {
            CachedRegistration candidate = byAddress.containing(address);
            if (candidate == null) {
                return null;
            }
            Object key = candidate.get();
            if (key == null) {
                remove(candidate, CacheRemoval.GARBAGE);
            } else if (!candidate.scope(key).equals(scope)) {
                remove(candidate, CacheRemoval.MEMORY_GONE);
            } else {
                foundKey = key;
                foundOffset = address - candidate.startAddress();
                return foundOffset + lent.remaining() <= candidate.lengthOctets() ? candidate : null;
            }
        }
    }

    // ---- registering ----

    /** Registers with local write what has local read; users of the old registration go on with it. */
    private CachedRegistration upgrade(CachedRegistration old, ByteBuffer lent) {
        // The wider memory is registered, unless it was known by a buffer that is read-only.
        boolean sameMemory = !MemoryIdentity.whole(foundKey).isReadOnly();
        ByteBuffer owner = sameMemory ? MemoryIdentity.whole(foundKey) : ownerOf(lent);
        Object key = sameMemory ? foundKey : MemoryIdentity.key(owner);
        remove(old, CacheRemoval.REPLACED);
        return register(key, owner, true);
    }

    private CachedRegistration register(ByteBuffer owner, boolean write) {
        return register(MemoryIdentity.key(owner), owner, write);
    }

    /** Registers all the memory that {@code key} stands for, of which {@code owner} is some. */
    private CachedRegistration register(Object key, ByteBuffer owner, boolean write) {
        MemoryIdentity.requireUsable(owner);
        ByteBuffer whole = MemoryIdentity.whole(key);
        boolean hasAddress = MemoryIdentity.hasAddress(whole);
        long start = hasAddress ? SegmentAccess.address(SegmentAccess.segment(whole)) : 0;
        boolean writable = write;
        if (hasAddress) {
            writable |= takePlace(start, whole) && !whole.isReadOnly();
        }
        LooseRegion region = registerWithRoom(whole, writable);
        region.loosen();
        CachedRegistration made =
                new CachedRegistration(key, watch.begin(), region, hasAddress, start, whole.capacity(), writable);
        byKey.add(made);
        if (hasAddress) {
            byAddress.add(made);
        }
        recency.add(made);
        octets += made.lengthOctets();
        tally.onRegistered(made);
        return made;
    }

    /** Removes what lies inside the new memory or around it, or lay there before it; returns whether some of it was writable. */
    private boolean takePlace(long start, ByteBuffer whole) {
        Object scope = SegmentAccess.scope(SegmentAccess.segment(whole));
        long end = start + whole.capacity();
        boolean writable = false;
        for (CachedRegistration other : byAddress.overlapping(start, end)) {
            Object key = other.get();
            if (key == null) {
                remove(other, CacheRemoval.GARBAGE);
            } else if (!other.scope(key).equals(scope)) {
                remove(other, CacheRemoval.MEMORY_GONE);
            } else if (other.inside(start, end) || other.surrounds(start, end)) {
                writable |= other.writable();
                remove(other, CacheRemoval.REPLACED);
            }
        }
        return writable;
    }

    private LooseRegion registerWithRoom(ByteBuffer whole, boolean writable) {
        RegionOptions access =
                writable ? RegionOptions.access(AccessFlag.LOCAL_WRITE) : RegionOptions.access(AccessFlag.LOCAL_READ);
        makeRoom(whole.capacity());
        while (true) {
            try {
                return host.register(whole, access);
            } catch (LimitExceededException full) {
                if (!removeLeastRecentlyUsed(CacheRemoval.DEVICE_LIMIT)) {
                    throw full;
                }
            }
        }
    }

    private void makeRoom(long length) {
        if (length > options.maxOctets()) {
            throw new LimitExceededException("the registration cache holds at most " + options.maxOctets()
                    + " octets (maxOctets), but the buffer has " + length);
        }
        forgetDeregistered();
        while (recency.count() + leaving.size() >= options.maxEntries()) {
            if (!removeLeastRecentlyUsed(CacheRemoval.ENTRY_LIMIT)) {
                throw new LimitExceededException("the registration cache has its " + options.maxEntries()
                        + " registrations (maxEntries), and all of them are in use");
            }
        }
        while (octets + length > options.maxOctets()) {
            if (!removeLeastRecentlyUsed(CacheRemoval.OCTET_LIMIT)) {
                throw new LimitExceededException("the registration cache has no room for " + length + " octets: of its "
                        + options.maxOctets() + " octets (maxOctets) " + octets + " are in use");
            }
        }
    }

    // ---- removing ----

    /** Removes the idle one used least recently; returns false if none is idle. One in use is in use now, so the newest. */
    private boolean removeLeastRecentlyUsed(CacheRemoval why) {
        for (int left = recency.count(); left > 0; left--) {
            CachedRegistration oldest = recency.oldest();
            if (!oldest.inUse()) {
                remove(oldest, why);
                return true;
            }
            recency.touch(oldest);
        }
        return false;
    }

    private void remove(CachedRegistration removed, CacheRemoval why) {
        byKey.remove(removed);
        if (removed.hasAddress()) {
            byAddress.remove(removed);
        }
        recency.remove(removed);
        removed.remove();
        leaving.add(removed);
        forgetDeregistered();
        tally.onRemoved(removed, why);
    }

    private void forgetDeregistered() {
        leaving.removeIf(each -> {
            boolean gone = each.leased().closed();
            if (gone) {
                octets -= each.lengthOctets();
            }
            return gone;
        });
    }

    void onGarbage(CachedRegistration registration) {
        lock.lock();
        try {
            if (!registration.removed()) {
                remove(registration, CacheRemoval.GARBAGE);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- the application's own requests ----

    @Override
    public boolean registered(ByteBuffer borrowed) {
        lock.lock();
        try {
            return find(borrowed) != null;
        } finally {
            foundKey = null;
            lock.unlock();
        }
    }

    @Override
    public boolean free(ByteBuffer borrowed, Duration deadline) throws TimeoutException, InterruptedException {
        long end = host.nanoTime() + requireNotNegative(deadline).toNanos();
        while (true) {
            CachedRegistration busy;
            lock.lock();
            try {
                List<CachedRegistration> touched = touching(borrowed);
                busy = touched.stream()
                        .filter(CachedRegistration::inUse)
                        .findFirst()
                        .orElse(null);
                if (busy == null) {
                    touched.stream().filter(each -> !each.removed()).forEach(each -> remove(each, CacheRemoval.FREED));
                    return !touched.isEmpty();
                }
            } finally {
                lock.unlock();
            }
            busy.leased().reclaim(Duration.ofNanos(Math.max(0, end - host.nanoTime())));
        }
    }

    @Override
    public boolean changeAccess(ByteBuffer lent, Duration deadline, AccessFlag... access)
            throws TimeoutException, InterruptedException {
        boolean write = false;
        for (AccessFlag right : access) {
            write |= writes(right);
        }
        requireSuited(lent, write);
        MemoryIdentity.requireUsable(lent);
        boolean before = free(lent, deadline);
        lock.lock();
        try {
            requireOpen();
            ByteBuffer owner = ownerOf(lent);
            if (byKey.find(MemoryIdentity.key(owner)) == null) {
                register(owner, write);
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    /** Returns all that are registered and have an octet in common with what the buffer can reach. */
    private List<CachedRegistration> touching(ByteBuffer borrowed) {
        forgetDeregistered();
        ByteBuffer owner = ownerOf(borrowed);
        Object key = MemoryIdentity.key(owner);
        List<CachedRegistration> all = new ArrayList<>();
        CachedRegistration exact = byKey.find(key);
        if (exact != null) {
            all.add(exact);
        }
        boolean hasAddress = MemoryIdentity.hasAddress(owner);
        ByteBuffer whole = owner.duplicate().clear();
        long start = hasAddress ? SegmentAccess.address(SegmentAccess.segment(whole)) : 0;
        long end = start + whole.capacity();
        if (hasAddress) {
            byAddress.overlapping(start, end).stream()
                    .filter(each -> each != exact)
                    .forEach(all::add);
        }
        for (CachedRegistration each : leaving) {
            boolean overlaps =
                    hasAddress && each.hasAddress() && each.startAddress() < end && start < each.endAddress();
            if (overlaps || each.refersTo(key)) {
                all.add(each);
            }
        }
        return all;
    }

    @Override
    public ByteBuffer slice(ByteBuffer parent, int index, int length) {
        if (SegmentAccess.available() || !parent.isDirect()) {
            return parent.slice(index, length);
        }
        lock.lock();
        try {
            return origins.slice(parent, index, length);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CacheStatistics statistics() {
        lock.lock();
        try {
            forgetDeregistered();
            int inUse = leaving.size();
            for (CachedRegistration each = recency.oldest(); each != null; each = each.newer) {
                inUse += each.inUse() ? 1 : 0;
            }
            return tally.statistics(recency.count() + leaving.size(), inUse, octets);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            while (recency.oldest() != null) {
                remove(recency.oldest(), CacheRemoval.CACHE_CLOSED);
            }
            watch.end();
        } finally {
            lock.unlock();
        }
        host.forget(this);
    }

    @Override
    public String toString() {
        return "registration cache of " + protectionDomain();
    }

    // ---- arguments ----

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    private static boolean writes(AccessFlag right) {
        return switch (right) {
            case LOCAL_READ -> false;
            case LOCAL_WRITE -> true;
            case REMOTE_READ, REMOTE_WRITE, REMOTE_ATOMIC, WINDOW_BIND ->
                throw new IllegalArgumentException("a cached registration has local rights only, not " + right
                        + ": register the memory, so that you know when the peer can reach it");
        };
    }

    private static void requireSuited(ByteBuffer lent, boolean write) {
        if (write && lent.isReadOnly()) {
            throw new IllegalArgumentException("buffer " + lent + " is read-only, but octets shall be placed in it");
        }
    }

    private static Duration requireNotNegative(Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline " + deadline + " must not be negative");
        }
        return deadline;
    }
}
