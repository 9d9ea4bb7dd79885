package io.verbena.rdmap;

/**
 * Own Reads whose Response is not complete (ORQ), oldest first; at most ORD of them are on the wire.
 *
 * <p>RFC 5040 section 5.2.2: Responses come in the order of the requests, so only the oldest can be the one that is being
 * answered.
 *
 * <p>Thread rule: the stream's loop; {@link #size()} any thread.
 */
final class OutboundReadQueue {
    /** Slot of a Read that no application asked for: a ready-to-receive message. */
    static final int NO_SLOT = -1;

    private final int[] slots;
    private final int[] positions;
    private final int[] sinkStags;
    private final long[] sinkAddresses;
    private final long[] lengths;
    private final boolean[] invalidates;
    private int head;
    private volatile int size;
    private long received;

    OutboundReadQueue(int capacity) {
        slots = new int[capacity];
        positions = new int[capacity];
        sinkStags = new int[capacity];
        sinkAddresses = new long[capacity];
        lengths = new long[capacity];
        invalidates = new boolean[capacity];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == slots.length;
    }

    /**
     * Adds a Read that is about to be sent.
     *
     * @param slot its slot of the send queue, or {@link #NO_SLOT}
     * @param position its place in the completion order
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void add(int slot, int position, int sinkStag, long sinkAddress, long length, boolean invalidate) {
        int at = (head + size) % slots.length;
        slots[at] = slot;
        positions[at] = position;
        sinkStags[at] = sinkStag;
        sinkAddresses[at] = sinkAddress;
        lengths[at] = length;
        invalidates[at] = invalidate;
        size++;
    }

    int slot() {
        return slots[head];
    }

    int position() {
        return positions[head];
    }

    int sinkStag() {
        return sinkStags[head];
    }

    long length() {
        return lengths[head];
    }

    boolean invalidates() {
        return invalidates[head];
    }

    /** Returns the address at which the next octets of the oldest Read's Response must go. */
    long nextAddress() {
        return sinkAddresses[head] + received;
    }

    /** Returns the octets of the oldest Read's Response that are still missing. */
    long missing() {
        return lengths[head] - received;
    }

    /** Takes note that octets of the oldest Read's Response were placed. */
    void advance(long octets) {
        received += octets;
    }

    /** Removes the oldest Read. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void remove() {
        head = (head + 1) % slots.length;
        received = 0;
        size--;
    }

    /** Returns the completion position of the Read with this sink, or -1. */
    int positionOf(int sinkStag, long sinkAddress) {
        for (int i = 0; i < size; i++) {
            int at = (head + i) % slots.length;
            if (sinkStags[at] == sinkStag && sinkAddresses[at] == sinkAddress && slots[at] != NO_SLOT) {
                return positions[at];
            }
        }
        return -1;
    }
}
