package io.verbena.memory;

import io.verbena.ddp.TaggedOffset;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.STag;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;

/**
 * A binding of a window that waits to be processed. It names its octets by their addresses in the region; which octets those
 * are is found out when it is processed.
 *
 * <p>Immutable; any thread.
 */
public final class PreparedBinding implements WindowBinding {
    private final TagRecord window;
    private final TagRecord region;
    private final int stag;
    private final long regionAddress;
    private final long lengthOctets;
    private final boolean zeroBased;
    private final int rights;

    PreparedBinding(
            TagRecord window,
            TagRecord region,
            int stag,
            long regionAddress,
            long lengthOctets,
            boolean zeroBased,
            int rights) {
        this.window = window;
        this.region = region;
        this.stag = stag;
        this.regionAddress = regionAddress;
        this.lengthOctets = lengthOctets;
        this.zeroBased = zeroBased;
        this.rights = rights;
    }

    @Override
    public MemoryWindow window() {
        return window.window();
    }

    @Override
    public int stag() {
        return stag;
    }

    @Override
    public long startAddress() {
        return zeroBased ? 0 : regionAddress;
    }

    @Override
    public long lengthOctets() {
        return lengthOctets;
    }

    /** Returns the STag that the region has now, for events. */
    public int regionStag() {
        return region.current().stag();
    }

    TagRecord record() {
        return window;
    }

    TagRecord region() {
        return region;
    }

    /** Tells whether it leaves the window invalid: no octets for a window that may be bound again at any time. */
    boolean unbinds() {
        return lengthOctets == 0 && window.windowType() == WindowType.PROTECTION_DOMAIN;
    }

    /** Returns the first check that fails, in the order of {@link WindowBinding}, or null. Under the table's lock. */
    FailedCheck check(int protectionDomain) {
        if (window.freed()) {
            return FailedCheck.ENTRY_VALID;
        }
        if (!window.isNewer(stag)) {
            return FailedCheck.TAG_INSTANCE;
        }
        TableEntry before = window.current();
        if (window.windowType() == WindowType.QUEUE_PAIR && !before.outOfUse()) {
            return FailedCheck.ENTRY_NOT_INVALID;
        }
        if (unbinds()) {
            return before.protectionDomain() == protectionDomain ? null : FailedCheck.PROTECTION_DOMAIN;
        }
        TableEntry target = region.current();
        if (region.freed() || !target.valid()) {
            return FailedCheck.ENTRY_VALID;
        }
        if (!target.allows(AccessFlag.WINDOW_BIND)) {
            return FailedCheck.WINDOW_BIND_RIGHT;
        }
        if (target.zeroBased()) {
            return FailedCheck.ZERO_BASED_REGION;
        }
        if (before.protectionDomain() != protectionDomain || target.protectionDomain() != protectionDomain) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        if (!TaggedOffset.isWithin(regionAddress, lengthOctets, target.startAddress(), target.lengthOctets())) {
            return FailedCheck.BASE_AND_BOUNDS;
        }
        return AccessRights.haveTheirLocalRights(rights, target.rights()) ? null : FailedCheck.WINDOW_RIGHTS;
    }

    /** Returns the incarnation that comes into force. */
    TableEntry entry(boolean oneTouch, Object queuePair, int queuePairNumber) {
        if (unbinds()) {
            return TableEntry.withoutMemory(window, stag, window.current().protectionDomain());
        }
        TableEntry target = region.current();
        MemoryRange range = new MemoryRange(
                startAddress(),
                lengthOctets,
                zeroBased,
                target.translation(),
                target.translationOffset() + regionAddress - target.startAddress());
        Object association = window.windowType() == WindowType.QUEUE_PAIR ? queuePair : null;
        return TableEntry.window(window, stag, target, range, rights, oneTouch, association, queuePairNumber);
    }

    /** Returns the STag and the range, for messages. */
    @Override
    public String toString() {
        return "binding of " + lengthOctets + " octets as " + STag.toString(stag);
    }
}
