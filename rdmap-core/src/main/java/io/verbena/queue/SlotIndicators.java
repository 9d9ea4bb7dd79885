package io.verbena.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The indicators of a work queue: one per slot, saying whether the slot may be reused. The posting side decides by the
 * indicator alone (SYS-WQ-03), so a slot comes back as soon as its request is done, whatever the slots before it do.
 *
 * <pre>
 *   FREE --claim (any thread)--> CLAIMED --occupy (same thread)--> BUSY --serve (loop)--> IN_SERVICE --free (loop)--> FREE
 * </pre>
 *
 * <p>Who moves an indicator to CLAIMED owns the slot's content until the slot's number is handed over; the owning loop has
 * it from then until FREE. The loop frees with release and a claim acquires, so what a poster writes into a slot comes
 * after everything that the loop read from it.
 */
final class SlotIndicators {
    private static final int FREE = 0;
    private static final int CLAIMED = 1;
    private static final int BUSY = 2;
    private static final int IN_SERVICE = 3;

    private static final VarHandle INDICATOR = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] indicators;

    /** Where the next search begins. Only a hint: a lost update costs a longer search and nothing else. */
    private int hint;

    SlotIndicators(int depth) {
        indicators = new int[depth];
    }

    int depth() {
        return indicators.length;
    }

    /** Takes a free slot for filling, or returns -1 if there is none. Any thread. */
    int claim() {
        int depth = indicators.length;
        int slot = hint;
        for (int tries = 0; tries < depth; tries++) {
            if ((int) INDICATOR.getOpaque(indicators, slot) == FREE
                    && INDICATOR.compareAndSet(indicators, slot, FREE, CLAIMED)) {
                hint = slot + 1 == depth ? 0 : slot + 1;
                return slot;
            }
            slot = slot + 1 == depth ? 0 : slot + 1;
        }
        return -1;
    }

    /** Marks a claimed slot as holding a request. The claiming thread, before it hands the slot's number over. */
    void plainOccupy(int slot) {
        indicators[slot] = BUSY;
    }

    /** Gives a claimed slot back that could not be filled, for want of memory say. The claiming thread. */
    void releaseClaim(int slot) {
        INDICATOR.setRelease(indicators, slot, FREE);
    }

    /** Marks a slot whose request was taken into service. Owning loop. */
    void serve(int slot) {
        INDICATOR.setOpaque(indicators, slot, IN_SERVICE);
    }

    /** Gives back all slots in service. Owning loop. */
    void releaseServed() {
        for (int slot = 0; slot < indicators.length; slot++) {
            if (indicators[slot] == IN_SERVICE) {
                releaseFree(slot);
            }
        }
    }

    /** Returns whether the engine has taken the request of a slot and not finished it. Owning loop. */
    boolean inService(int slot) {
        return indicators[slot] == IN_SERVICE;
    }

    /** Gives a slot back whose request is done. Owning loop. */
    void releaseFree(int slot) {
        assert indicators[slot] >= BUSY : "slot " + slot + " is freed twice";
        INDICATOR.setRelease(indicators, slot, FREE);
    }

    /** Returns whether the slot holds a request that is not done. Any thread; of the past as soon as it returns. */
    boolean busy(int slot) {
        return (int) INDICATOR.getOpaque(indicators, slot) >= BUSY;
    }

    /** Returns how many slots hold a request that is not done. Any thread; a snapshot. */
    int busyCount() {
        int busy = 0;
        for (int slot = 0; slot < indicators.length; slot++) {
            if (busy(slot)) {
                busy++;
            }
        }
        return busy;
    }
}
