package io.verbena.verbs;

/**
 * The two parts of a Steering Tag: 24 bits of Tag Index, which select an entry of the translation and protection table,
 * and 8 bits of Tag Instance (the key), which must equal the one stored there.
 *
 * <p>An STag travels as an {@code int}; all of its 32 bits are significant.
 */
public final class STag {
    /** The largest Tag Index. */
    public static final int MAX_INDEX = 0xFF_FFFF;

    private STag() {}

    /** Returns the STag of Tag Index {@code index} (0 to {@link #MAX_INDEX}) and Tag Instance {@code instance} (low 8 bits). */
    public static int of(int index, int instance) {
        if (index < 0 || index > MAX_INDEX) {
            throw new IllegalArgumentException("tag index " + index + " must be 0 to " + MAX_INDEX);
        }
        return (index << 8) | (instance & 0xFF);
    }

    /** Returns the Tag Index, 0 to {@link #MAX_INDEX}. */
    public static int index(int stag) {
        return stag >>> 8;
    }

    /** Returns the Tag Instance, 0 to 255. */
    public static int instance(int stag) {
        return stag & 0xFF;
    }

    /** Returns the STag as people write it: {@code 0x00a1b2c3}. */
    public static String toString(int stag) {
        String digits = Integer.toHexString(stag);
        return "0x" + "0".repeat(8 - digits.length()) + digits;
    }
}
