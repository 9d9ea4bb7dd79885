package io.verbena.memory;

import io.verbena.verbs.AccessFlag;
import java.util.Set;

/**
 * What shall change of a region (verb: Reregister): memory, rights, domain.
 *
 * @param protectionDomain number of its domain from now on
 * @param memory new memory with its rights, or null if it stays
 * @param access new rights, or null if they stay
 */
record RegionChange(int protectionDomain, RegionLayout memory, Set<AccessFlag> access) {
    /**
     * Returns the incarnation that comes into force, and notes what the region may have from now on. Under the table's lock.
     *
     * @throws IllegalArgumentException if the rights are not possible with memory that stays
     * @throws IllegalStateException if the region is not valid while its memory should stay
     */
    TableEntry apply(TagRecord region, Addresses addresses) {
        return memory == null ? withOldMemory(region) : withNewMemory(region, addresses);
    }

    private TableEntry withNewMemory(TagRecord region, Addresses addresses) {
        MemoryRange range = memory.range(addresses);
        boolean remote = memory.remote() || (access == null && region.remoteAccess());
        region.reserve(Math.max(region.reservedPages(), memory.translation().pages()), remote);
        return TableEntry.region(
                region, region.prepareStag(), protectionDomain, range, memory.rights(), memory.oneTouch());
    }

    private TableEntry withOldMemory(TagRecord region) {
        TableEntry before = region.current();
        if (!before.valid()) {
            throw new IllegalStateException(before + " is not valid: it has no memory that could stay as it is");
        }
        int rights = access == null ? before.rights() : AccessRights.mask(access);
        RegionLayout.requirePossible(before.oneTouch(), rights);
        if (AccessRights.writing(rights) && before.translation().readOnly()) {
            throw new IllegalArgumentException(
                    "a buffer of " + before + " is read-only, but a write right is asked for");
        }
        region.reserve(region.reservedPages(), access == null ? region.remoteAccess() : AccessRights.remote(rights));
        return TableEntry.region(
                region, region.prepareStag(), protectionDomain, before.range(), rights, before.oneTouch());
    }
}
