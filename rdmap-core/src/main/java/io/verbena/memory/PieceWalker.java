package io.verbena.memory;

/**
 * Walks a range of a region piece by piece: a piece is a run of octets that lie one behind the other in one backing, over
 * as many pages as are adjacent in it.
 *
 * <p>Thread rule: one thread.
 */
final class PieceWalker {
    private final Place next = new Place();

    private AddressTranslation translation;
    private long offset;
    private long remaining;

    /** What is known of the place of the octet at {@link #offset}; nothing if {@link #run} is 0. */
    private int backing;

    private int index;
    private int run;

    void reset(AddressTranslation newTranslation, long newOffset, long octets) {
        translation = newTranslation;
        offset = newOffset;
        remaining = octets;
        run = 0;
    }

    /** Stands where {@code other} stands. */
    void follow(PieceWalker other) {
        translation = other.translation;
        offset = other.offset;
        remaining = other.remaining;
        backing = other.backing;
        index = other.index;
        run = other.run;
    }

    /** Forgets the region. */
    void clear() {
        reset(null, 0, 0);
    }

    long remaining() {
        return remaining;
    }

    /** Returns the length of the piece that begins here, at most {@code wanted}; both 1 or more. */
    int piece(long wanted) {
        long limit = Math.min(wanted, remaining);
        if (run == 0) {
            translation.find(offset, next);
            backing = next.backing;
            index = next.index;
            run = next.octets;
        }
        while (run < limit) {
            translation.find(offset + run, next);
            if (next.backing != backing || next.index != index + run) {
                break;
            }
            run += next.octets;
        }
        return (int) Math.min(run, limit);
    }

    /** Returns the backing that the piece is in; after {@link #piece}. */
    Backing backing() {
        return translation.backing(backing);
    }

    /** Returns the index of the piece's first octet in its backing; after {@link #piece}. */
    int index() {
        return index;
    }

    /** Goes on by {@code octets}, 0 to {@link #remaining()}. */
    void skip(long octets) {
        offset += octets;
        remaining -= octets;
        if (octets < run) {
            index += (int) octets;
            run -= (int) octets;
        } else {
            run = 0;
        }
    }
}
