package io.verbena.queue;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;

/**
 * The entries of a {@link CompletionQueueRing} as primitives: four words each, which lie together because they are always
 * read together, a cause for those that failed, and who holds the receive for those
 * of shared receive queues. Positions are counters; their low bits select the entry.
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
    /** The message goes on in the next receive. */
    private static final int MORE_FOLLOWS = 1 << 19;

    private static final WorkCompletionStatus[] STATUSES = WorkCompletionStatus.values();
    private static final CompletedOperation[] OPERATIONS = CompletedOperation.values();

    private final long[] words;
    private final FailureCause[] causes;
    private final int mask;

    /** Comes into being with the first completion of a receive of a shared receive queue. */
    private Holders holders;

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
            FailureCause cause,
            ReceiveAccount holder,
            long handle,
            boolean moreFollows) {
        int place = place(position);
        int at = WORDS * place;
        words[at + ID] = id;
        words[at + LENGTH] = lengthOctets;
        words[at + STAG_AND_QUEUE_PAIR] = (long) invalidatedStag << 32 | queuePairNumber;
        words[at + FACTS] = status.ordinal()
                | operation.ordinal() << OPERATION_SHIFT
                | (solicited ? SOLICITED : 0)
                | (invalidated ? INVALIDATED : 0)
                | (immediate ? IMMEDIATE : 0)
                | (moreFollows ? MORE_FOLLOWS : 0);
        if (cause != null) {
            causes[place] = cause;
        }
        if (holder != null) {
            hold(place, holder, handle);
        }
    }

    private void hold(int place, ReceiveAccount holder, long handle) {
        if (holders == null) {
            holders = new Holders(new ReceiveAccount[mask + 1], new long[mask + 1]);
        }
        holders.accounts[place] = holder;
        holders.handles[place] = handle;
    }

    /** Moves an entry to a cursor. */
    void load(long position, SoftCompletionCursor cursor) {
        int place = place(position);
        int at = WORDS * place;
        int facts = (int) words[at + FACTS];
        Holders known = holders;
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
                causes[place],
                known == null ? null : known.accounts[place],
                known == null ? 0 : known.handles[place],
                (facts & MORE_FOLLOWS) != 0);
        clear(position);
    }

    /** Copies an entry of {@code source}, which may be this. */
    void copy(long position, CompletionSlots source, long sourcePosition) {
        int place = place(position);
        int sourcePlace = source.place(sourcePosition);
        System.arraycopy(source.words, WORDS * sourcePlace, words, WORDS * place, WORDS);
        causes[place] = source.causes[sourcePlace];
        Holders others = source.holders;
        if (others != null && others.accounts[sourcePlace] != null) {
            hold(place, others.accounts[sourcePlace], others.handles[sourcePlace]);
        } else if (holders != null) {
            holders.accounts[place] = null;
        }
    }

    /** Lets go of the entry's cause and holder; a free entry has neither. */
    void clear(long position) {
        int place = place(position);
        if (causes[place] != null) {
            causes[place] = null;
        }
        Holders known = holders;
        if (known != null) {
            known.accounts[place] = null;
        }
    }

    int queuePairNumber(long position) {
        return (int) words[WORDS * place(position) + STAG_AND_QUEUE_PAIR];
    }

    private int place(long position) {
        return (int) position & mask;
    }

    /** Who holds the receives that completed, and what names these to them: one object, so that it is seen whole or not. */
    private static final class Holders {
        private final ReceiveAccount[] accounts;
        private final long[] handles;

        Holders(ReceiveAccount[] accounts, long[] handles) {
            this.accounts = accounts;
            this.handles = handles;
        }
    }
}
