package io.verbena.memory;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.STag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A region in the translation and protection table (SYS-MEM-02): unchanging facts, the valid bit, and pins.
 *
 * <p>A pin keeps the octets in use: {@link #invalidate} takes the entry out of use for everybody who comes later
 * and waits for those who are at work. Each side first writes its own word and then reads the other's (pins up, valid
 * read; valid down, pins read), both in the one total order of volatile accesses, so that not both can miss the other.
 * Pins are held within one call of an event loop at most, and never while code of the application runs: the wait would
 * not end.
 *
 * <p>Thread rule: any thread.
 */
public final class RegionEntry {
    private static final int SPINS_BEFORE_YIELD = 100;

    private static final VarHandle PINS;

    static {
        try {
            PINS = MethodHandles.lookup().findVarHandle(RegionEntry.class, "pins", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int stag;
    private final int protectionDomain;
    private final long startAddress;
    private final int rights;
    private final AddressTranslation translation;

    private volatile boolean valid = true;

    @SuppressWarnings("UnusedVariable") // it is changed through PINS
    private volatile int pins;

    RegionEntry(int stag, int protectionDomain, long startAddress, int rights, AddressTranslation translation) {
        this.stag = stag;
        this.protectionDomain = protectionDomain;
        this.startAddress = startAddress;
        this.rights = rights;
        this.translation = translation;
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

    /** Returns the length in octets, 1 or more. */
    public long lengthOctets() {
        return translation.lengthOctets();
    }

    /** Tells whether the entry has the right. */
    public boolean allows(AccessFlag right) {
        return AccessRights.contains(rights, right);
    }

    /** Tells whether a peer can do anything with it: it has some remote right. */
    public boolean remotelyAccessible() {
        return AccessRights.remote(rights);
    }

    /** Tells whether the entry can be used. Only a pin makes sure that this stays so. */
    public boolean valid() {
        return valid;
    }

    AddressTranslation translation() {
        return translation;
    }

    /**
     * Keeps the region's octets in use until {@link #unpin}.
     *
     * @param withStag the STag that led here
     * @return false, and nothing is held, if the entry is no longer valid or {@code withStag} is a stale one
     */
    public boolean pin(int withStag) {
        PINS.getAndAdd(this, 1);
        if (valid && withStag == stag) {
            return true;
        }
        unpin();
        return false;
    }

    /** Takes back one pin. */
    public void unpin() {
        int before = (int) PINS.getAndAdd(this, -1);
        assert before > 0 : "region " + STag.toString(stag) + " was unpinned more often than pinned";
    }

    /**
     * Makes the entry invalid and waits until nobody holds a pin: from then on nothing reads or changes the octets through
     * this entry. The caller must not hold a pin on it. May be called again; each call waits.
     */
    @SuppressWarnings("ThreadPriorityCheck") // a pin is held for microseconds; the yield is for machines short of cores
    public void invalidate() {
        valid = false;
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

    /** Returns what the entry holds now. */
    public MemorySnapshot snapshot() {
        return new MemorySnapshot(
                stag,
                EntryType.REGION,
                valid,
                false,
                protectionDomain,
                -1,
                startAddress,
                lengthOctets(),
                AccessRights.flags(rights),
                remotelyAccessible(),
                false,
                false,
                -1,
                translation.mode(),
                translation.pageOctets(),
                translation.pages(),
                translation.pages(),
                translation.firstOffset(),
                1,
                0);
    }

    /** Returns the STag, the range and the domain, for messages. */
    @Override
    public String toString() {
        return "region " + STag.toString(stag) + " of protection domain " + protectionDomain + ", " + lengthOctets()
                + " octets from 0x" + Long.toHexString(startAddress);
    }
}
