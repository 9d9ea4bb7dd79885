package io.verbena.rdmap;

import io.verbena.memory.ClosedMemory;
import io.verbena.memory.MemoryCursor;
import io.verbena.memory.TableEntry;
import java.nio.ByteBuffer;

/**
 * The pin on the region that a loop copied octets out of or into last, kept from one short message to the next: two atomic
 * operations for a round of FPDUs, or for what one read brought, instead of two for each message.
 *
 * <p>It must be gone before the loop waits for pins, its own or those of another loop that may wait for this one, before code
 * of a listener runs, and before the loop's call ends. So a stream releases it at the end of each round and of each read,
 * before every request and message that takes memory out of use, and when the stream ends. A device that has a listener
 * keeps no pin at all. One-touch memory is not kept: its one use ends with its last segment.
 *
 * <p>Thread rule: the loop.
 */
final class KeptPin {
    private final MemoryCursor cursor = new MemoryCursor();
    private TableEntry kept;

    /** Returns the valid entry of this very STag if it is the one that is kept pinned; null: look it up in the table. */
    TableEntry find(int stag) {
        TableEntry entry = kept;
        // A valid entry is what the table holds at its index: a newer one comes in only after this one is out of use.
        return entry != null && entry.stag() == stag && entry.valid() ? entry : null;
    }

    /** Tells whether the pin of this entry may be kept. */
    static boolean keeps(TableEntry entry) {
        return !entry.oneTouch();
    }

    /**
     * Pins {@code entry} until {@link #release}, or until another is pinned.
     *
     * @return false if it is not valid; then what is kept is to be released before anybody is told
     */
    boolean pin(TableEntry entry) {
        if (entry == kept) {
            return entry.valid();
        }
        release();
        if (!entry.pin(entry.stag())) {
            return false;
        }
        kept = entry;
        return true;
    }

    /**
     * Copies octets of the entry that is kept.
     *
     * @param address (unsigned) address of the first of them, all inside the entry
     * @return false if the application has closed the memory
     */
    boolean copyOut(long address, ByteBuffer target, int offset, int octets) {
        cursor.reset(kept, address, octets);
        try {
            cursor.copyOut(target, offset, octets);
            return true;
        } catch (RuntimeException failure) {
            if (!ClosedMemory.isReasonOf(failure)) {
                throw failure;
            }
            return false;
        }
    }

    /** Takes the pin back, if there is one. */
    void release() {
        TableEntry entry = kept;
        if (entry != null) {
            kept = null;
            cursor.clear();
            entry.unpin();
        }
    }
}
