package io.verbena.memory;

import io.verbena.verbs.TranslationMode;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The address translation tables of a region: lead from an offset in the region to the backing and the index in it
 * (SYS-MEM-03).
 *
 * <p>A region is seen as pages of equal size. Its first octet lies {@link #firstOffset()} octets into the first page, so
 * that with {@code position = offset + firstOffset} the page number is {@code position / pageOctets} and the in-page
 * offset {@code position % pageOctets}. The page number selects an entry, through one, two or three levels of lists:
 * <pre>
 *   direct           pages[page]
 *   first order      lists[page / 512][page % 512]
 *   second order     lists[page / 512^2][page / 512 % 512][page % 512]
 * </pre>
 * An entry says in which backing the page lies and at which index its first octet is (before the backing's start, if the
 * region begins later in the page):
 * <pre>
 *    63  62                32 31                              0
 *   | 0 |  number of backing | index of the page's octet 0     |   a page that lies in one backing
 *   | 1 |  fragments         | number of the first fragment    |   a page whose octets span backings
 * </pre>
 * Application buffers need not be multiples of a page; where one ends inside a page, the page is a short list of
 * fragments, each with its first in-page offset. Everything else stays as it is with whole pages.
 *
 * <p>Immutable; any thread. Regions that share memory may share one translation.
 */
final class AddressTranslation {
    /** Entries of a list in the indirect modes: as many as fit a 4 KiB page of an adapter. */
    static final int LIST_ENTRIES = 512;

    private static final int LIST_SHIFT = 9;
    private static final int LIST_MASK = LIST_ENTRIES - 1;

    private static final AtomicLong LAST_NUMBER = new AtomicLong();

    private final long number = LAST_NUMBER.incrementAndGet();
    private final List<Backing> backings;
    private final long lengthOctets;
    private final TranslationMode mode;
    private final int pageShift;
    private final int firstOffset;
    private final long pages;

    private final long[] direct;
    private final long[][] firstOrder;
    private final long[][][] secondOrder;
    private final Fragments fragments;

    AddressTranslation(PageListBuilder builder) {
        backings = builder.backings();
        lengthOctets = builder.lengthOctets();
        mode = builder.mode();
        pageShift = builder.pageShift();
        firstOffset = builder.firstOffset();
        pages = builder.pages();
        direct = mode == TranslationMode.DIRECT ? new long[(int) pages] : null;
        firstOrder = mode == TranslationMode.FIRST_ORDER_INDIRECT ? firstOrderLists(pages) : null;
        secondOrder = mode == TranslationMode.SECOND_ORDER_INDIRECT ? secondOrderLists(pages) : null;
        fragments = builder.fill(this::enter);
    }

    private static long[][] firstOrderLists(long pages) {
        long[][] lists = new long[lists(pages)][];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = new long[(int) Math.min(LIST_ENTRIES, pages - (long) i * LIST_ENTRIES)];
        }
        return lists;
    }

    private static long[][][] secondOrderLists(long pages) {
        long pagesOfList = (long) LIST_ENTRIES * LIST_ENTRIES;
        long[][][] lists = new long[lists(lists(pages))][][];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = firstOrderLists(Math.min(pagesOfList, pages - i * pagesOfList));
        }
        return lists;
    }

    private static int lists(long entries) {
        return Math.toIntExact((entries + LIST_MASK) >>> LIST_SHIFT);
    }

    private void enter(long page, long entry) {
        switch (mode) {
            case DIRECT -> direct[(int) page] = entry;
            case FIRST_ORDER_INDIRECT -> firstOrder[(int) (page >>> LIST_SHIFT)][(int) page & LIST_MASK] = entry;
            case SECOND_ORDER_INDIRECT ->
                secondOrder[(int) (page >>> (2 * LIST_SHIFT))][(int) (page >>> LIST_SHIFT) & LIST_MASK][
                        (int) page & LIST_MASK] = entry;
        }
    }

    private long entry(long page) {
        return switch (mode) {
            case DIRECT -> direct[(int) page];
            case FIRST_ORDER_INDIRECT -> firstOrder[(int) (page >>> LIST_SHIFT)][(int) page & LIST_MASK];
            case SECOND_ORDER_INDIRECT ->
                secondOrder[(int) (page >>> (2 * LIST_SHIFT))][(int) (page >>> LIST_SHIFT) & LIST_MASK][
                        (int) page & LIST_MASK];
        };
    }

    /**
     * Finds the octet at {@code offset} of the region, 0 to length - 1, and how many behind it belong to the same page (or
     * fragment of it).
     */
    void find(long offset, Place into) {
        long position = offset + firstOffset;
        int inPage = (int) position & (pageOctets() - 1);
        long entry = entry(position >>> pageShift);
        int end = pageOctets();
        if (PageEntry.isSplit(entry)) {
            int fragment = fragments.find(entry, inPage);
            end = fragments.end(entry, fragment, end);
            entry = fragments.place(fragment);
        }
        into.backing = PageEntry.backing(entry);
        into.index = PageEntry.index(entry) + inPage;
        into.octets = (int) Math.min(end - inPage, lengthOctets - offset);
    }

    /** Tells whether some of the octets can only be read. */
    boolean readOnly() {
        return backings.stream().anyMatch(backing -> backing.octets().isReadOnly());
    }

    /** Returns the translation pointer of entries that use it: a number that no other translation of this process has. */
    long number() {
        return number;
    }

    Backing backing(int which) {
        return backings.get(which);
    }

    long lengthOctets() {
        return lengthOctets;
    }

    TranslationMode mode() {
        return mode;
    }

    int pageOctets() {
        return 1 << pageShift;
    }

    int firstOffset() {
        return firstOffset;
    }

    long pages() {
        return pages;
    }
}
