package io.verbena.queue;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;

/**
 * The entries of a {@link CompletionQueueRing} as primitives: four words each, which lie together because they are always
 * read together, and a cause for those that failed. Positions are counters; their low bits select the entry.
 *
 * <p>Thread rule: under the ring's locks.
 */
final class CompletionSlots {
    private static final int WORDS = 4;
    private static final int ID = 0;
    private static final int LENGTH = 1;
    private static final int STAG_AND_QUEUE_PAIR = 2;
    private static final int FACTS = 3;

    private static final int STATUS_MASK = 0xFF;
    private static final int OPERATION_SHIFT = 8;
    private static final int OPERATION_MASK = 0xFF;
    private static final int SOLICITED = 1 << 16;
    private static final int INVALIDATED = 1 << 17;
    /** The length word carries Immediate Data. */
    private static final int IMMEDIATE = 1 << 18;

    private static final WorkCompletionStatus[] STATUSES = WorkCompletionStatus.values();
    private static final CompletedOperation[] OPERATIONS = CompletedOperation.values();

    private final long[] words;
    private final FailureCause[] causes;
    private final int mask;

    CompletionSlots(int capacity) {
        int places = capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
        words = new long[Math.multiplyExact(WORDS, places)];
        causes = new FailureCause[places];
        mask = places - 1;
    }

    void store(
            long position,
            long id,
            WorkCompletionStatus status,
            CompletedOperation operation,
            int queuePairNumber,
            long lengthOctets,
            boolean solicited,
            boolean invalidated,
            int invalidatedStag,
            boolean immediate,
            FailureCause cause) {
        int place = place(position);
        int at = WORDS * place;
        words[at + ID] = id;
        words[at + LENGTH] = lengthOctets;
        words[at + STAG_AND_QUEUE_PAIR] = (long) invalidatedStag << 32 | queuePairNumber;
        words[at + FACTS] = status.ordinal()
                | operation.ordinal() << OPERATION_SHIFT
                | (solicited ? SOLICITED : 0)
                | (invalidated ? INVALIDATED : 0)
                | (immediate ? IMMEDIATE : 0);
        if (cause != null) {
            causes[place] = cause;
        }
    }

    /** Moves an entry to a cursor. */
    void load(long position, SoftCompletionCursor cursor) {
        int place = place(position);
        int at = WORDS * place;
        int facts = (int) words[at + FACTS];
        cursor.show(
                words[at + ID],
                STATUSES[facts & STATUS_MASK],
                OPERATIONS[facts >> OPERATION_SHIFT & OPERATION_MASK],
                (int) words[at + STAG_AND_QUEUE_PAIR],
                words[at + LENGTH],
                (facts & SOLICITED) != 0,
                (facts & INVALIDATED) != 0,
                (int) (words[at + STAG_AND_QUEUE_PAIR] >> 32),
                (facts & IMMEDIATE) != 0,
                causes[place]);
        clear(position);
    }

    /** Copies an entry of {@code source}, which may be this. */
    void copy(long position, CompletionSlots source, long sourcePosition) {
        int place = place(position);
        int sourcePlace = source.place(sourcePosition);
        System.arraycopy(source.words, WORDS * sourcePlace, words, WORDS * place, WORDS);
        causes[place] = source.causes[sourcePlace];
    }

    /** Lets go of the entry's cause; a free entry holds none. */
    void clear(long position) {
        int place = place(position);
        if (causes[place] != null) {
            causes[place] = null;
        }
    }

    int queuePairNumber(long position) {
        return (int) words[WORDS * place(position) + STAG_AND_QUEUE_PAIR];
    }

    private int place(long position) {
        return (int) position & mask;
    }
}
