package io.verbena.queue;

import io.verbena.verbs.ReceiveRequest;
import java.util.Arrays;

/**
 * The slots of a shared receive queue: which are free, which wait in what order, and who holds the others.
 *
 * <p>A slot counts its uses. What names a held receive ({@linkplain #handle handle}) is slot and use, so a receive that is
 * given back twice is told from the one that is in its slot by then.
 *
 * <p>Thread rule: under the lock of the queue, but for {@link #elements}, {@link #id} and {@link #handle}: who holds a slot reads
 * its request without the lock, and nobody writes it meanwhile.
 */
final class ReceivePlaces {
    /** Replaced when the queue grows, under the lock; who holds a slot finds the same in the old and the new ones. */
    private volatile ReceiveSlots slots;

    private int[] free;
    private int freeCount;
    private int[] order;
    private int first;
    private int waiting;
    private int busy;

    ReceivePlaces(int depth, int maxElements) {
        slots = new ReceiveSlots(depth, maxElements);
        free = new int[depth];
        order = new int[depth];
        addFree(0, depth);
    }

    private void addFree(int from, int end) {
        for (int slot = end - 1; slot >= from; slot--) {
            free[freeCount++] = slot;
        }
    }

    ElementSlots elements() {
        return slots.elements;
    }

    long id(int slot) {
        return slots.ids[slot];
    }

    /** Returns what names the receive in {@code slot} as long as it is held. */
    long handle(int slot) {
        return (long) slot << 32 | Integer.toUnsignedLong(slots.uses[slot]);
    }

    static long slot(long handle) {
        return handle >> 32;
    }

    /** Returns how many wait for a message. */
    int waiting() {
        return waiting;
    }

    /** Returns how many wait or are held. */
    int busy() {
        return busy;
    }

    /** Copies a receive into a free slot, behind those that wait; the caller has seen that there is one. */
    void add(ReceiveRequest borrowed) {
        int slot = free[freeCount - 1];
        slots.elements.store(slot, borrowed.memory());
        slots.ids[slot] = borrowed.id();
        freeCount--;
        busy++;
        order[index(waiting)] = slot;
        waiting++;
    }

    /** Makes {@code account} the holder of the first that waits, and returns its slot; the caller has seen that there is one. */
    int draw(ReceiveAccount account) {
        int slot = order[first];
        first = first + 1 == order.length ? 0 : first + 1;
        waiting--;
        slots.holders[slot] = account;
        account.held++;
        account.drawn++;
        return slot;
    }

    /** Puts the first {@code count} of {@code drawn} back in front of those that wait, in their order. */
    void putBack(ReceiveAccount account, int[] drawn, int count) {
        for (int i = count - 1; i >= 0; i--) {
            int slot = drawn[i];
            slots.holders[slot] = null;
            slots.uses[slot]++;
            first = first == 0 ? order.length - 1 : first - 1;
            order[first] = slot;
        }
        account.held -= count;
        account.drawn -= count;
        waiting += count;
    }

    /** Returns whether {@code handle} names a slot, held or not. */
    boolean has(long handle) {
        long slot = slot(handle);
        return slot >= 0 && slot < slots.ids.length;
    }

    /** Returns who holds the receive that {@code handle} names, or null if it was given back. */
    ReceiveAccount holder(long handle) {
        int slot = (int) slot(handle);
        return slots.uses[slot] == (int) handle ? slots.holders[slot] : null;
    }

    /** Frees the slot of a receive that is held. */
    void free(long handle) {
        freeSlot((int) slot(handle));
    }

    /** Frees all that {@code account} holds. */
    void freeAll(ReceiveAccount account) {
        for (int slot = 0; account.held > 0 && slot < slots.holders.length; slot++) {
            if (slots.holders[slot] == account) {
                freeSlot(slot);
            }
        }
    }

    private void freeSlot(int slot) {
        slots.holders[slot].held--;
        slots.holders[slot] = null;
        slots.uses[slot]++;
        free[freeCount++] = slot;
        busy--;
    }

    /** Makes room for {@code depth} receives. Slots above a smaller depth stay: who holds one knows it by its number. */
    void grow(int depth) {
        int places = slots.ids.length;
        if (depth <= places) {
            return;
        }
        int[] inOrder = new int[depth];
        for (int i = 0; i < waiting; i++) {
            inOrder[i] = order[index(i)];
        }
        order = inOrder;
        first = 0;
        free = Arrays.copyOf(free, depth);
        addFree(places, depth);
        slots = slots.grown(depth);
    }

    private int index(int behindFirst) {
        int index = first + behindFirst;
        return index < order.length ? index : index - order.length;
    }
}
