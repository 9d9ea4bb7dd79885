package io.verbena.rdmap;

import io.verbena.memory.ClosedMemory;
import io.verbena.memory.LentViews;
import io.verbena.memory.MemoryCursor;
import io.verbena.memory.TableEntry;
import java.nio.ByteBuffer;

/**
 * Pieces of registered memory that were checked already, walked as one run of octets: the gather list of a message going
 * out, or the scatter list of one coming in.
 *
 * <p>Each copy pins the region for its duration, or, with a {@link KeptPin}, for longer; a region that was deregistered since
 * the check makes it refuse, and {@link #withdrawn()} says which.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing after construction.
 */
final class RegisteredPieces {
    /** What erased octets are overwritten with. */
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(4096).asReadOnlyBuffer();

    private final TableEntry[] regions;
    private final long[] addresses;
    private final long[] lengths;
    private final MemoryCursor cursor = new MemoryCursor();
    private final KeptPin kept;

    /** Made when more than one piece is looked at, or octets are erased. */
    private MemoryCursor ahead;

    private int count;
    private int current;
    private long total;
    private long remaining;
    private boolean claimed;
    private TableEntry withdrawn;

    /** Makes room for pieces that are pinned anew for each copy. */
    RegisteredPieces(int capacity) {
        this(capacity, null);
    }

    /**
     * Makes room for pieces.
     *
     * @param kept keeps the pin of the region that was copied last; null if there is none to be kept
     */
    RegisteredPieces(int capacity, KeptPin kept) {
        this.kept = kept;
        regions = new TableEntry[capacity];
        addresses = new long[capacity];
        lengths = new long[capacity];
    }

    /** Forgets all pieces. */
    void clear() {
        for (int i = 0; i < count; i++) {
            regions[i] = null;
        }
        count = 0;
        current = 0;
        total = 0;
        remaining = 0;
        claimed = false;
        withdrawn = null;
    }

    /** Says that the pieces are of one-touch memory that was claimed for them. */
    void claimed() {
        claimed = true;
    }

    /** Pins the memory of all views, which were made from these pieces; see {@link LentViews#pinAll}. */
    TableEntry pinAll(LentViews views) {
        return views.pinAll(claimed);
    }

    /** Adds a piece of at least one octet. */
    void add(TableEntry region, long address, long length) {
        regions[count] = region;
        addresses[count] = address;
        lengths[count] = length;
        if (count == 0 || cursor.remaining() == 0) {
            current = count;
            cursor.reset(region, address, length);
        }
        count++;
        total += length;
        remaining += length;
    }

    /** Returns the octets that lie ahead. */
    long remaining() {
        return remaining;
    }

    /** Returns the region that was found to be withdrawn. */
    TableEntry withdrawn() {
        return withdrawn;
    }

    /** Copies {@code octets} octets to the places ahead and moves on; false if memory was withdrawn. */
    boolean copyIn(ByteBuffer source, int offset, int octets) {
        int done = 0;
        while (done < octets) {
            int piece = (int) Math.min(cursor.remaining(), octets - done);
            if (!pin()) {
                return false;
            }
            try {
                cursor.copyIn(source, offset + done, piece);
            } catch (RuntimeException failure) {
                return closed(failure);
            } finally {
                unpin();
            }
            done += piece;
            moved(piece);
        }
        return true;
    }

    /** Copies the next {@code octets} octets out and moves on; false if memory was withdrawn. */
    boolean copyOut(ByteBuffer target, int offset, int octets) {
        int done = 0;
        while (done < octets) {
            int piece = (int) Math.min(cursor.remaining(), octets - done);
            if (!pin()) {
                return false;
            }
            try {
                cursor.copyOut(target, offset + done, piece);
            } catch (RuntimeException failure) {
                return closed(failure);
            } finally {
                unpin();
            }
            done += piece;
            moved(piece);
        }
        return true;
    }

    /**
     * Adds views of the next {@code octets} octets to {@code into}, as far as it has room, without moving on.
     *
     * @return how many octets the views cover
     */
    long views(LentViews into, long octets) {
        long covered = addViews(cursor, into, octets);
        long before = cursor.remaining();
        for (int next = current + 1; covered == before && covered < octets && next < count; next++) {
            ahead().reset(regions[next], addresses[next], lengths[next]);
            covered += addViews(ahead, into, octets - covered);
            before += lengths[next];
        }
        return covered;
    }

    private MemoryCursor ahead() {
        if (ahead == null) {
            ahead = new MemoryCursor();
        }
        return ahead;
    }

    private static long addViews(MemoryCursor from, LentViews into, long octets) {
        int first = into.count();
        int added = from.views(into, into.room(), octets);
        long covered = 0;
        for (int i = first; i < first + added; i++) {
            covered += into.view(i).remaining();
        }
        return covered;
    }

    /** Moves on over {@code octets} octets. */
    void advance(long octets) {
        long left = octets;
        while (left > 0) {
            long piece = Math.min(cursor.remaining(), left);
            cursor.advance(piece);
            left -= piece;
            moved(piece);
        }
    }

    /** Overwrites all octets that were moved over with zeros, but for memory that was withdrawn, and forgets the pieces. */
    void erase() {
        long left = total - remaining;
        for (int i = 0; left > 0 && i < count; i++) {
            long octets = Math.min(left, lengths[i]);
            erase(regions[i], addresses[i], octets);
            left -= octets;
        }
        clear();
    }

    private void erase(TableEntry region, long address, long octets) {
        ahead().reset(region, address, octets);
        while (ahead.remaining() > 0) {
            if (!region.pin(region.stag())) {
                return;
            }
            try {
                ahead.copyIn(ZEROS, 0, (int) Math.min(ahead.remaining(), ZEROS.capacity()));
            } catch (RuntimeException failure) {
                if (!ClosedMemory.isReasonOf(failure)) {
                    throw failure;
                }
                return;
            } finally {
                region.unpin();
            }
        }
    }

    private boolean pin() {
        TableEntry region = regions[current];
        boolean pinned;
        if (keeps(region)) {
            pinned = kept.pin(region);
        } else {
            pinned = claimed ? region.pinClaimed() : region.pin(region.stag());
        }
        if (!pinned) {
            withdrawn = region;
        }
        return pinned;
    }

    private void unpin() {
        TableEntry region = regions[current];
        if (!keeps(region)) {
            region.unpin();
        }
    }

    private boolean keeps(TableEntry region) {
        return kept != null && KeptPin.keeps(region);
    }

    /** The application has closed the scope of the memory: to us it is withdrawn. */
    private boolean closed(RuntimeException failure) {
        if (!ClosedMemory.isReasonOf(failure)) {
            throw failure;
        }
        withdrawn = regions[current];
        return false;
    }

    private void moved(long octets) {
        remaining -= octets;
        if (cursor.remaining() == 0 && current + 1 < count) {
            current++;
            cursor.reset(regions[current], addresses[current], lengths[current]);
        }
    }
}
