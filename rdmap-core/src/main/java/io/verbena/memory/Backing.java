package io.verbena.memory;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/**
 * One of the buffers that a region consists of.
 *
 * <p>A region usually keeps its memory alive. A {@linkplain #loosen loose} one does not: whoever uses it keeps what {@link #hold}
 * returned, and while nobody does, the collector may take the memory. That is how a cached registration outlasts the requests it
 * was made for, but not the buffer. Access that finds nothing there throws {@link IllegalStateException}, as does access to memory
 * whose scope was closed.
 *
 * <p>Thread rule: any thread; the views of an event loop are touched by that loop alone.
 */
public final class Backing {
    private final int lengthOctets;

    /** The memory, or null if it is held loosely. */
    private volatile BackingOctets kept;

    private volatile WeakReference<BackingOctets> loose;

    /** Takes the remaining octets of {@code lent}, whose position and limit do not matter afterwards. */
    Backing(ByteBuffer lent) {
        kept = new BackingOctets(lent);
        lengthOctets = kept.shared().capacity();
    }

    /**
     * Keeps the octets reachable no longer; to be called before anybody else knows the region.
     *
     * @return what does so instead, as long as somebody has it
     */
    public Object loosen() {
        BackingOctets octets = kept;
        loose = new WeakReference<>(octets);
        kept = null;
        return octets;
    }

    /** Returns what keeps the octets reachable; null if nobody has had that for a while. */
    public Object held() {
        return present();
    }

    /**
     * Gives a loose backing its octets again when {@link #held} says null; one caller at a time.
     *
     * @param same the memory that it was made of: all of its octets, and no others, remain
     * @return what keeps them reachable
     */
    public Object hold(ByteBuffer same) {
        if (kept != null || same.remaining() != lengthOctets) {
            throw new IllegalArgumentException(
                    same.remaining() + " octets are not the " + lengthOctets + " that were registered loosely");
        }
        BackingOctets octets = new BackingOctets(same);
        loose = new WeakReference<>(octets);
        return octets;
    }

    /** Returns the shared buffer; only for access by absolute index. */
    ByteBuffer octets() {
        return require().shared();
    }

    /** Returns the number of octets. */
    int lengthOctets() {
        return lengthOctets;
    }

    /** Returns the free views of an event loop. */
    ViewStack viewsOf(int loopIndex) {
        return require().viewsOf(loopIndex);
    }

    /** Takes back a view, unless the memory has gone with whoever held it. */
    void giveBack(int loopIndex, ByteBuffer view) {
        BackingOctets octets = present();
        if (octets != null) {
            octets.viewsOf(loopIndex).push(view);
        }
    }

    private BackingOctets present() {
        BackingOctets octets = kept;
        return octets != null ? octets : loose.get();
    }

    private BackingOctets require() {
        BackingOctets octets = present();
        if (octets == null) {
            throw new IllegalStateException("the memory is used without a lease of the cache that registered it");
        }
        return octets;
    }
}
