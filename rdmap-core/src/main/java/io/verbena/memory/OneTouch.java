package io.verbena.memory;

import java.util.Arrays;

/**
 * One-touch memory as one stream uses it: the decision for every tagged segment that targets such memory (SYS-MEM-12), and
 * the entries that this stream has touched ahead of its own octets.
 *
 * <p>The table, for a segment whose access is allowed:
 * <pre>
 *   Last clear                                          place
 *   Last set, memory not one-touch                      place
 *   Last set, already touched                           invalidate, do not place, Terminate
 *   Last set, not touched, next in the stream           place, then invalidate
 *   Last set, not touched, ahead of the stream          place, touch; invalidate when the stream gets there
 *   Last set, not touched, outside what can be taken    drop
 * </pre>
 * A segment that is placed for the last time {@linkplain Decision#PLACE_AND_INVALIDATE claims} the entry: from the decision
 * on it is valid for that segment alone, however many reads of the socket it takes to arrive, and {@link #finish} ends that.
 * A segment without payload is not looked at, as everywhere.
 *
 * <p>Thread rule: the stream's loop; entries may be used by other streams at the same time. Allocates nothing unless more
 * entries are touched at a time than ever before.
 */
public final class OneTouch {
    private static final int FIRST_ROOM = 4;

    /** Where a segment stands in the octets of its stream. */
    public enum Arrival {
        /** All octets before it have arrived. */
        NEXT,
        /** Octets before it are missing, but the stream can take it already. */
        AHEAD,
        /** So far ahead, or so far behind, that the stream cannot take it. */
        OUTSIDE
    }

    /** What is to be done with a segment. */
    public enum Decision {
        /** Place it. */
        PLACE,
        /** Place it, pinning with {@link TableEntry#pinClaimed}; then {@link OneTouch#finish}. */
        PLACE_AND_INVALIDATE,
        /** Place it; the entry is touched and becomes invalid by {@link OneTouch#streamReached}. */
        PLACE_AND_TOUCH,
        /** Do not place it and end the stream: the entry was touched before, and is invalid now. */
        REFUSE,
        /** Forget it, as if it had not arrived. */
        DROP
    }

    private final MemoryTranslationProtectionTable table;
    private TableEntry[] touched = {};
    private int count;

    /** Makes the room of a stream, with nothing touched. */
    public OneTouch(MemoryTranslationProtectionTable table) {
        this.table = table;
    }

    /**
     * Decides about a segment with payload that {@link AccessCheck} has allowed. The caller must not hold a pin on the entry.
     *
     * @param last whether it is the last segment of its message
     * @param streamPosition position of the segment in the stream, in octets that are counted without wrapping; only looked
     *     at if it is ahead
     */
    public Decision decide(TableEntry entry, boolean last, Arrival arrival, long streamPosition) {
        if (!last || !entry.oneTouch()) {
            return Decision.PLACE;
        }
        if (arrival == Arrival.OUTSIDE && !entry.touched()) {
            return Decision.DROP;
        }
        if (arrival == Arrival.NEXT && entry.claim()) {
            return Decision.PLACE_AND_INVALIDATE;
        }
        if (arrival == Arrival.AHEAD) {
            if (entry.touch(streamPosition)) {
                remember(entry);
                return Decision.PLACE_AND_TOUCH;
            }
            // The very segment that touched it has come again; that is not a second message.
            if (entry.touched() && entry.touchedPosition() == streamPosition && remembers(entry)) {
                return Decision.PLACE;
            }
        }
        if (entry.touched()) {
            entry.useUp();
            forget(entry);
            table.retire(entry);
        }
        return Decision.REFUSE;
    }

    /**
     * The segment that claimed {@code entry} is placed, or will never be: the entry is out of use. Waits for those who had
     * pinned it before.
     */
    public void finish(TableEntry entry) {
        entry.useUp();
        table.retire(entry);
    }

    /**
     * Everything before {@code position} has arrived, without a gap: entries touched by segments at or before it become
     * invalid. The caller must not hold pins.
     *
     * @return how many did
     */
    public int streamReached(long position) {
        int kept = 0;
        int before = count;
        for (int i = 0; i < before; i++) {
            TableEntry entry = touched[i];
            if (entry.touchedPosition() <= position) {
                useUpTouched(entry);
            } else {
                touched[kept++] = entry;
            }
        }
        clearFrom(kept);
        return before - kept;
    }

    /** The stream is over: what it has touched becomes invalid, for the gap will never close. */
    public void streamEnded() {
        streamReached(Long.MAX_VALUE);
    }

    /** Returns how many entries are touched and wait for the stream. */
    public int waiting() {
        return count;
    }

    private void useUpTouched(TableEntry entry) {
        entry.useUp();
        table.retire(entry);
    }

    private void remember(TableEntry entry) {
        if (count == touched.length) {
            touched = Arrays.copyOf(touched, Math.max(FIRST_ROOM, 2 * count));
        }
        touched[count++] = entry;
    }

    private boolean remembers(TableEntry entry) {
        for (int i = 0; i < count; i++) {
            if (touched[i] == entry) {
                return true;
            }
        }
        return false;
    }

    private void forget(TableEntry entry) {
        for (int i = 0; i < count; i++) {
            if (touched[i] == entry) {
                touched[i] = touched[--count];
                touched[count] = null;
                return;
            }
        }
    }

    private void clearFrom(int kept) {
        Arrays.fill(touched, kept, count, null);
        count = kept;
    }
}
