package io.verbena.verbs.async;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.STag;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A memory region that knows which of its octets are in use. What an operation was given stays leased until its
 * completion, so that nothing is taken back while the adapter, or through it the peer, may still write there: after a
 * timeout {@link #reclaim} tells when the memory is the application's again, and {@link #close} is refused until then.
 *
 * <p>It guards against the operations posted here. What the peer does with the region's STag is a matter of its rights.
 *
 * <p>Thread rule: any thread. Ownership: the region is given to this object, which deregisters it; its buffers stay lent
 * to the region.
 */
public final class LeasedRegion implements AutoCloseable {
    private static final int NAMED_HOLDERS = 3;

    /** What is known of the future of the region. */
    private enum Life {
        OPEN,
        CLOSING_ONCE_FREE,
        CLOSED
    }

    private final MemoryRegion region;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition leaseEnded = lock.newCondition();
    private final Set<BufferLease> leases = new LinkedHashSet<>();
    private Life life = Life.OPEN;

    private LeasedRegion(MemoryRegion region) {
        this.region = Objects.requireNonNull(region, "region");
    }

    /** Takes over {@code given}, of which no other operation is under way. */
    public static LeasedRegion over(MemoryRegion given) {
        return new LeasedRegion(given);
    }

    /** Registers the remaining octets of {@code lent} (see {@link ProtectionDomain#register(ByteBuffer, AccessFlag...)}). */
    public static LeasedRegion register(ProtectionDomain domain, ByteBuffer lent, AccessFlag... access) {
        return new LeasedRegion(domain.register(lent, access));
    }

    /** Returns the region below. */
    public MemoryRegion region() {
        return region;
    }

    /** Returns the STag. */
    public int stag() {
        return region.stag();
    }

    /** Returns the length in octets. */
    public long lengthOctets() {
        return region.lengthOctets();
    }

    /** Returns the value that tells a peer how to reach the whole region. */
    public RemoteRegion remote() {
        return region.remote();
    }

    /**
     * Returns the value that tells a peer how to reach a piece of the region.
     *
     * @throws IndexOutOfBoundsException if the piece is not inside the region
     */
    public RemoteRegion remote(long offset, long length) {
        return region.remote(offset, length);
    }

    /** Returns the number of leases now. */
    public int leaseCount() {
        lock.lock();
        try {
            return leases.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether no octet of the piece is in use. */
    public boolean free(long offset, long length) {
        requireInside(offset, length);
        lock.lock();
        try {
            return noneMatches(lease -> lease.overlaps(offset, length));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until no octet of the region is in use.
     *
     * @param deadline the longest wait; zero only looks
     * @throws TimeoutException naming who uses it still
     * @throws InterruptedException if the thread was interrupted
     */
    public void reclaim(Duration deadline) throws TimeoutException, InterruptedException {
        awaitNone(lease -> true, deadline);
    }

    /**
     * Waits until no octet of the piece is in use.
     *
     * @param deadline the longest wait; zero only looks
     * @throws IndexOutOfBoundsException if the piece is not inside the region
     * @throws TimeoutException naming who uses it still
     * @throws InterruptedException if the thread was interrupted
     */
    public void reclaim(long offset, long length, Duration deadline) throws TimeoutException, InterruptedException {
        requireInside(offset, length);
        awaitNone(lease -> lease.overlaps(offset, length), deadline);
    }

    /**
     * Deregisters the region. Idempotent.
     *
     * @throws ResourceInUseException naming who uses it, if a piece is leased; nothing was changed
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!leases.isEmpty()) {
                throw new ResourceInUseException(inUse(lease -> true));
            }
            closeRegion();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new leases from now on and deregisters the region once the last one is over, at once if there is none. */
    public void closeOnceFree() {
        lock.lock();
        try {
            if (leases.isEmpty()) {
                closeRegion();
            } else {
                life = Life.CLOSING_ONCE_FREE;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the region was deregistered. */
    public boolean closed() {
        lock.lock();
        try {
            return life == Life.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "region with STag " + STag.toString(region.stag());
    }

    /**
     * Leases a piece to {@code holder} until {@link BufferLease#end}: for requests that are posted without an
     * {@link AsyncQueuePair}.
     *
     * @param holder its string form names it in messages
     * @throws IndexOutOfBoundsException if the piece is not inside the region
     * @throws IllegalStateException if the region is closed or about to be
     */
    public BufferLease lease(long offset, long length, Object holder) {
        BufferLease lease = leaseIfOpen(offset, length, holder, null);
        if (lease == null) {
            throw new IllegalStateException(this + " is closed");
        }
        return lease;
    }

    /**
     * Leases a piece to {@code holder} and keeps {@code kept} reachable meanwhile; null if the region is closed or about to be.
     */
    public BufferLease leaseIfOpen(long offset, long length, Object holder, Object kept) {
        requireInside(offset, length);
        lock.lock();
        try {
            if (life != Life.OPEN) {
                return null;
            }
            BufferLease lease = new BufferLease(this, offset, length, holder, kept);
            leases.add(lease);
            return lease;
        } finally {
            lock.unlock();
        }
    }

    void end(BufferLease lease) {
        lock.lock();
        try {
            if (leases.remove(lease)) {
                leaseEnded.signalAll();
            }
            if (leases.isEmpty() && life == Life.CLOSING_ONCE_FREE) {
                closeRegion();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean holds(BufferLease lease) {
        lock.lock();
        try {
            return leases.contains(lease);
        } finally {
            lock.unlock();
        }
    }

    void awaitEndOf(BufferLease lease, Duration deadline) throws TimeoutException, InterruptedException {
        awaitNone(each -> each == lease, deadline);
    }

    private void awaitNone(Predicate<BufferLease> which, Duration deadline)
            throws TimeoutException, InterruptedException {
        long remaining = Deadline.toNanos(Deadline.requireNotNegative(deadline));
        lock.lockInterruptibly();
        try {
            while (!noneMatches(which)) {
                if (remaining <= 0) {
                    throw new TimeoutException(inUse(which));
                }
                remaining = leaseEnded.awaitNanos(remaining);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean noneMatches(Predicate<BufferLease> which) {
        return leases.stream().noneMatch(which);
    }

    private String inUse(Predicate<BufferLease> which) {
        long count = leases.stream().filter(which).count();
        String names = leases.stream()
                .filter(which)
                .limit(NAMED_HOLDERS)
                .map(BufferLease::toString)
                .collect(Collectors.joining(", "));
        return this + " is in use by " + names
                + (count > NAMED_HOLDERS ? " and " + (count - NAMED_HOLDERS) + " more" : "");
    }

    private void closeRegion() {
        if (life != Life.CLOSED) {
            region.close();
            life = Life.CLOSED;
        }
    }

    private void requireInside(long offset, long length) {
        long whole = region.lengthOctets();
        if (offset < 0 || length < 0 || offset > whole - length) {
            throw new IndexOutOfBoundsException(length + " octets at offset " + offset + " are not inside the " + this
                    + " of " + whole + " octets");
        }
    }
}
