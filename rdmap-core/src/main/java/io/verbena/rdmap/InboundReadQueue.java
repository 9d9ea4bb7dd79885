package io.verbena.rdmap;

import io.verbena.rdmap.wire.ReadRequestHeader;

/**
 * Inbound Read Requests that are not fully answered (IRRQ), oldest first; at most IRD of them.
 *
 * <p>A request stays from its arrival until the last octet of its Response was taken by the transport, so a requester that
 * keeps to its ORD can never overrun it (state machines, section 9).
 *
 * <p>Thread rule: the stream's loop; {@link #size()} any thread.
 */
final class InboundReadQueue {
    private final int[] sequenceNumbers;
    private final int[] sinkStags;
    private final long[] sinkAddresses;
    private final long[] sizes;
    private final int[] sourceStags;
    private final long[] sourceAddresses;
    private int head;
    private int begun;
    private volatile int size;

    InboundReadQueue(int capacity) {
        sequenceNumbers = new int[capacity];
        sinkStags = new int[capacity];
        sinkAddresses = new long[capacity];
        sizes = new long[capacity];
        sourceStags = new int[capacity];
        sourceAddresses = new long[capacity];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == sizes.length;
    }

    /** Returns whether a request waits whose Response was not begun. */
    boolean hasWaiting() {
        return begun < size;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void add(int sequenceNumber, ReadRequestHeader header) {
        int at = (head + size) % sizes.length;
        sequenceNumbers[at] = sequenceNumber;
        sinkStags[at] = header.sinkStag();
        sinkAddresses[at] = header.sinkTaggedOffset();
        sizes[at] = header.readSize();
        sourceStags[at] = header.sourceStag();
        sourceAddresses[at] = header.sourceTaggedOffset();
        size++;
    }

    /** Begins the Response to the next waiting request and returns its index. */
    int begin() {
        int at = (head + begun) % sizes.length;
        begun++;
        return at;
    }

    int sequenceNumber(int at) {
        return sequenceNumbers[at];
    }

    int sinkStag(int at) {
        return sinkStags[at];
    }

    long sinkAddress(int at) {
        return sinkAddresses[at];
    }

    long octets(int at) {
        return sizes[at];
    }

    int sourceStag(int at) {
        return sourceStags[at];
    }

    long sourceAddress(int at) {
        return sourceAddresses[at];
    }

    /** Removes the oldest request: its Response is out. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void remove() {
        head = (head + 1) % sizes.length;
        begun--;
        size--;
    }
}
