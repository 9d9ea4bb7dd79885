package io.verbena.memory;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.STag;
import io.verbena.verbs.WindowType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One incarnation of a region or window in the translation and protection table (SYS-MEM-02): unchanging facts, a state, and
 * pins. What outlives it is in its {@link TagRecord}.
 *
 * <p>A fast registration, a bind or a reregistration never changes an entry: it puts a new one, with a newer Tag Instance,
 * into the slot. The old one is invalid for ever. So whoever still holds it, a cursor in the middle of a message or a loop
 * that looked it up a moment ago, cannot reach the new owner's memory by it.
 *
 * <p>A pin keeps the octets in use: {@link #withdraw} takes the entry out of use for everybody who comes later, and
 * {@link #awaitPins} waits for those who are at work. Each side first writes its own word and then reads the other's (pins
 * up, state read; state down, pins read), both in the one total order of volatile accesses, so that not both can miss the
 * other. Pins are held within one call of an event loop at most, and never while code of the application runs: the wait
 * would not end.
 *
 * <p>A window's pin is enough for the region's octets, because a region with bound windows is not taken out of use, and a
 * window counts as bound until its pins are gone.
 *
 * <p>Thread rule: any thread.
 */
public final class TableEntry {
    private static final int SPINS_BEFORE_YIELD = 100;

    /** Good for nothing, for ever. */
    private static final int INVALID = 0;
    /** Good for everybody. */
    private static final int VALID = 1;
    /** Good for everybody until the stream reaches {@link #touchedPosition} (one-touch). */
    private static final int TOUCHED = 2;
    /** Good for the segment that claimed it and for nobody else (one-touch). */
    private static final int CLAIMED = 3;

    private static final VarHandle PINS;
    private static final VarHandle STATE;

    static {
        try {
            PINS = MethodHandles.lookup().findVarHandle(TableEntry.class, "pins", int.class);
            STATE = MethodHandles.lookup().findVarHandle(TableEntry.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TagRecord record;
    private final int stag;
    private final int protectionDomain;
    private final long startAddress;
    private final long lengthOctets;
    private final int rights;
    private final boolean zeroBased;
    private final boolean oneTouch;
    private final AddressTranslation translation;
    private final long translationOffset;
    private final TableEntry region;
    private final Object queuePair;
    private final int queuePairNumber;

    private volatile int state;

    @SuppressWarnings("UnusedVariable") // it is changed through PINS
    private volatile int pins;

    private volatile long touchedPosition = -1;
    /** Whether its one use made it invalid. */
    private volatile boolean usedUp;
    /** Whether the table has taken notice that it is out of use; under the table's lock. */
    private boolean settled;

    private TableEntry(
            TagRecord record,
            int stag,
            int protectionDomain,
            MemoryRange range,
            int rights,
            boolean oneTouch,
            TableEntry region,
            Object queuePair,
            int queuePairNumber,
            int state) {
        this.record = record;
        this.stag = stag;
        this.protectionDomain = protectionDomain;
        startAddress = range.startAddress();
        lengthOctets = range.lengthOctets();
        zeroBased = range.zeroBased();
        translation = range.translation();
        translationOffset = range.translationOffset();
        this.rights = rights;
        this.oneTouch = oneTouch;
        this.region = region;
        this.queuePair = queuePair;
        this.queuePairNumber = queuePairNumber;
        this.state = state;
    }

    /** Returns a valid region. */
    static TableEntry region(
            TagRecord record, int stag, int protectionDomain, MemoryRange range, int rights, boolean oneTouch) {
        return new TableEntry(record, stag, protectionDomain, range, rights, oneTouch, null, null, -1, VALID);
    }

    /** Returns a valid window; {@code queuePair} is null if it belongs to a protection domain. */
    static TableEntry window(
            TagRecord record,
            int stag,
            TableEntry region,
            MemoryRange range,
            int rights,
            boolean oneTouch,
            Object queuePair,
            int queuePairNumber) {
        return new TableEntry(
                record,
                stag,
                region.protectionDomain,
                range,
                rights,
                oneTouch,
                region,
                queuePair,
                queuePair == null ? -1 : queuePairNumber,
                VALID);
    }

    /** Returns an entry behind which there is no memory. */
    static TableEntry withoutMemory(TagRecord record, int stag, int protectionDomain) {
        TableEntry entry =
                new TableEntry(record, stag, protectionDomain, MemoryRange.NONE, 0, false, null, null, -1, INVALID);
        entry.settled = true;
        return entry;
    }

    /** Returns an entry that tells the same facts, is invalid, and keeps no memory from being collected. */
    TableEntry withoutTranslation() {
        MemoryRange range = new MemoryRange(startAddress, lengthOctets, zeroBased, null, 0);
        TableEntry entry =
                new TableEntry(record, stag, protectionDomain, range, rights, oneTouch, null, null, -1, INVALID);
        entry.settled = true;
        entry.usedUp = usedUp;
        return entry;
    }

    /** Returns the part that all incarnations at this Tag Index have in common. */
    public TagRecord record() {
        return record;
    }

    /** Returns whether it is a region or a window. */
    public EntryType type() {
        return record.type();
    }

    /** Returns the STag: Tag Index and Tag Instance. */
    public int stag() {
        return stag;
    }

    /** Returns the number of the protection domain. */
    public int protectionDomain() {
        return protectionDomain;
    }

    /** Returns the (unsigned) address of the first octet. */
    public long startAddress() {
        return startAddress;
    }

    /** Returns the length in octets; 0 if no memory stands behind it, or of a window bound to none. */
    public long lengthOctets() {
        return lengthOctets;
    }

    /** Tells whether its first octet has address 0 by wish. */
    boolean zeroBased() {
        return zeroBased;
    }

    /** Tells whether the entry has the right. */
    public boolean allows(AccessFlag right) {
        return AccessRights.contains(rights, right);
    }

    /** Tells whether a peer can do anything with it: it has some remote right. */
    public boolean remotelyAccessible() {
        return AccessRights.remote(rights);
    }

    int rights() {
        return rights;
    }

    /** Tells whether it is good for one message only (SYS-MEM-12). */
    public boolean oneTouch() {
        return oneTouch;
    }

    /** Returns the queue pair that alone may use this window, or null if a protection domain decides. */
    Object queuePair() {
        return queuePair;
    }

    /** Returns the range of addresses and what is behind it. */
    MemoryRange range() {
        return new MemoryRange(startAddress, lengthOctets, zeroBased, translation, translationOffset);
    }

    /** Returns the entry of the region that this window is bound to, or null. */
    TableEntry region() {
        return region;
    }

    AddressTranslation translation() {
        return translation;
    }

    /** Returns the buffer that a region made of one buffer consists of. */
    public Backing onlyBacking() {
        return translation.backing(0);
    }

    /** Returns how many octets of the translation lie before the first octet. */
    long translationOffset() {
        return translationOffset;
    }

    // ---- state ----

    /** Tells whether the entry can be used. Only a pin makes sure that this stays so. */
    public boolean valid() {
        int now = state;
        return now == VALID || now == TOUCHED;
    }

    /** Tells whether nothing reaches memory by it any more, not even the message that has claimed it. */
    boolean outOfUse() {
        return state == INVALID;
    }

    /** Tells whether a message has used one-touch memory, so that it is not valid for others any more. */
    boolean usedUp() {
        return usedUp || state == CLAIMED;
    }

    /** Tells whether the last segment of a message has arrived ahead of the stream. */
    boolean touched() {
        return state == TOUCHED;
    }

    /** Returns the stream position at which a touched entry becomes invalid, or -1. */
    long touchedPosition() {
        return touchedPosition;
    }

    /**
     * Reserves the entry for the one message that may use it, whose last segment is next in its stream: from now on only
     * {@link #pinClaimed} pins it, and it never becomes valid again.
     *
     * @return false if it is not valid, or was touched before
     */
    boolean claim() {
        return STATE.compareAndSet(this, VALID, CLAIMED);
    }

    /**
     * Notes that the last segment of a message has been placed ahead of the stream.
     *
     * @return false if it is not valid, or touched already
     */
    boolean touch(long position) {
        if (!STATE.compareAndSet(this, VALID, TOUCHED)) {
            return false;
        }
        touchedPosition = position;
        return true;
    }

    /** Makes the entry invalid for everybody, because its one use is over or was wanted twice. */
    void useUp() {
        usedUp = true;
        state = INVALID;
    }

    /** Makes the entry invalid for everybody who comes later; {@link #awaitPins} waits for those who came before. */
    void withdraw() {
        state = INVALID;
    }

    /** Says that the table has taken notice; returns false if it had before. Under the table's lock. */
    boolean settle() {
        boolean first = !settled;
        settled = true;
        return first;
    }

    // ---- pins ----

    /**
     * Keeps the octets in use until {@link #unpin}.
     *
     * @param withStag the STag that led here
     * @return false, and nothing is held, if the entry is no longer valid or {@code withStag} is a stale one
     */
    public boolean pin(int withStag) {
        PINS.getAndAdd(this, 1);
        if (valid() && withStag == stag) {
            return true;
        }
        unpin();
        return false;
    }

    /**
     * Does what {@link #pin} does, for the segment that has claimed the entry.
     *
     * @return false if the entry was taken out of use meanwhile
     */
    public boolean pinClaimed() {
        PINS.getAndAdd(this, 1);
        if (state == CLAIMED) {
            return true;
        }
        unpin();
        return false;
    }

    /** Takes back one pin. */
    public void unpin() {
        int before = (int) PINS.getAndAdd(this, -1);
        assert before > 0 : "STag " + STag.toString(stag) + " was unpinned more often than pinned";
    }

    /** Waits until nobody holds a pin. The caller must not hold one. May be called again; each call waits. */
    @SuppressWarnings("ThreadPriorityCheck") // a pin is held for microseconds; the yield is for machines short of cores
    void awaitPins() {
        int spins = 0;
        while (pins != 0) {
            if (spins < SPINS_BEFORE_YIELD) {
                spins++;
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    /** Returns what the table holds of it now. Takes the table's lock. */
    public MemorySnapshot snapshot() {
        return record.snapshot(this);
    }

    int queuePairNumber() {
        return queuePairNumber;
    }

    /** Returns the STag, the range and the domain, for messages. */
    @Override
    public String toString() {
        return (record.type() == EntryType.REGION ? "region " : "window ") + STag.toString(stag)
                + (record.windowType() == WindowType.QUEUE_PAIR && queuePair != null
                        ? " of queue pair " + queuePairNumber
                        : " of protection domain " + protectionDomain)
                + ", " + lengthOctets + " octets from 0x" + Long.toHexString(startAddress);
    }
}
