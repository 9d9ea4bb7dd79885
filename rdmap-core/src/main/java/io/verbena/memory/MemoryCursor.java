package io.verbena.memory;

import java.nio.ByteBuffer;
import java.util.zip.Checksum;

/**
 * A reusable walker over a range of one region, for moving octets in, out, or by views of them.
 *
 * <p>It neither checks nor pins: its user does both before, with {@link AccessCheck} and {@link TableEntry#pin}, and
 * holds the pin while it moves octets. Octets are copied by absolute index, so that any number of cursors can work on the
 * same buffers.
 *
 * <p>Thread rule: one event loop. Buffers passed in are borrowed for the call; their position and limit neither matter
 * nor change. Nothing is allocated in steady state.
 */
public final class MemoryCursor {
    private final PieceWalker here = new PieceWalker();

    /** Made when the octets to come are first looked at without going on. */
    private PieceWalker ahead;

    private TableEntry entry;

    /** Makes a cursor that stands nowhere. */
    public MemoryCursor() {}

    /**
     * Stands before the octet at {@code address}, with {@code length} octets to go.
     *
     * @param region the region, pinned as long as octets are moved
     * @param address (unsigned) address in the region's own numbering
     * @param length octets, all inside the region; 0 or more (with 0 the address does not matter)
     */
    public void reset(TableEntry region, long address, long length) {
        entry = region;
        here.reset(region.translation(), region.translationOffset() + address - region.startAddress(), length);
    }

    /** Forgets the region, so that a deregistered one can be collected. */
    public void clear() {
        entry = null;
        here.clear();
        if (ahead != null) {
            ahead.clear();
        }
    }

    /** Returns the octets still to go. */
    public long remaining() {
        return here.remaining();
    }

    /** Returns the region of the last {@link #reset}, or null. */
    public TableEntry entry() {
        return entry;
    }

    /**
     * Places the next {@code length} octets, taken from {@code source} at index {@code sourceOffset} on, and advances.
     *
     * @throws IllegalArgumentException if fewer octets remain
     */
    public void copyIn(ByteBuffer source, int sourceOffset, int length) {
        requireRemaining(length);
        int done = 0;
        while (done < length) {
            int piece = here.piece(length - done);
            here.backing().octets().put(here.index(), source, sourceOffset + done, piece);
            here.skip(piece);
            done += piece;
        }
    }

    /**
     * Copies the next {@code length} octets to {@code target} at index {@code targetOffset} on, and advances.
     *
     * @throws IllegalArgumentException if fewer octets remain
     */
    public void copyOut(ByteBuffer target, int targetOffset, int length) {
        requireRemaining(length);
        int done = 0;
        while (done < length) {
            int piece = here.piece(length - done);
            target.put(targetOffset + done, here.backing().octets(), here.index(), piece);
            here.skip(piece);
            done += piece;
        }
    }

    /**
     * Adds views of the next octets to {@code out}, without advancing: at most {@code maxBuffers} of them, and no more than
     * {@code out} has room for, of together at most {@code maxOctets}. Adjacent pages of one buffer are one view.
     *
     * @return the number of views added; their octets are fewer than wanted if the views did not suffice
     */
    public int views(LentViews out, int maxBuffers, long maxOctets) {
        lookAhead();
        long left = Math.min(maxOctets, ahead.remaining());
        int most = Math.min(maxBuffers, out.room());
        int added = 0;
        while (left > 0 && added < most) {
            int piece = ahead.piece(left);
            out.add(entry, ahead.backing(), ahead.index(), piece);
            ahead.skip(piece);
            left -= piece;
            added++;
        }
        return added;
    }

    /**
     * Feeds the next {@code length} octets to {@code checksum}, without advancing.
     *
     * @throws IllegalArgumentException if fewer octets remain
     */
    public void checksum(Checksum checksum, ViewLender lender, int length) {
        requireRemaining(length);
        lookAhead();
        int left = length;
        while (left > 0) {
            int piece = ahead.piece(left);
            Backing backing = ahead.backing();
            ByteBuffer view = lender.lend(backing);
            checksum.update(view.limit(ahead.index() + piece).position(ahead.index()));
            lender.giveBack(backing, view);
            ahead.skip(piece);
            left -= piece;
        }
    }

    /**
     * Goes on by {@code octets}.
     *
     * @throws IllegalArgumentException if fewer octets remain
     */
    public void advance(long octets) {
        requireRemaining(octets);
        here.skip(octets);
    }

    private void lookAhead() {
        if (ahead == null) {
            ahead = new PieceWalker();
        }
        ahead.follow(here);
    }

    private void requireRemaining(long octets) {
        if (octets < 0 || octets > here.remaining()) {
            throw new IllegalArgumentException(octets + " octets wanted, but " + here.remaining() + " remain");
        }
    }
}
