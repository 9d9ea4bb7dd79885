package io.verbena.queue;

import java.util.Arrays;

/** What a shared receive queue keeps for each slot. Thread rule: under the queue's lock, or by who holds the slot. */
final class ReceiveSlots {
    final long[] ids;

    /** How often each was drawn or put back: with the slot it names a held receive. */
    final int[] uses;

    /** Who holds it; null while it is free or its receive waits. */
    final ReceiveAccount[] holders;

    final ElementSlots elements;

    ReceiveSlots(int places, int maxElements) {
        this(new long[places], new int[places], new ReceiveAccount[places], new ElementSlots(places, maxElements));
    }

    private ReceiveSlots(long[] ids, int[] uses, ReceiveAccount[] holders, ElementSlots elements) {
        this.ids = ids;
        this.uses = uses;
        this.holders = holders;
        this.elements = elements;
    }

    /** Returns larger ones with the same content. */
    ReceiveSlots grown(int places) {
        return new ReceiveSlots(
                Arrays.copyOf(ids, places),
                Arrays.copyOf(uses, places),
                Arrays.copyOf(holders, places),
                elements.grown(places));
    }
}
