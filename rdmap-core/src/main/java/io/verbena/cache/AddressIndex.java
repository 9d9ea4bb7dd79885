package io.verbena.cache;

import java.util.Arrays;
import java.util.List;

/**
 * Finds registrations by address. None of them lies inside another: who adds one first removes those {@linkplain
 * #overlapping that overlap} and lie inside it or around it. Therefore they have the same order by first and by last address, and if
 * any contains an address, the last one that does not begin behind it does.
 *
 * <p>Thread rule: one at a time. Finding allocates nothing.
 */
final class AddressIndex {
    private CachedRegistration[] sorted = new CachedRegistration[16];
    private int count;

    /** Returns the registration that reaches farthest of those that contain {@code address}, or null. */
    CachedRegistration containing(long address) {
        int at = firstBehind(address) - 1;
        return at >= 0 && Long.compareUnsigned(address, sorted[at].endAddress()) < 0 ? sorted[at] : null;
    }

    /** Returns those that have an octet in common with the range, in the order of their addresses. */
    List<CachedRegistration> overlapping(long start, long end) {
        int to = firstBehind(end - 1);
        int from = to;
        while (from > 0 && Long.compareUnsigned(sorted[from - 1].endAddress(), start) > 0) {
            from--;
        }
        return List.of(Arrays.copyOfRange(sorted, from, to));
    }

    void add(CachedRegistration added) {
        if (count == sorted.length) {
            sorted = Arrays.copyOf(sorted, 2 * count);
        }
        int at = firstBehind(added.startAddress());
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = added;
        count++;
    }

    /** Removes a registration; does nothing if it is not there. */
    void remove(CachedRegistration removed) {
        int at = firstBehind(removed.startAddress()) - 1;
        if (at >= 0 && sorted[at] == removed) {
            count--;
            System.arraycopy(sorted, at + 1, sorted, at, count - at);
            sorted[count] = null;
        }
    }

    /** Returns the number of the first one that begins behind {@code address}. */
    private int firstBehind(long address) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(sorted[middle].startAddress(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
