package io.verbena.memory;

import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.STag;

/**
 * A fast registration that waits to be processed: the STag that it will have and the page list, worked out on the
 * application's thread (SYS-MEM-05).
 *
 * <p>Immutable; any thread.
 */
public final class PreparedRegistration implements FastRegistration {
    private final TagRecord record;
    private final int stag;
    private final MemoryRange range;
    private final int rights;
    private final boolean oneTouch;

    PreparedRegistration(TagRecord record, int stag, MemoryRange range, int rights, boolean oneTouch) {
        this.record = record;
        this.stag = stag;
        this.range = range;
        this.rights = rights;
        this.oneTouch = oneTouch;
    }

    @Override
    public MemoryRegion region() {
        return record.region();
    }

    @Override
    public int stag() {
        return stag;
    }

    @Override
    public long startAddress() {
        return range.startAddress();
    }

    @Override
    public long lengthOctets() {
        return range.lengthOctets();
    }

    TagRecord record() {
        return record;
    }

    /** Returns the first check that fails, in the order of {@link FastRegistration}, or null. Under the table's lock. */
    FailedCheck check(int protectionDomain) {
        if (record.freed()) {
            return FailedCheck.ENTRY_VALID;
        }
        if (record.shared()) {
            return FailedCheck.ENTRY_SHARED;
        }
        if (!record.isNewer(stag)) {
            return FailedCheck.TAG_INSTANCE;
        }
        TableEntry before = record.current();
        if (before.protectionDomain() != protectionDomain) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        if (!before.outOfUse()) {
            return FailedCheck.ENTRY_NOT_INVALID;
        }
        if (range.translation().pages() > record.reservedPages()) {
            return FailedCheck.PAGE_LIST_ROOM;
        }
        return AccessRights.remote(rights) && !record.remoteAccess() ? FailedCheck.REMOTE_ACCESS_NOT_RESERVED : null;
    }

    /** Returns the incarnation that comes into force. */
    TableEntry entry() {
        return TableEntry.region(record, stag, record.current().protectionDomain(), range, rights, oneTouch);
    }

    /** Returns the STag and the range, for messages. */
    @Override
    public String toString() {
        return "fast registration of " + range.lengthOctets() + " octets as " + STag.toString(stag);
    }
}
