package io.verbena.memory;

import io.verbena.ddp.TaggedOffset;
import io.verbena.verbs.LimitExceededException;

/** The addresses that the device chooses: each region begins at the first page boundary behind the one before. */
final class Addresses {
    /** They begin here, so that none of them is 0; aligned to the largest page. */
    private static final long FIRST = 1L << 28;

    private long next = FIRST;

    /** Returns the start address for a region: as far into its first page as its octets are. Under the table's lock. */
    long choose(AddressTranslation translation) {
        long page = translation.pageOctets();
        long firstPage = (next + page - 1) & -page;
        long octets = translation.firstOffset() + translation.lengthOctets();
        if (Long.compareUnsigned(firstPage, next) < 0 || TaggedOffset.wraps(firstPage, octets)) {
            throw new LimitExceededException("the device has given away all of its 2^64 addresses");
        }
        next = firstPage + octets;
        return firstPage + translation.firstOffset();
    }
}
