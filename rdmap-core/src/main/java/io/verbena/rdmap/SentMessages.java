package io.verbena.rdmap;

/**
 * Messages that are framed but not wholly taken by the transport: a ring of (stream position behind the last octet, what
 * to do when it is reached).
 *
 * <p>Thread rule: the stream's loop.
 */
final class SentMessages {
    /** What is done when the last octet of a message was taken by the transport. */
    enum Action {
        /** A Send or Write: complete its request. */
        COMPLETE_REQUEST,
        /** A Read Response: take the request off the inbound queue. */
        RESPONSE_OUT,
        /** The Terminate: close the sending direction. */
        TERMINATE_OUT
    }

    private final int capacity;

    // Rings of that capacity, made when the first message is added: an idle queue pair has none.
    private long[] ends;
    private Action[] actions;
    private int[] slots;
    private int[] positions;

    private int head;
    private int size;

    /**
     * Makes an empty ring.
     *
     * @param capacity messages it has room for, 1 or more
     */
    SentMessages(int capacity) {
        this.capacity = capacity;
    }

    private void makeRings() {
        ends = new long[capacity];
        actions = new Action[capacity];
        slots = new int[capacity];
        positions = new int[capacity];
    }

    boolean isFull() {
        return size == capacity;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long end, Action action, int slot, int position) {
        if (ends == null) {
            makeRings();
        }
        int at = place(size);
        ends[at] = end;
        actions[at] = action;
        slots[at] = slot;
        positions[at] = position;
        size++;
    }

    /** Returns whether the oldest message is wholly taken once {@code taken} octets of the stream are. */
    boolean headReached(long taken) {
        return size > 0 && ends[head] <= taken;
    }

    int size() {
        return size;
    }

    /** Returns the stream position behind message {@code i}, counted from the oldest. */
    long end(int i) {
        return ends[place(i)];
    }

    Action action(int i) {
        return actions[place(i)];
    }

    int slot(int i) {
        return slots[place(i)];
    }

    int position(int i) {
        return positions[place(i)];
    }

    Action action() {
        return actions[head];
    }

    int slot() {
        return slots[head];
    }

    int position() {
        return positions[head];
    }

    void remove() {
        head = place(1);
        size--;
    }

    /** Forgets the messages that end behind {@code end}: they will not be sent. */
    void dropBehind(long end) {
        while (size > 0 && ends[place(size - 1)] > end) {
            size--;
        }
    }

    /** Returns the place of the message {@code behind} the oldest, at most as many as there is room for. */
    private int place(int behind) {
        int at = head + behind;
        return at < capacity ? at : at - capacity;
    }
}
