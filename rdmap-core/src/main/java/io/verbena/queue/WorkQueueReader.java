package io.verbena.queue;

import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SlotIndicator;
import io.verbena.verbs.WorkQueueSlot;
import io.verbena.verbs.WorkQueueSnapshot;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Takes snapshots of a work queue without stopping it (SYS-WQ-05).
 *
 * <p>Everything is read twice. Registers and indicators only ever count on, so if the second reading finds what the first
 * found, nothing changed in between and the snapshot is steady; if not, it tries again, and after a few tries gives what it
 * has. A slot that was freed while its request was read has been free in that time, and is given as free: an id and an
 * operation are never of two requests.
 *
 * <p>Thread rule: any thread, each with a reader of its own. Allocates.
 */
final class WorkQueueReader {
    /** Tells what the request of a slot is; may be asked while the slot is being filled, and is then not believed. */
    interface Requests {
        /** Returns the id. */
        long id(int slot);

        /** Returns the operation, or null in a receive queue. */
        SendOperation operation(int slot);
    }

    private static final int TRIES = 8;

    private final ServiceRegister register;
    private final ServiceOrder order;
    private final SlotIndicators indicators;
    private final Requests requests;
    private final int[] seen;
    private final WorkQueueSlot[] slots;

    WorkQueueReader(ServiceRegister register, ServiceOrder order, SlotIndicators indicators, Requests requests) {
        this.register = register;
        this.order = order;
        this.indicators = indicators;
        this.requests = requests;
        seen = new int[indicators.depth()];
        slots = new WorkQueueSlot[indicators.depth()];
    }

    WorkQueueSnapshot read(WorkQueueSnapshot.Kind kind, int queuePairNumber) {
        long registered = 0;
        boolean inService = false;
        int waiting = 0;
        boolean steady = false;
        for (int tries = 0; tries < TRIES && !steady; tries++) {
            registered = register.value();
            int taken = order.taken();
            int appended = order.appended();
            waiting = Math.min(appended - taken, slots.length);
            for (int slot = 0; slot < slots.length; slot++) {
                slots[slot] = read(slot);
            }
            int named = ServiceRegister.slot(registered);
            inService = named >= 0
                    && slots[named].indicator().busy()
                    && SlotIndicators.sameUse(seen[named], (int) registered);
            VarHandle.fullFence();
            steady = registered == register.value()
                    && taken == order.taken()
                    && appended == order.appended()
                    && unchanged();
        }
        return new WorkQueueSnapshot(
                kind,
                queuePairNumber,
                ServiceRegister.slot(registered),
                inService,
                waiting,
                steady,
                Arrays.asList(slots));
    }

    private WorkQueueSlot read(int slot) {
        int before = indicators.acquire(slot);
        seen[slot] = before;
        SlotIndicator indicator = SlotIndicators.phase(before);
        if (!indicator.busy()) {
            return new WorkQueueSlot(slot, indicator, 0, null);
        }
        long id = requests.id(slot);
        SendOperation operation = requests.operation(slot);
        VarHandle.loadLoadFence();
        return indicators.done(slot, before)
                ? new WorkQueueSlot(slot, SlotIndicator.FREE, 0, null)
                : new WorkQueueSlot(slot, indicator, id, operation);
    }

    private boolean unchanged() {
        for (int slot = 0; slot < slots.length; slot++) {
            if (indicators.acquire(slot) != seen[slot]) {
                return false;
            }
        }
        return true;
    }
}
