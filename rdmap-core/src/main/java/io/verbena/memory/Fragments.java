package io.verbena.memory;

import java.util.Arrays;

/** The fragments of all pages of a region that span several backings. Unchanged once the region is registered. */
final class Fragments {
    /** In-page offset of a fragment's first octet. */
    private int[] starts = {};
    /** Backing of a fragment, and where octet 0 of its page would be in it. */
    private long[] places = {};

    private int count;

    /** Adds a fragment behind the last one of the same page, or the first one of a later page. */
    void add(int start, long place) {
        if (count == starts.length) {
            int larger = Math.max(8, 2 * count);
            starts = Arrays.copyOf(starts, larger);
            places = Arrays.copyOf(places, larger);
        }
        starts[count] = start;
        places[count] = place;
        count++;
    }

    int count() {
        return count;
    }

    /** Returns the number of the fragment that the octet at {@code inPage} of a split page is in. */
    int find(long entry, int inPage) {
        int low = PageEntry.firstFragment(entry);
        int high = low + PageEntry.fragmentCount(entry) - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= inPage) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Returns the in-page offset behind the last octet of a fragment of a split page. */
    int end(long entry, int fragment, int pageOctets) {
        int last = PageEntry.firstFragment(entry) + PageEntry.fragmentCount(entry) - 1;
        return fragment == last ? pageOctets : starts[fragment + 1];
    }

    long place(int fragment) {
        return places[fragment];
    }
}
