package io.verbena.memory;

import java.nio.ByteBuffer;

/**
 * Lends the event loop it belongs to views of registered memory: duplicates with a position and limit of their own.
 *
 * <p>Views come back and are lent again, so that nothing is allocated in steady state; they are kept with the
 * {@link Backing} they show and vanish with it.
 *
 * <p>Thread rule: one event loop; no two lenders with the same index may be used at the same time.
 */
public final class ViewLender {
    private final int loopIndex;

    /**
     * Makes the lender of an event loop.
     *
     * @param loopIndex number of the loop on its device, from 0 on, without large gaps
     */
    public ViewLender(int loopIndex) {
        if (loopIndex < 0) {
            throw new IllegalArgumentException("loop index " + loopIndex + " must not be negative");
        }
        this.loopIndex = loopIndex;
    }

    /** Lends a view of the whole backing, with any position and limit; it is to be {@linkplain #giveBack given back}. */
    public ByteBuffer lend(Backing backing) {
        return backing.viewsOf(loopIndex).pop();
    }

    /** Takes back a view that {@link #lend} gave for the same backing; the caller forgets it. */
    public void giveBack(Backing backing, ByteBuffer view) {
        backing.giveBack(loopIndex, view);
    }
}
