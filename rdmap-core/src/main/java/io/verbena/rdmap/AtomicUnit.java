package io.verbena.rdmap;

import io.verbena.memory.MemoryCursor;
import io.verbena.memory.TableEntry;
import io.verbena.queue.SpinLock;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where all atomic operations of a device are performed, one at a time: those of peers, whatever stream, region or window they
 * come through, and those of the application (RFC 7306 section 5.3).
 *
 * <p>One lock for all of memory, because the same octets may be registered more than once, through buffers that cannot be told
 * to be the same (decision 10). It is held for one operation, a few dozen instructions.
 *
 * <p>The 8 octets are a number in this machine's byte order (RFC 7306 section 5.1.1), wherever they lie: in one buffer or across
 * two.
 *
 * <p>Thread rule: any thread. Does not block and does not allocate.
 */
public final class AtomicUnit {
    /** Octets that an operation works on. */
    public static final int OCTETS = AtomicRequestHeader.TARGET_OCTETS;

    private final SpinLock lock = new SpinLock();

    // Under the lock:
    private final MemoryCursor cursor = new MemoryCursor();
    private final ByteBuffer number = ByteBuffer.allocateDirect(OCTETS).order(ByteOrder.nativeOrder());

    /** Makes the unit of a device. */
    public AtomicUnit() {}

    /** Returns whether an operation may be aimed at {@code address}: it is a multiple of 8. */
    public static boolean aligned(long address) {
        return (address & OCTETS - 1) == 0;
    }

    /**
     * Adds by fields.
     *
     * @param pinned memory that holds the 8 octets, checked and pinned by the caller
     * @param address (unsigned) of the first octet, aligned
     * @param fieldMask a one bit marks the top bit of a field; 0 makes all 64 bits one field
     * @return the value before
     */
    public long fetchAdd(TableEntry pinned, long address, long addend, long fieldMask) {
        lock.lock();
        try {
            long before = read(pinned, address);
            write(pinned, address, AtomicArithmetic.fetchAdd(before, addend, fieldMask));
            return before;
        } finally {
            release();
        }
    }

    /**
     * Replaces the bits in {@code swapMask} if those in {@code compareMask} are equal.
     *
     * @param pinned memory that holds the 8 octets, checked and pinned by the caller
     * @param address (unsigned) of the first octet, aligned
     * @return the value before
     */
    public long compareSwap(TableEntry pinned, long address, long compare, long compareMask, long swap, long swapMask) {
        lock.lock();
        try {
            long before = read(pinned, address);
            if (AtomicArithmetic.matches(before, compare, compareMask)) {
                write(pinned, address, AtomicArithmetic.compareSwap(before, compare, compareMask, swap, swapMask));
            }
            return before;
        } finally {
            release();
        }
    }

    private long read(TableEntry pinned, long address) {
        cursor.reset(pinned, address, OCTETS);
        cursor.copyOut(number, 0, OCTETS);
        return number.getLong(0);
    }

    private void write(TableEntry pinned, long address, long value) {
        number.putLong(0, value);
        cursor.reset(pinned, address, OCTETS);
        cursor.copyIn(number, 0, OCTETS);
    }

    private void release() {
        cursor.clear();
        lock.unlock();
    }
}
