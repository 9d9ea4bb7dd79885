package io.verbena.rdmap;

/**
 * Own Reads and atomic operations whose Response is not complete (ORQ), oldest first; at most ORD of both together are on the
 * wire (RFC 7306 section 5.2).
 *
 * <p>RFC 5040 section 5.2.2 and RFC 7306 section 7: Responses come in the order of the requests, whatever their kinds, so only the
 * oldest can be the one that is being answered.
 *
 * <p>Thread rule: the stream's loop; {@link #size()} any thread.
 */
final class OutboundReadQueue {
    /** Slot of a Read that no application asked for: a ready-to-receive message. */
    static final int NO_SLOT = -1;

    private final int capacity;

    // Rings of that capacity, made when the first request is added: an idle queue pair has none.
    private int[] slots;
    private int[] positions;
    private int[] sinkStags;
    private long[] sinkAddresses;
    private long[] lengths;
    private boolean[] invalidates;
    private boolean[] atomic;
    private int[] sequences;

    private int head;
    private volatile int size;
    private long received;
    private int atomics;

    OutboundReadQueue(int capacity) {
        this.capacity = capacity;
    }

    private void makeRings() {
        slots = new int[capacity];
        positions = new int[capacity];
        sinkStags = new int[capacity];
        sinkAddresses = new long[capacity];
        lengths = new long[capacity];
        invalidates = new boolean[capacity];
        atomic = new boolean[capacity];
        sequences = new int[capacity];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == capacity;
    }

    /**
     * Adds a Read that is about to be sent.
     *
     * @param slot its slot of the send queue, or {@link #NO_SLOT}
     * @param position its place in the completion order
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void add(int slot, int position, int sinkStag, long sinkAddress, long length, boolean invalidate) {
        if (slots == null) {
            makeRings();
        }
        int at = (head + size) % capacity;
        slots[at] = slot;
        positions[at] = position;
        sinkStags[at] = sinkStag;
        sinkAddresses[at] = sinkAddress;
        lengths[at] = length;
        invalidates[at] = invalidate;
        atomic[at] = false;
        size++;
    }

    /**
     * Adds an atomic operation that is about to be sent.
     *
     * @param slot its slot of the send queue
     * @param position its place in the completion order
     * @param sequence MSN of its request, which is its identifier, too
     */
    void addAtomic(int slot, int position, int sinkStag, long sinkAddress, int sequence) {
        int at = (head + size) % capacity;
        add(slot, position, sinkStag, sinkAddress, AtomicUnit.OCTETS, false);
        atomic[at] = true;
        sequences[at] = sequence;
        atomics++;
    }

    /** Returns whether an atomic operation is outstanding. */
    boolean hasAtomic() {
        return atomics > 0;
    }

    /** Returns whether the oldest request is an atomic operation. */
    boolean isAtomic() {
        return size > 0 && atomic[head];
    }

    /** Returns the MSN of the oldest request, an atomic operation. */
    int sequence() {
        return sequences[head];
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
        if (atomic[head]) {
            atomics--;
        }
        head = (head + 1) % capacity;
        received = 0;
        size--;
    }

    /**
     * Returns whether octets of a Response that came ahead lie in the sink of an outstanding Read, and end it if they are the
     * last.
     *
     * @param address (unsigned) of the first octet
     * @param octets 1 or more
     */
    boolean expects(int sinkStag, long address, int octets, boolean last) {
        for (int i = 0; i < size; i++) {
            int at = (head + i) % capacity;
            long before = address - sinkAddresses[at];
            long behind = lengths[at] - before - octets;
            if (!atomic[at] && sinkStags[at] == sinkStag && before >= 0 && behind >= 0 && last == (behind == 0)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the completion position of the Read with this sink, or -1. */
    int positionOf(int sinkStag, long sinkAddress) {
        for (int i = 0; i < size; i++) {
            int at = (head + i) % capacity;
            if (sinkStags[at] == sinkStag && sinkAddresses[at] == sinkAddress && slots[at] != NO_SLOT && !atomic[at]) {
                return positions[at];
            }
        }
        return -1;
    }

    /** Returns where the atomic operation stands here whose request had this MSN, or -1. */
    int indexOfAtomic(int sequence) {
        for (int i = 0; i < size; i++) {
            int at = (head + i) % capacity;
            if (atomic[at] && sequences[at] == sequence) {
                return at;
            }
        }
        return -1;
    }

    /** Returns the slot at an index that {@link #indexOfAtomic} gave. */
    int slotAt(int index) {
        return slots[index];
    }

    /** Returns the completion position at an index that {@link #indexOfAtomic} gave. */
    int positionAt(int index) {
        return positions[index];
    }
}
