package io.verbena.rdmap;

/**
 * What an atomic operation makes of the 64 bits it finds (RFC 7306 section 5.1). Pure functions on values that were read
 * in the byte order of the target machine: any thread.
 */
public final class AtomicArithmetic {
    private AtomicArithmetic() {}

    /**
     * Adds field by field.
     *
     * @param memory value found
     * @param addend value to add
     * @param fieldMask a one bit marks the top bit of a field, whose carry is dropped; 0 makes all 64 bits one field
     * @return value to store
     */
    public static long fetchAdd(long memory, long addend, long fieldMask) {
        // Without the top bits no carry leaves a field; a sum without carry then puts them back.
        long withoutTops = (memory & ~fieldMask) + (addend & ~fieldMask);
        return withoutTops ^ ((memory ^ addend) & fieldMask);
    }

    /**
     * Replaces some bits if some other bits are as expected.
     *
     * @param memory value found
     * @param compare value expected
     * @param compareMask bits that have to agree; with none the comparison always succeeds
     * @param swap value to take bits from
     * @param swapMask bits to replace
     * @return value to store, the one found if the comparison failed
     */
    public static long compareSwap(long memory, long compare, long compareMask, long swap, long swapMask) {
        return matches(memory, compare, compareMask) ? (memory & ~swapMask) | (swap & swapMask) : memory;
    }

    /**
     * The comparison of {@link #compareSwap}.
     *
     * @param memory value found
     * @param compare value expected
     * @param compareMask bits that have to agree
     * @return true if they agree
     */
    public static boolean matches(long memory, long compare, long compareMask) {
        return ((memory ^ compare) & compareMask) == 0;
    }
}
