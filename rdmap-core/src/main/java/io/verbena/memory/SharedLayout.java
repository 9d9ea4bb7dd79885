package io.verbena.memory;

import io.verbena.ddp.TaggedOffset;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.STag;

/** Whether and where memory of an existing region can be registered once more (verb: Register Shared Memory Region). */
final class SharedLayout {
    private SharedLayout() {}

    /**
     * Returns the range of the new region. Under the table's lock.
     *
     * @throws IllegalArgumentException if an option is not possible with these translation entries
     * @throws IllegalStateException if {@code existing} is not valid
     */
    static MemoryRange range(TableEntry existing, RegionOptions options, Addresses addresses) {
        String name = "region " + STag.toString(existing.stag());
        if (!existing.valid()) {
            throw new IllegalStateException(name + " is not valid, so its memory cannot be shared");
        }
        if (existing.oneTouch() || options.oneTouch()) {
            throw new IllegalArgumentException("one-touch memory cannot be shared: it goes out of use by itself");
        }
        if (options.pageOctets() != 0 || options.translationMode() != null) {
            throw new IllegalArgumentException(
                    "page size and translation mode are those of " + name + " and cannot be chosen");
        }
        AddressTranslation translation = existing.translation();
        if (AccessRights.writing(AccessRights.mask(options.access())) && translation.readOnly()) {
            throw new IllegalArgumentException("a buffer of " + name + " is read-only, but a write right is asked for");
        }
        if (options.base() == RegionOptions.Base.DEVICE_CHOSEN) {
            return MemoryRange.whole(addresses.choose(translation), false, translation);
        }
        boolean zeroBased = options.base() == RegionOptions.Base.ZERO;
        long start = zeroBased ? 0 : options.startAddress();
        long page = translation.pageOctets();
        if ((start & (page - 1)) != translation.firstOffset()) {
            throw new IllegalArgumentException("start address 0x" + Long.toHexString(start) + " must be 0x"
                    + Integer.toHexString(translation.firstOffset()) + " octets into a page of " + page
                    + " octets, as that of " + name);
        }
        if (TaggedOffset.wraps(start, translation.lengthOctets())) {
            throw new IllegalArgumentException("start address 0x" + Long.toHexString(start) + " and length "
                    + translation.lengthOctets() + " octets pass 2^64");
        }
        return MemoryRange.whole(start, zeroBased, translation);
    }
}
