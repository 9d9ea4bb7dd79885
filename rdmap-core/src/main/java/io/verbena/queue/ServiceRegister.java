package io.verbena.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The first register of a work queue (SYS-WQ-04): which slot holds the request being serviced. The engine writes it when it
 * takes a request; posting writes it when it finds the engine idle, so that an idle engine is told the address of its next
 * request and has nothing to search.
 *
 * <p>Beside the slot's number it keeps the slot's indicator of that moment. So the in-service bit needs no store of its own:
 * it is on until the indicator of the slot has moved on, and a later request in the same slot does not light it again.
 *
 * <p>Why two writers do no harm: a poster writes before it hands its slot over, so the engine's own writing for that slot
 * comes after it. A poster that saw an idle engine and was overtaken can show its own request for a moment too early, which
 * the engine will take soon; once nothing is being posted the register is what the engine wrote last.
 *
 * <p>Thread rule: {@link #write} by the engine, and by posters for a slot not yet handed over; the rest any thread.
 */
final class ServiceRegister {
    private static final long NONE = -1L << 32;

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(ServiceRegister.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SlotIndicators indicators;

    /** Slot number in the upper half, its indicator in the lower. */
    @SuppressWarnings("UnusedVariable") // its readers go through VALUE
    private long value = NONE;

    ServiceRegister(SlotIndicators indicators) {
        this.indicators = indicators;
    }

    /** Names a request by its slot and the slot's present indicator. */
    void write(int slot, int indicator) {
        VALUE.setOpaque(this, (long) slot << 32 | Integer.toUnsignedLong(indicator));
    }

    /** Returns the register with all it holds, to compare. */
    long value() {
        return (long) VALUE.getOpaque(this);
    }

    /** Returns the slot that {@code value} names, or -1. */
    static int slot(long value) {
        return (int) (value >> 32);
    }

    /** Returns the in-service bit: whether the request that {@code value} names is not done. */
    boolean inService(long value) {
        int slot = slot(value);
        return slot >= 0 && !indicators.done(slot, (int) value);
    }
}
