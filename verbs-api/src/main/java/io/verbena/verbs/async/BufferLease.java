package io.verbena.verbs.async;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A piece of registered memory that is in use: by an operation until its completion, or by the application while it reads
 * a received message. Only the end of that use ends the lease; a timeout does not.
 *
 * <p>Thread rule: any thread.
 */
public final class BufferLease {
    private final LeasedRegion region;
    private final long offset;
    private final long lengthOctets;
    private final Object holder;

    /** What has to stay reachable until the lease is over; may be null. */
    private volatile Object kept;

    BufferLease(LeasedRegion region, long offset, long lengthOctets, Object holder, Object kept) {
        this.region = region;
        this.offset = offset;
        this.lengthOctets = lengthOctets;
        this.holder = holder;
        this.kept = kept;
    }

    /** Returns the region. */
    public LeasedRegion region() {
        return region;
    }

    /** Returns where in the region it begins. */
    public long offset() {
        return offset;
    }

    /** Returns its length in octets. */
    public long lengthOctets() {
        return lengthOctets;
    }

    /** Returns whether the lease is over and the memory the application's again. */
    public boolean over() {
        return !region.holds(this);
    }

    /**
     * Waits until the lease is over.
     *
     * @param deadline the longest wait; zero only looks
     * @throws TimeoutException if the memory is still in use then; nothing was changed, the lease goes on
     * @throws InterruptedException if the thread was interrupted
     */
    public void reclaim(Duration deadline) throws TimeoutException, InterruptedException {
        region.awaitEndOf(this, deadline);
    }

    /**
     * Ends the lease: to be called by who took it ({@link LeasedRegion#lease}, {@link RegistrationCache#lease}), once no request
     * that uses the memory is under way. Leases of operations end by themselves. Idempotent.
     */
    public void end() {
        region.end(this);
        kept = null;
    }

    boolean overlaps(long otherOffset, long otherLength) {
        return otherLength > 0
                && lengthOctets > 0
                && offset < otherOffset + otherLength
                && otherOffset < offset + lengthOctets;
    }

    /** Returns whether something is kept reachable for the lease. */
    boolean keepsSomething() {
        return kept != null;
    }

    @Override
    public String toString() {
        return holder + " (" + lengthOctets + " octets at offset " + offset + ")";
    }
}
