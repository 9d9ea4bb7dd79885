package io.verbena.memory;

import io.verbena.ddp.TaggedOffset;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;

/**
 * The checks that every access to registered memory has to pass, in the order in which the first failure is named
 * (SYS-MEM-08, SYS-MEM-09).
 *
 * <p>An access of no octets is not checked at all: not even its STag is looked at (RFC 5041 section 5.2, VRB-MR-10).
 *
 * <p>Pure functions that allocate nothing: any thread. The entry may become invalid right after the check; who goes on to
 * touch octets holds a {@linkplain RegionEntry#pin pin}.
 */
public final class AccessCheck {
    private AccessCheck() {}

    /**
     * Checks the access of a data segment of a posted request.
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
            RegionEntry entry, int stag, long address, long length, int protectionDomain, AccessFlag right) {
        return check(entry, stag, address, length, protectionDomain, right);
    }

    /**
     * Checks the access that a tagged segment, a Read Request or an atomic operation of the peer wants.
     *
     * @param entry what the table has at the STag's index, or null
     * @param stag the STag of the message
     * @param address (unsigned) tagged offset of its first octet
     * @param length octets, 0 or more
     * @param protectionDomain number of the queue pair's domain
     * @param right the right that is needed
     * @return null if it is allowed, else the first check that failed
     */
    public static FailedCheck remote(
            RegionEntry entry, int stag, long address, long length, int protectionDomain, AccessFlag right) {
        return check(entry, stag, address, length, protectionDomain, right);
    }

    /** Regions are the one type of entry, and allowed for either use, so that the check of the type cannot fail. */
    private static FailedCheck check(
            RegionEntry entry, int stag, long address, long length, int protectionDomain, AccessFlag right) {
        if (length == 0) {
            return null;
        }
        if (entry == null || !entry.valid()) {
            return FailedCheck.ENTRY_VALID;
        }
        if (entry.protectionDomain() != protectionDomain) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
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
