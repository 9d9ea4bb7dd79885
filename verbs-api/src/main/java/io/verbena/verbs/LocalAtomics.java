package io.verbena.verbs;

/**
 * Atomic operations of this end on aligned groups of 8 octets of a region, which neither lose nor disturb atomic operations
 * of peers on the same octets of this device (SYS-MEM-15), whatever region or window those come through. The octets are a number in
 * the machine's byte order (RFC 7306 section 5.1.1). Plain accesses to them are not excluded.
 *
 * <p>Arithmetic as on the wire (RFC 7306 section 5.1): masks cut an addition into fields and choose the bits that are
 * compared and replaced.
 *
 * <p>Thread rule: any thread.
 */
public interface LocalAtomics {
    /**
     * Adds and returns the value before.
     *
     * @param offset of the 8 octets in the region; the address must be a multiple of 8
     * @throws IllegalArgumentException if the address is not a multiple of 8
     * @throws IndexOutOfBoundsException if the octets are not inside the region
     * @throws IllegalStateException if the region is not valid, does not have the right {@link AccessFlag#LOCAL_WRITE}, or the
     *     scope of its memory was closed
     */
    default long fetchAdd(long offset, long addend) {
        return fetchAdd(offset, addend, 0);
    }

    /** Adds by fields (a one bit in {@code mask} marks the top bit of a field) and returns the value before. */
    long fetchAdd(long offset, long addend, long mask);

    /** Puts {@code swap} in place if the value equals {@code compare}, and returns the value before. */
    default long compareSwap(long offset, long compare, long swap) {
        return compareSwap(offset, compare, -1L, swap, -1L);
    }

    /** Replaces the bits in {@code swapMask} if those in {@code compareMask} are equal, and returns the value before. */
    long compareSwap(long offset, long compare, long compareMask, long swap, long swapMask);

    /** Puts {@code value} in place and returns the value before. */
    default long swap(long offset, long value) {
        return compareSwap(offset, 0, 0, value, -1L);
    }
}
