package io.verbena.memory;

import io.verbena.ddp.TaggedOffset;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.STag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The memory translation and protection table (TPT) of a device: what its STags stand for.
 *
 * <p>The Tag Index of an STag selects an entry directly; whether the whole STag fits, and whether the access is allowed,
 * is for {@link AccessCheck} to say. An entry leads to the octets through its address translation.
 *
 * <p>Thread rule: any thread. Lookups take no lock and allocate nothing; registering and deregistering take a short lock,
 * and deregistering waits for the accesses under way.
 */
public final class MemoryTranslationProtectionTable {
    /** Device-chosen addresses begin here, so that none of them is 0; aligned to the largest page. */
    private static final long FIRST_ADDRESS = 1L << 28;

    private final int maxRegions;
    private final int directPages;
    private final int firstOrderPages;
    private final StagAllocator stags;
    private final RegionSlots slots;

    private final Object lock = new Object();
    private long nextAddress = FIRST_ADDRESS;
    private int regions;
    private long registeredOctets;

    /**
     * Makes an empty table.
     *
     * @param maxRegions the most regions at one time
     * @param directPages regions of at most so many pages get direct translation
     * @param firstOrderPages regions of at most so many pages get first-order indirect translation, larger ones
     *     second-order
     * @param policy how STags are chosen
     * @param random where unpredictable STags come from; used under the table's lock only
     */
    public MemoryTranslationProtectionTable(
            int maxRegions, int directPages, int firstOrderPages, StagPolicy policy, RandomGenerator random) {
        if (maxRegions < 1 || maxRegions > STag.MAX_INDEX) {
            throw new IllegalArgumentException("maxRegions " + maxRegions + " must be 1 to " + STag.MAX_INDEX);
        }
        this.maxRegions = maxRegions;
        this.directPages = directPages;
        this.firstOrderPages = firstOrderPages;
        stags = new StagAllocator(maxRegions, policy, random);
        slots = stags.slots();
    }

    /**
     * Registers the remaining octets of the buffers as one region, in their order; empty buffers add nothing.
     *
     * @param protectionDomain number of its protection domain
     * @param lent direct, mapped or heap buffers, whose octets are used until {@link #deregister} returns; their position
     *     and limit may change afterwards
     * @param options rights, start address, page size, translation mode
     * @return the entry, valid from now on
     * @throws IllegalArgumentException if there is no octet at all, a buffer is read-only and a write right is asked for,
     *     or start address and length pass 2^64
     * @throws LimitExceededException if there are as many regions as the device allows
     */
    public RegionEntry register(int protectionDomain, List<ByteBuffer> lent, RegionOptions options) {
        int rights = AccessRights.mask(options.access());
        List<Backing> backings = backings(lent, AccessRights.writing(rights));
        long length = backings.stream().mapToLong(Backing::lengthOctets).sum();
        // An address that the device chooses is page aligned, whatever the page size will be.
        long chosen = options.base() == RegionOptions.Base.CONSUMER_CHOSEN ? options.startAddress() : 0;
        if (TaggedOffset.wraps(chosen, length)) {
            throw new IllegalArgumentException(
                    "start address 0x" + Long.toHexString(chosen) + " and length " + length + " octets pass 2^64");
        }
        AddressTranslation translation =
                new AddressTranslation(new PageListBuilder(backings, chosen, options, directPages, firstOrderPages));
        synchronized (lock) {
            if (regions == maxRegions) {
                throw new LimitExceededException("the device has its " + maxRegions + " memory regions (maxRegions)");
            }
            long start = options.base() == RegionOptions.Base.DEVICE_CHOSEN ? chooseAddress(translation) : chosen;
            RegionEntry entry = new RegionEntry(stags.next(), protectionDomain, start, rights, translation);
            slots.put(STag.index(entry.stag()), entry);
            regions++;
            registeredOctets += length;
            return entry;
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

    /** Returns the first page boundary behind all addresses chosen before. */
    private long chooseAddress(AddressTranslation translation) {
        long page = translation.pageOctets();
        long start = (nextAddress + page - 1) & -page;
        long length = translation.lengthOctets();
        if (Long.compareUnsigned(start, nextAddress) < 0 || TaggedOffset.wraps(start, length)) {
            throw new LimitExceededException("the device has given away all of its 2^64 addresses");
        }
        nextAddress = start + length;
        return start;
    }

    /** Returns the entry at the Tag Index of {@code stag}, whose instance may differ, or null. */
    public RegionEntry lookup(int stag) {
        return slots.entry(STag.index(stag));
    }

    /**
     * Takes a region out of use: when this returns, nothing reads or changes its octets through the table any more, and
     * its STag leads nowhere. Idempotent. The caller must not hold a pin on it.
     */
    public void deregister(RegionEntry entry) {
        entry.invalidate();
        synchronized (lock) {
            if (slots.remove(STag.index(entry.stag()), entry)) {
                regions--;
                registeredOctets -= entry.lengthOctets();
            }
        }
    }

    /** Returns the number of regions. */
    public int regions() {
        synchronized (lock) {
            return regions;
        }
    }

    /** Returns the octets of all regions together; shared octets count in each. */
    public long registeredOctets() {
        synchronized (lock) {
            return registeredOctets;
        }
    }

    /** Returns the table for people to read: one line a region, in the order of their indexes, and a line of totals. */
    public String dump() {
        return TableDump.of(slots);
    }
}
