package io.verbena.memory;

import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.TranslationMode;
import java.util.List;

/** Decides how a region is cut into pages and works out where each page lies. Used once, by one thread. */
final class PageListBuilder {
    private static final int[] PAGE_SHIFTS = {12, 13, 16, 20, 24, 28};

    /** Java arrays end a little below 2^31 entries. */
    private static final long MAX_DIRECT_PAGES = Integer.MAX_VALUE - 8L;

    private final List<Backing> backings;
    private final long lengthOctets;
    private final int pageShift;
    private final int firstOffset;
    private final long pages;
    private final TranslationMode mode;

    /**
     * @param backings the region's memory, in the order of its addresses; none is empty
     * @param startAddress the address of the first octet, or 0 if it will be page aligned
     * @param options page size and translation mode, as far as the consumer chose
     * @param directPages most pages of a region with direct translation
     * @param firstOrderPages most pages of a region with first-order indirect translation
     */
    PageListBuilder(
            List<Backing> backings, long startAddress, RegionOptions options, int directPages, int firstOrderPages) {
        this.backings = backings;
        lengthOctets = backings.stream().mapToLong(Backing::lengthOctets).sum();
        pageShift = options.pageOctets() == 0
                ? choosePageShift(startAddress)
                : Integer.numberOfTrailingZeros(options.pageOctets());
        // VRB-MR-03: the address modulo the page size is the first octet's offset in its page.
        firstOffset = (int) (startAddress & ((1L << pageShift) - 1));
        pages = ((firstOffset + lengthOctets - 1) >>> pageShift) + 1;
        mode = options.translationMode() == null
                ? chooseMode(pages, directPages, firstOrderPages)
                : options.translationMode();
        if (mode == TranslationMode.DIRECT && pages > MAX_DIRECT_PAGES) {
            throw new LimitExceededException(
                    "a direct list has room for " + MAX_DIRECT_PAGES + " pages, but the region has " + pages);
        }
    }

    /**
     * One backing: the smallest page that holds it all, or the largest there is. Several: the largest page at whose
     * boundaries all of them meet, so that no page is split; if there is none, the largest that is not larger than the
     * smallest backing, so that a page has few fragments.
     */
    private int choosePageShift(long startAddress) {
        if (backings.size() == 1) {
            for (int shift : PAGE_SHIFTS) {
                if (lengthOctets <= 1L << shift) {
                    return shift;
                }
            }
            return PAGE_SHIFTS[PAGE_SHIFTS.length - 1];
        }
        long seams = 0;
        long smallest = backings.get(0).lengthOctets();
        long seam = startAddress;
        for (Backing backing : backings.subList(0, backings.size() - 1)) {
            seam += backing.lengthOctets();
            seams |= seam;
            smallest = Math.min(smallest, backing.lengthOctets());
        }
        int aligned = largestShift(Long.lowestOneBit(seams));
        return aligned != 0 ? aligned : Math.max(PAGE_SHIFTS[0], largestShift(smallest));
    }

    /** Returns the shift of the largest page of at most {@code octets} (unsigned; 0 is taken as no bound), or 0. */
    private static int largestShift(long octets) {
        int largest = 0;
        for (int shift : PAGE_SHIFTS) {
            if (octets == 0 || Long.compareUnsigned(1L << shift, octets) <= 0) {
                largest = shift;
            }
        }
        return largest;
    }

    private static TranslationMode chooseMode(long pages, int directPages, int firstOrderPages) {
        if (pages <= directPages) {
            return TranslationMode.DIRECT;
        }
        return pages <= firstOrderPages ? TranslationMode.FIRST_ORDER_INDIRECT : TranslationMode.SECOND_ORDER_INDIRECT;
    }

    /** Enters every page into {@code list} and returns the fragments of those that are split. */
    Fragments fill(PageList list) {
        Fragments fragments = new Fragments();
        int backing = 0;
        long backingStart = 0;
        for (long page = 0; page < pages; page++) {
            long pageStart = (page << pageShift) - firstOffset;
            long end = Math.min(lengthOctets, pageStart + (1L << pageShift));
            long next = Math.max(0, pageStart);
            if (next == backingStart + backings.get(backing).lengthOctets()) {
                backingStart = next;
                backing++;
            }
            if (end <= backingStart + backings.get(backing).lengthOctets()) {
                list.enter(page, PageEntry.of(backing, (int) (pageStart - backingStart)));
                continue;
            }
            int firstFragment = fragments.count();
            while (next < end) {
                if (next == backingStart + backings.get(backing).lengthOctets()) {
                    backingStart = next;
                    backing++;
                }
                fragments.add((int) (next - pageStart), PageEntry.of(backing, (int) (pageStart - backingStart)));
                next = Math.min(end, backingStart + backings.get(backing).lengthOctets());
            }
            list.enter(page, PageEntry.split(firstFragment, fragments.count() - firstFragment));
        }
        return fragments;
    }

    List<Backing> backings() {
        return backings;
    }

    long lengthOctets() {
        return lengthOctets;
    }

    int pageShift() {
        return pageShift;
    }

    int firstOffset() {
        return firstOffset;
    }

    long pages() {
        return pages;
    }

    TranslationMode mode() {
        return mode;
    }

    /** Where the entries of the pages go. */
    @FunctionalInterface
    interface PageList {
        void enter(long page, long entry);
    }
}
