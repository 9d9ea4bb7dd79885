package io.verbena.memory;

import java.nio.ByteBuffer;

/**
 * A reusable, bounded list of views of registered memory, which remembers where each has to be given back and which
 * region it shows.
 *
 * <p>A {@link MemoryCursor} adds the views, their user puts them into a gather list or hands them out as targets of a
 * read, and {@linkplain #giveBackAll gives them back} when the octets were moved. When that takes more than one call of
 * the loop, the regions may have been deregistered in between: {@link #pinAll} before each further use tells.
 *
 * <p>Thread rule: one event loop.
 */
public final class LentViews {
    private final ViewLender lender;
    private final ByteBuffer[] views;
    private final Backing[] backings;
    private final TableEntry[] regions;
    private int count;

    /** Makes an empty list with room for {@code capacity} (1 or more) views that are borrowed from {@code lender}. */
    public LentViews(ViewLender lender, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + " must be at least 1");
        }
        this.lender = lender;
        views = new ByteBuffer[capacity];
        backings = new Backing[capacity];
        regions = new TableEntry[capacity];
    }

    /** Returns the number of views. */
    public int count() {
        return count;
    }

    /** Returns how many more views can be added. */
    public int room() {
        return views.length - count;
    }

    /** Returns view number {@code index}, 0 to {@link #count()} - 1; its position and limit are the user's to move. */
    public ByteBuffer view(int index) {
        if (index >= count) {
            throw new IndexOutOfBoundsException("view " + index + " of " + count);
        }
        return views[index];
    }

    /** Returns the region that view number {@code index} shows. */
    public TableEntry region(int index) {
        if (index >= count) {
            throw new IndexOutOfBoundsException("view " + index + " of " + count);
        }
        return regions[index];
    }

    /** Adds a view of {@code length} octets of a backing of {@code region}, from {@code index} on. */
    void add(TableEntry region, Backing backing, int index, int length) {
        if (room() == 0) {
            throw new IllegalStateException("list of " + views.length + " lent views is full");
        }
        views[count] = lender.lend(backing).limit(index + length).position(index);
        backings[count] = backing;
        regions[count] = region;
        count++;
    }

    /**
     * Pins the regions of all views, for the use of the views within one call of the loop; to be undone by
     * {@link #unpinAll}.
     *
     * @return null if all are pinned, else a region that is no longer valid; then none is pinned
     */
    public TableEntry pinAll() {
        return pinAll(false);
    }

    /**
     * Does what {@link #pinAll()} does.
     *
     * @param claimed whether the views are of one-touch memory that was claimed for who pins them
     */
    public TableEntry pinAll(boolean claimed) {
        for (int i = 0; i < count; i++) {
            TableEntry region = regions[i];
            if (!sameAsBefore(i) && !(claimed ? region.pinClaimed() : region.pin(region.stag()))) {
                unpin(i);
                return region;
            }
            if (!reachable(views[i])) {
                unpin(i + 1);
                return region;
            }
        }
        return null;
    }

    /** Returns a region with a view whose memory the application has closed, or null. */
    public TableEntry closed() {
        for (int i = 0; i < count; i++) {
            if (!reachable(views[i])) {
                return regions[i];
            }
        }
        return null;
    }

    /** A system call must not be the first to find out: its failure would be the connection's. */
    private static boolean reachable(ByteBuffer view) {
        try {
            view.get(Math.min(view.position(), view.limit() - 1));
            return true;
        } catch (RuntimeException failure) {
            if (ClosedMemory.isReasonOf(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /** Takes back the pins of a successful {@link #pinAll}; no view may have been added in between. */
    public void unpinAll() {
        unpin(count);
    }

    private void unpin(int end) {
        for (int i = 0; i < end; i++) {
            if (!sameAsBefore(i)) {
                regions[i].unpin();
            }
        }
    }

    /** Neighbouring views mostly show one region, and one pin is enough for it. */
    private boolean sameAsBefore(int index) {
        return index > 0 && regions[index] == regions[index - 1];
    }

    /** Gives all views back to the lender and is empty again; who still holds one of them must forget it. */
    public void giveBackAll() {
        giveBackFrom(0);
    }

    /** Gives back the views from number {@code first} on. */
    public void giveBackFrom(int first) {
        for (int i = first; i < count; i++) {
            lender.giveBack(backings[i], views[i]);
            views[i] = null;
            backings[i] = null;
            regions[i] = null;
        }
        count = first;
    }
}
