package io.verbena.queue;

import io.verbena.verbs.SlotIndicator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The indicators of a work queue: one per slot, saying whether the slot may be reused. The posting side decides by the
 * indicator alone (SYS-WQ-03), so a slot comes back as soon as its request is done, whatever the slots before it do.
 *
 * <pre>
 *   FREE --claim--> FILLING --occupy--> WAITING --serve--> IN_SERVICE --free--> FREE
 *        any thread         same thread         loop               completing thread
 * </pre>
 *
 * <p>An indicator is a counter whose two low bits are these four phases; each step adds one. So the upper bits count how
 * often the slot was used, and who remembers an indicator can tell the request it saw from a later one in the same slot
 * ({@link #done}).
 *
 * <p>Who moves an indicator to FILLING owns the slot's content until the slot's number is handed over; the owning loop has
 * it from then until FREE. A slot is freed with release and claimed with acquire, so what a poster writes into a slot comes
 * after everything that the loop read from it.
 */
final class SlotIndicators {
    private static final int PHASE = 3;
    private static final int FREE = SlotIndicator.FREE.ordinal();
    private static final int WAITING = SlotIndicator.WAITING.ordinal();
    private static final int IN_SERVICE = SlotIndicator.IN_SERVICE.ordinal();

    private static final SlotIndicator[] PHASES = SlotIndicator.values();

    private static final VarHandle INDICATOR = MethodHandles.arrayElementVarHandle(int[].class);

    private final int[] indicators;

    /** Where the next search begins. Only a hint: a lost update costs a longer search and nothing else. */
    private int hint;

    SlotIndicators(int depth) {
        this(depth, 0);
    }

    /** Begins counting at {@code firstUse}, so that tests see counters wrap. */
    SlotIndicators(int depth, int firstUse) {
        indicators = new int[depth];
        for (int slot = 0; firstUse != 0 && slot < depth; slot++) {
            indicators[slot] = firstUse << 2;
        }
    }

    int depth() {
        return indicators.length;
    }

    /** Takes a free slot for filling, or returns -1 if there is none. Any thread. */
    int claim() {
        int depth = indicators.length;
        int slot = hint;
        for (int tries = 0; tries < depth; tries++) {
            int seen = (int) INDICATOR.getOpaque(indicators, slot);
            if ((seen & PHASE) == FREE && INDICATOR.compareAndSet(indicators, slot, seen, seen + 1)) {
                // What is filled in now must not be seen by a reader who still sees the use before.
                VarHandle.storeStoreFence();
                hint = slot + 1 == depth ? 0 : slot + 1;
                return slot;
            }
            slot = slot + 1 == depth ? 0 : slot + 1;
        }
        return -1;
    }

    /**
     * Marks a claimed slot as holding a request. The claiming thread, before it hands the slot's number over.
     *
     * @return the indicator, for {@link #done}
     */
    int releaseOccupy(int slot) {
        int waiting = indicators[slot] + 1;
        INDICATOR.setRelease(indicators, slot, waiting);
        return waiting;
    }

    /** Gives a claimed slot back that could not be filled, for want of memory say. The claiming thread. */
    void releaseClaim(int slot) {
        releaseFree(slot);
    }

    /**
     * Marks a slot whose request was taken into service. Owning loop.
     *
     * @return the indicator, for {@link #done}
     */
    int serve(int slot) {
        int served = indicators[slot] + 1;
        assert (served & PHASE) == IN_SERVICE : "slot " + slot + " is served, but no request waits in it";
        INDICATOR.setOpaque(indicators, slot, served);
        return served;
    }

    /** Gives back all slots in service. Owning loop, while nobody else completes. */
    void releaseServed() {
        for (int slot = 0; slot < indicators.length; slot++) {
            if (inService(slot)) {
                releaseFree(slot);
            }
        }
    }

    /** Returns whether the engine has taken the request of a slot and not finished it. Owning loop. */
    boolean inService(int slot) {
        return (indicators[slot] & PHASE) == IN_SERVICE;
    }

    /** Gives a slot back whose request is done. Who has the slot: the owning loop, or whom it handed the slot to. */
    void releaseFree(int slot) {
        int before = indicators[slot];
        assert (before & PHASE) != FREE : "slot " + slot + " is freed twice";
        INDICATOR.setRelease(indicators, slot, (before | PHASE) + 1);
    }

    /**
     * Returns whether the request that was in a slot when its indicator was {@code seen} is done, be there another by now. Any
     * thread.
     */
    boolean done(int slot, int seen) {
        return !sameUse((int) INDICATOR.getOpaque(indicators, slot), seen);
    }

    /** Returns whether two indicators of a slot are of the same request. */
    static boolean sameUse(int one, int other) {
        return (one ^ other) >>> 2 == 0;
    }

    /** Returns the indicator with its count; what was filled in before it can be read. Any thread. */
    int acquire(int slot) {
        return (int) INDICATOR.getAcquire(indicators, slot);
    }

    /** Returns the phase of what {@link #acquire} returned. */
    static SlotIndicator phase(int indicator) {
        return PHASES[indicator & PHASE];
    }

    /** Returns how many slots hold a request that is not done. Any thread; a snapshot. */
    int busyCount() {
        int busy = 0;
        for (int slot = 0; slot < indicators.length; slot++) {
            if (((int) INDICATOR.getOpaque(indicators, slot) & PHASE) >= WAITING) {
                busy++;
            }
        }
        return busy;
    }
}
