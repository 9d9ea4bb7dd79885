package io.verbena.ddp;

/**
 * Unsigned 64-bit arithmetic on tagged offsets (RFC 5041 section 4.2). Pure functions: any thread.
 */
public final class TaggedOffset {
    private TaggedOffset() {}

    /**
     * Tells whether a range runs past the last tagged offset there is. A range that ends exactly with offset
     * 2<sup>64</sup> - 1 does not; an empty range never does (RFC 5041 section 5.2 forbids looking at its offset).
     *
     * @param taggedOffset first octet of the range, unsigned
     * @param lengthOctets length of the range, not negative
     * @return true if the range wraps
     */
    public static boolean wraps(long taggedOffset, long lengthOctets) {
        return lengthOctets > 0 && Long.compareUnsigned(taggedOffset + (lengthOctets - 1), taggedOffset) < 0;
    }

    /**
     * Tells whether a range lies within another one; neither may wrap.
     *
     * @param taggedOffset first octet of the inner range, unsigned
     * @param lengthOctets length of the inner range, not negative
     * @param base first octet of the outer range, unsigned
     * @param baseLengthOctets length of the outer range, not negative
     * @return true if every octet of the inner range is in the outer one
     */
    public static boolean isWithin(long taggedOffset, long lengthOctets, long base, long baseLengthOctets) {
        long distance = taggedOffset - base;
        return Long.compareUnsigned(taggedOffset, base) >= 0
                && Long.compareUnsigned(distance, baseLengthOctets) <= 0
                && lengthOctets <= baseLengthOctets - distance;
    }
}
