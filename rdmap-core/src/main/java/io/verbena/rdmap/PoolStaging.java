package io.verbena.rdmap;

import io.verbena.memory.BufferWaiter;
import io.verbena.memory.StagingBuffer;
import io.verbena.mpa.StagingSource;
import io.verbena.verbs.BufferUse;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Staging memory of the receiving direction of one stream, in its queue pair's name: at most one buffer for an FPDU that has
 * arrived in part, one small buffer for a few octets, and one for octets that nobody wants. They come from the loop, which
 * keeps one of each at hand, or from the adapter's pool.
 *
 * <p>If there is none the stream takes its place in the pool's line, and does not read before it has been given one.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing in steady state.
 */
final class PoolStaging implements StagingSource {
    private final LoopResources resources;
    private final int owner;
    private final BufferQuota quota;
    private final BufferWatcher watcher;
    private final Consumer<StagingBuffer> onRefused;
    private final Runnable resumeReading;

    /** Made when the stream waits for the first time. */
    private BufferWaiter waiter;

    private BufferWaiter waiterForLittle;

    private StagingBuffer staged;
    private StagingBuffer little;
    private StagingBuffer unwanted;

    /** Were given to this stream while it waited, and are not in use yet. */
    private StagingBuffer granted;

    private StagingBuffer grantedLittle;

    /** Whether {@link #waiter} has a place in the line, or was given a buffer that was not taken yet. */
    private boolean inLine;

    private boolean inLineForLittle;

    /**
     * Makes the staging memory of a stream.
     *
     * @param watcher hears of waits
     * @param onRefused hears of a buffer that was to be used and is not the queue pair's any more, for this use
     * @param resumeReading makes the transport ask for targets again
     */
    PoolStaging(
            LoopResources resources,
            BufferQuota quota,
            BufferWatcher watcher,
            Consumer<StagingBuffer> onRefused,
            Runnable resumeReading) {
        this.resources = resources;
        this.quota = quota;
        this.watcher = watcher;
        this.onRefused = onRefused;
        owner = watcher.queuePair();
        this.resumeReading = resumeReading;
    }

    @Override
    public boolean ready(boolean whole) {
        boolean ready = littleReady() && (!whole || wholeReady());
        watcher.receiving(ready);
        return ready;
    }

    @Override
    public boolean atHand(boolean whole) {
        return holdsLittle()
                && (!whole || staged != null || granted != null || (quota.leaves(1) && resources.spareAtHand()));
    }

    private boolean holdsLittle() {
        return little != null || grantedLittle != null || resources.littleAtHand();
    }

    private boolean littleReady() {
        if (!holdsLittle()) {
            if (waiterForLittle == null) {
                waiterForLittle = BufferWaiter.toReceiveLittle(resources.loop(), owner, resumeReading);
            }
            grantedLittle = resources.pool().acquireOrWait(waiterForLittle);
            inLineForLittle = grantedLittle == null;
        } else if (inLineForLittle) {
            leaveLineForLittle();
        }
        return grantedLittle != null || holdsLittle();
    }

    private boolean wholeReady() {
        if (staged != null || granted != null) {
            return true;
        }
        if (!quota.leaves(1)) {
            leaveLine();
            quota.awaitToReceive(resumeReading);
            return false;
        }
        if (resources.spareAtHand()) {
            leaveLine();
            return true;
        }
        if (waiter == null) {
            waiter = BufferWaiter.toReceive(resources.loop(), owner, resumeReading);
        }
        granted = resources.pool().acquireOrWait(waiter);
        inLine = granted == null;
        if (granted != null) {
            quota.take();
        }
        return granted != null;
    }

    /**
     * The stream has got a buffer elsewhere, or may not have one: it gives up its place, and what was given to it meanwhile. Else
     * that would be its own, and of no use to anybody, until it has to wait again.
     */
    private boolean leaveLine() {
        boolean left = inLine && resources.pool().cancel(waiter);
        inLine = false;
        return left;
    }

    private boolean leaveLineForLittle() {
        boolean left = inLineForLittle && resources.pool().cancel(waiterForLittle);
        inLineForLittle = false;
        return left;
    }

    @Override
    public ByteBuffer stage(ByteBuffer borrowed, int ulpdu, int available) {
        BufferUse use = BufferUses.inbound(borrowed, ulpdu, available);
        if (staged == null) {
            staged = take(use);
        } else {
            staged.reuse(owner, use);
        }
        return staged == null ? null : staged.octets().clear();
    }

    private StagingBuffer take(BufferUse use) {
        StagingBuffer taken = granted;
        if (taken != null) {
            granted = null;
            taken.reuse(owner, use);
            return taken;
        }
        taken = resources.takeSpare(owner, use);
        if (taken != null) {
            quota.take();
        }
        return taken;
    }

    @Override
    public ByteBuffer keepLittle(ByteBuffer borrowed, int ulpdu, int available) {
        BufferUse use = BufferUses.inbound(borrowed, ulpdu, available);
        if (little != null) {
            little.reuse(owner, use);
        } else if (grantedLittle != null) {
            little = grantedLittle;
            grantedLittle = null;
            little.reuse(owner, use);
        } else {
            little = resources.takeLittle(owner, use);
        }
        return little == null ? null : little.octets().clear();
    }

    @Override
    public boolean admits(ByteBuffer lent, int ulpdu, int available) {
        StagingBuffer buffer = holding(lent);
        int kind = BufferUses.inbound(lent, ulpdu, available).bit();
        if (buffer.admits(owner, kind)) {
            return true;
        }
        onRefused.accept(buffer);
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // the same buffer, whatever is in it
    private StagingBuffer holding(ByteBuffer lent) {
        return staged != null && staged.octets() == lent ? staged : little;
    }

    @Override
    public void release(ByteBuffer given) {
        if (holding(given) == staged) {
            giveBack(staged);
            staged = null;
        } else {
            resources.giveLittleBack(little, owner);
            little = null;
        }
    }

    /** Returns room for octets that nobody wants, until {@link #discarded}; or null, then reading will be resumed. */
    ByteBuffer discard() {
        if (unwanted == null) {
            if (!ready(true)) {
                return null;
            }
            unwanted = take(BufferUse.SEND_IN);
        }
        return unwanted.octets().clear();
    }

    /** The octets that were read to {@link #discard()} have been looked at for the last time. */
    void discarded() {
        if (unwanted != null) {
            giveBack(unwanted);
            unwanted = null;
        }
    }

    /** A read is over: what the stream was given for it and has not used goes back. */
    void settle() {
        if (granted != null) {
            giveBack(granted);
            granted = null;
        }
        if (grantedLittle != null) {
            resources.giveLittleBack(grantedLittle, owner);
            grantedLittle = null;
        }
    }

    private void giveBack(StagingBuffer buffer) {
        resources.giveBack(buffer, owner);
        quota.giveBack();
    }

    /** Gives up its place in the line: the stream keeps nothing any more. Returns whether it waited. */
    boolean stopWaiting() {
        boolean waited = quota.receiverWaits();
        quota.forgetReceiver();
        waited |= leaveLine();
        waited |= leaveLineForLittle();
        settle();
        watcher.receiving(true);
        return waited;
    }
}
