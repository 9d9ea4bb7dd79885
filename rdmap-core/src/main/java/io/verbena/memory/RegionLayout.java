package io.verbena.memory;

import io.verbena.ddp.TaggedOffset;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.RegionOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What is worked out about a region before the table is touched: its rights, its page list, and the wish for an address.
 *
 * <p>Immutable; made on the application's thread.
 */
final class RegionLayout {
    private final RegionOptions options;
    private final int rights;
    private final AddressTranslation translation;

    /**
     * @throws IllegalArgumentException if there is no octet at all, a buffer is read-only and a write right is asked for,
     *     start address and length pass 2^64, or the options contradict each other
     */
    RegionLayout(List<ByteBuffer> lent, RegionOptions options, TableLimits limits) {
        this.options = options;
        rights = AccessRights.mask(options.access());
        requirePossible(options.oneTouch(), rights);
        List<Backing> backings = backings(lent, AccessRights.writing(rights));
        long length = backings.stream().mapToLong(Backing::lengthOctets).sum();
        // An address that the device chooses is page aligned, whatever the page size will be.
        long chosen = options.base() == RegionOptions.Base.CONSUMER_CHOSEN ? options.startAddress() : 0;
        if (TaggedOffset.wraps(chosen, length)) {
            throw new IllegalArgumentException(
                    "start address 0x" + Long.toHexString(chosen) + " and length " + length + " octets pass 2^64");
        }
        translation = new AddressTranslation(
                new PageListBuilder(backings, chosen, options, limits.directPages(), limits.firstOrderPages()));
    }

    /** One-touch memory goes out of use by itself, which a region must not while windows are bound to it. */
    static void requirePossible(boolean oneTouch, int rights) {
        if (oneTouch && AccessRights.contains(rights, AccessFlag.WINDOW_BIND)) {
            throw new IllegalArgumentException("one-touch memory cannot have windows: WINDOW_BIND is not possible");
        }
    }

    private static List<Backing> backings(List<ByteBuffer> lent, boolean writing) {
        List<Backing> backings = new ArrayList<>(lent.size());
        for (ByteBuffer buffer : lent) {
            if (buffer.isReadOnly() && writing) {
                throw new IllegalArgumentException(
                        "buffer " + buffer + " is read-only, but a write right is asked for");
            }
            if (buffer.hasRemaining()) {
                backings.add(new Backing(buffer));
            }
        }
        if (backings.isEmpty()) {
            throw new IllegalArgumentException("a region needs at least one octet");
        }
        return List.copyOf(backings);
    }

    AddressTranslation translation() {
        return translation;
    }

    int rights() {
        return rights;
    }

    boolean remote() {
        return AccessRights.remote(rights);
    }

    boolean oneTouch() {
        return options.oneTouch();
    }

    /** Returns the addresses of the region; the device's choice comes from {@code addresses}. Under the table's lock. */
    MemoryRange range(Addresses addresses) {
        long start = switch (options.base()) {
            case DEVICE_CHOSEN -> addresses.choose(translation);
            case CONSUMER_CHOSEN -> options.startAddress();
            case ZERO -> 0;
        };
        return MemoryRange.whole(start, options.base() == RegionOptions.Base.ZERO, translation);
    }
}
