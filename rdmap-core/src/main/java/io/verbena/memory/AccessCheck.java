package io.verbena.memory;

import io.verbena.ddp.TaggedOffset;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.RemoteAccessPolicy;

/**
 * The checks that every access to registered memory has to pass, in the order in which the first failure is named
 * (SYS-MEM-08, SYS-MEM-09).
 *
 * <p>An access of no octets is not checked at all: not even its STag is looked at (RFC 5041 section 5.2, VRB-MR-10).
 *
 * <p>Pure functions that allocate nothing: any thread. The entry may become invalid right after the check; who goes on to
 * touch octets holds a {@linkplain TableEntry#pin pin}.
 */
public final class AccessCheck {
    private AccessCheck() {}

    /**
     * Checks the access of a data segment of a posted request: by a region only, a window is for the peer.
     *
     * @param entry what the table has at the STag's index, or null
     * @param stag the STag of the data segment
     * @param address (unsigned) address of its first octet
     * @param length octets, 0 or more
     * @param protectionDomain number of the queue pair's domain (of the shared receive queue's for its receives)
     * @param right the right that is needed
     * @return null if it is allowed, else the first check that failed
     */
    public static FailedCheck local(
            TableEntry entry, int stag, long address, long length, int protectionDomain, AccessFlag right) {
        if (length == 0) {
            return null;
        }
        if (entry == null || !entry.valid()) {
            return whyNotValid(entry, stag);
        }
        if (entry.type() != EntryType.REGION) {
            return FailedCheck.ENTRY_TYPE;
        }
        if (entry.protectionDomain() != protectionDomain) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        return range(entry, stag, address, length, right);
    }

    /**
     * Checks the access that a tagged segment, a Read Request or an atomic operation of the peer wants.
     *
     * @param entry what the table has at the STag's index, or null
     * @param stag the STag of the message
     * @param address (unsigned) tagged offset of its first octet
     * @param length octets, 0 or more
     * @param user whose stream it came by: windows that belong to a queue pair are good for this very object
     * @param right the right that is needed
     * @return null if it is allowed, else the first check that failed
     */
    public static FailedCheck remote(
            TableEntry entry, int stag, long address, long length, MemoryUser user, AccessFlag right) {
        if (length == 0) {
            return null;
        }
        if (entry == null || !entry.valid()) {
            return whyNotValid(entry, stag);
        }
        if (entry.type() == EntryType.REGION && user.remoteAccessPolicy() == RemoteAccessPolicy.WINDOWS_ONLY) {
            return FailedCheck.ENTRY_TYPE;
        }
        if (entry.queuePair() != null) {
            if (entry.queuePair() != user) {
                return FailedCheck.QUEUE_PAIR_ASSOCIATION;
            }
        } else if (entry.protectionDomain() != user.protectionDomain()) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        return range(entry, stag, address, length, right);
    }

    /** Memory that its one use made invalid is named so to who knows its STag; a stale one learns nothing. */
    private static FailedCheck whyNotValid(TableEntry entry, int stag) {
        return entry != null && entry.usedUp() && entry.stag() == stag
                ? FailedCheck.ALREADY_TOUCHED
                : FailedCheck.ENTRY_VALID;
    }

    private static FailedCheck range(TableEntry entry, int stag, long address, long length, AccessFlag right) {
        if (entry.stag() != stag) {
            return FailedCheck.TAG_INSTANCE;
        }
        // A range that wraps is outside every entry; looking for that first lets it be named.
        if (TaggedOffset.wraps(address, length)) {
            return FailedCheck.ADDRESS_WRAP;
        }
        if (!TaggedOffset.isWithin(address, length, entry.startAddress(), entry.lengthOctets())) {
            return FailedCheck.BASE_AND_BOUNDS;
        }
        return entry.allows(right) ? null : FailedCheck.ACCESS_RIGHT;
    }
}
