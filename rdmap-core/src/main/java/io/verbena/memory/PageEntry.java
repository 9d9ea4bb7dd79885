package io.verbena.memory;

/** The 64 bits of an entry of a page list; laid out in {@link AddressTranslation}. Pure functions: any thread. */
final class PageEntry {
    private static final long SPLIT = 1L << 63;

    private PageEntry() {}

    /** Returns the entry of a page or fragment in one backing; {@code index} is where octet 0 of the page would be. */
    static long of(int backing, int index) {
        return ((long) backing << 32) | (index & 0xFFFF_FFFFL);
    }

    /** Returns the entry of a page of several fragments. */
    static long split(int firstFragment, int count) {
        return SPLIT | ((long) count << 32) | firstFragment;
    }

    static boolean isSplit(long entry) {
        return entry < 0;
    }

    static int backing(long entry) {
        return (int) (entry >>> 32);
    }

    static int index(long entry) {
        return (int) entry;
    }

    static int firstFragment(long entry) {
        return (int) entry;
    }

    static int fragmentCount(long entry) {
        return (int) ((entry & ~SPLIT) >>> 32);
    }
}
