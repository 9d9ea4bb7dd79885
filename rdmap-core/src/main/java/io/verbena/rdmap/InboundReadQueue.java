package io.verbena.rdmap;

import io.verbena.rdmap.wire.AtomicOperation;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import io.verbena.rdmap.wire.ReadRequestHeader;

/**
 * Inbound Read Requests and Atomic Requests that are not fully answered (IRRQ), oldest first; at most IRD of both together, as
 * they share a queue and its buffers (RFC 7306 section 5.2).
 *
 * <p>A request stays from its arrival until the last octet of its Response was taken by the transport, so a requester that
 * keeps to its ORD can never overrun it (state machines, section 9).
 *
 * <p>Thread rule: the stream's loop; {@link #size()} any thread.
 */
final class InboundReadQueue {
    private static final int OPERANDS = 4;
    private static final int DATA = 0;
    private static final int DATA_MASK = 1;
    private static final int COMPARE = 2;
    private static final int COMPARE_MASK = 3;

    private final int capacity;

    // Rings of that capacity, made when the first request is added: an idle queue pair has none.
    private int[] sequenceNumbers;
    private int[] sinkStags;
    private long[] sinkAddresses;
    private long[] sizes;
    private int[] sourceStags;
    private long[] sourceAddresses;
    private AtomicOperation[] operations;

    /** What atomic operations are to be performed with; made when the first one arrives. */
    private long[] operands;

    private int head;
    private int begun;
    private volatile int size;

    InboundReadQueue(int capacity) {
        this.capacity = capacity;
    }

    private void makeRings() {
        sequenceNumbers = new int[capacity];
        sinkStags = new int[capacity];
        sinkAddresses = new long[capacity];
        sizes = new long[capacity];
        sourceStags = new int[capacity];
        sourceAddresses = new long[capacity];
        operations = new AtomicOperation[capacity];
    }

    /** Returns how many requests may be outstanding. */
    int capacity() {
        return capacity;
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

    /** Returns whether a request waits whose Response was not begun. */
    boolean hasWaiting() {
        return begun < size;
    }

    /** Adds a Read Request. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void add(int sequenceNumber, ReadRequestHeader header) {
        if (sizes == null) {
            makeRings();
        }
        int at = (head + size) % capacity;
        sequenceNumbers[at] = sequenceNumber;
        sinkStags[at] = header.sinkStag();
        sinkAddresses[at] = header.sinkTaggedOffset();
        sizes[at] = header.readSize();
        sourceStags[at] = header.sourceStag();
        sourceAddresses[at] = header.sourceTaggedOffset();
        operations[at] = null;
        size++;
    }

    /** Adds an Atomic Request, whose operation is known. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void add(int sequenceNumber, AtomicRequestHeader header) {
        if (sizes == null) {
            makeRings();
        }
        if (operands == null) {
            operands = new long[OPERANDS * capacity];
        }
        int at = (head + size) % capacity;
        sequenceNumbers[at] = sequenceNumber;
        sinkStags[at] = header.requestIdentifier();
        sizes[at] = AtomicRequestHeader.TARGET_OCTETS;
        sourceStags[at] = header.remoteStag();
        sourceAddresses[at] = header.remoteTaggedOffset();
        operations[at] = header.operation();
        operands[OPERANDS * at + DATA] = header.addOrSwapData();
        operands[OPERANDS * at + DATA_MASK] = header.addOrSwapMask();
        operands[OPERANDS * at + COMPARE] = header.compareData();
        operands[OPERANDS * at + COMPARE_MASK] = header.compareMask();
        size++;
    }

    /** Begins the Response to the next waiting request and returns its index. */
    int begin() {
        int at = (head + begun) % capacity;
        begun++;
        return at;
    }

    int sequenceNumber(int at) {
        return sequenceNumbers[at];
    }

    /** Returns whether it is an Atomic Request. */
    boolean isAtomic(int at) {
        return operations[at] != null;
    }

    /** Returns the operation of an Atomic Request. */
    AtomicOperation operation(int at) {
        return operations[at];
    }

    /** Returns the identifier of an Atomic Request. */
    int identifier(int at) {
        return sinkStags[at];
    }

    /** Returns the addend or replacement of an Atomic Request. */
    long data(int at) {
        return operands[OPERANDS * at + DATA];
    }

    /** Returns the field boundaries, or the bits to replace, of an Atomic Request. */
    long dataMask(int at) {
        return operands[OPERANDS * at + DATA_MASK];
    }

    /** Returns the value that an Atomic Request compares with. */
    long compare(int at) {
        return operands[OPERANDS * at + COMPARE];
    }

    /** Returns the bits that an Atomic Request compares. */
    long compareMask(int at) {
        return operands[OPERANDS * at + COMPARE_MASK];
    }

    /** Returns the sink of a Read Request. */
    int sinkStag(int at) {
        return sinkStags[at];
    }

    long sinkAddress(int at) {
        return sinkAddresses[at];
    }

    long octets(int at) {
        return sizes[at];
    }

    /** Returns the source of a Read Request, or the target of an Atomic Request. */
    int sourceStag(int at) {
        return sourceStags[at];
    }

    long sourceAddress(int at) {
        return sourceAddresses[at];
    }

    /** Removes the oldest request: its Response is out. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer, the loop
    void remove() {
        head = (head + 1) % capacity;
        begun--;
        size--;
    }
}
