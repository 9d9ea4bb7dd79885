package io.verbena.memory;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.STag;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The memory translation and protection table (TPT) of a device: what its STags stand for.
 *
 * <p>The Tag Index of an STag selects an entry directly; whether the whole STag fits, and whether the access is allowed,
 * is for {@link AccessCheck} to say. An entry leads to the octets through its address translation.
 *
 * <p>Thread rule: any thread. Lookups take no lock and allocate nothing; everything that changes the table takes a short
 * lock, and whatever takes an entry out of use waits, without the lock, for the accesses under way.
 */
public final class MemoryTranslationProtectionTable {
    private static final int NAMED = 4;

    private final TableLimits limits;
    private final boolean oneTouchWindows;
    private final StagAllocator stags;
    private final TableSlots slots;

    private final Object lock = new Object();
    private final Addresses addresses = new Addresses();
    private final IdentityHashMap<Object, Set<TableEntry>> windowsOfQueuePairs = new IdentityHashMap<>();
    private int regions;
    private int windows;
    private long registeredOctets;

    /**
     * Makes an empty table.
     *
     * @param policy how STags are chosen
     * @param lifetime how long a bound window is good for
     * @param random where unpredictable STags come from; used under the table's lock only
     */
    public MemoryTranslationProtectionTable(
            TableLimits limits, StagPolicy policy, WindowLifetime lifetime, RandomGenerator random) {
        this.limits = limits;
        oneTouchWindows = lifetime == WindowLifetime.ONE_TOUCH;
        stags = new StagAllocator(limits.maxRegions() + limits.maxWindows(), policy, random);
        slots = stags.slots();
    }

    // ---- what the data path asks ----

    /** Returns the entry at the Tag Index of {@code stag}, whose instance may differ, or null. */
    public TableEntry lookup(int stag) {
        return slots.entry(STag.index(stag));
    }

    // ---- verbs ----

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
    public TableEntry register(int protectionDomain, List<ByteBuffer> lent, RegionOptions options) {
        RegionLayout layout = new RegionLayout(lent, options, limits);
        synchronized (lock) {
            requireRoomForRegion();
            MemoryRange range = layout.range(addresses);
            int stag = stags.next();
            TagRecord record = new TagRecord(lock, EntryType.REGION, null, stag, true);
            record.reserve(layout.translation().pages(), layout.remote());
            regions++;
            return install(
                    TableEntry.region(record, stag, protectionDomain, range, layout.rights(), layout.oneTouch()));
        }
    }

    /**
     * Registers the memory of an existing region once more, over the same translation entries; both are shared from then on.
     *
     * @param options rights and start address
     * @throws IllegalArgumentException if an option is not possible with these translation entries
     * @throws IllegalStateException if {@code existing} is deregistered or not valid
     * @throws LimitExceededException if there are as many regions as the device allows
     */
    public TableEntry registerShared(int protectionDomain, TagRecord existing, RegionOptions options) {
        int rights = AccessRights.mask(options.access());
        synchronized (lock) {
            requireThere(existing);
            requireRoomForRegion();
            MemoryRange range = SharedLayout.range(existing.current(), options, addresses);
            if (!existing.shared()) {
                existing.share(new TagRecord.Sharers());
            }
            int stag = stags.next();
            TagRecord record = new TagRecord(lock, EntryType.REGION, null, stag, true);
            record.reserve(range.translation().pages(), AccessRights.remote(rights));
            record.share(existing.sharers());
            regions++;
            return install(TableEntry.region(record, stag, protectionDomain, range, rights, false));
        }
    }

    /**
     * Changes memory, rights or domain of a region. What is reached by its old STag until now fails; if this method throws
     * nothing is changed.
     *
     * @param protectionDomain number of its domain from now on
     * @param lent new memory as for {@link #register}, or null if it stays
     * @param layout how new memory is laid out; its rights do not matter
     * @param access new rights, or null if they stay
     * @return the entry, valid from now on
     * @throws IllegalArgumentException if the change is not possible
     * @throws IllegalStateException if the region is deregistered, shared, or not valid while its memory should stay
     * @throws ResourceInUseException if windows are bound to it
     */
    public TableEntry reregister(
            TagRecord region,
            int protectionDomain,
            List<ByteBuffer> lent,
            RegionOptions layout,
            Set<AccessFlag> access) {
        while (true) {
            TableEntry before = region.current();
            Set<AccessFlag> flags = access == null ? AccessRights.flags(before.rights()) : access;
            // The page list is made without the lock; if the region changes meanwhile, it is made once more.
            RegionLayout memory = lent == null ? null : new RegionLayout(lent, layout.withExactAccess(flags), limits);
            RegionChange change = new RegionChange(protectionDomain, memory, access);
            synchronized (lock) {
                if (region.current() != before) {
                    continue;
                }
                requireThere(region);
                requireNotShared(region);
                requireNoWindows(region);
                TableEntry after = change.apply(region, addresses);
                before.withdraw();
                region.inForce(after.stag());
                install(after);
            }
            retire(before);
            return region.current();
        }
    }

    private static void requireNotShared(TagRecord region) {
        if (region.shared()) {
            throw new IllegalStateException(
                    region.current() + " shares its memory with another region and cannot be changed");
        }
    }

    /**
     * Allocates a region without memory.
     *
     * @param maxPages pages that a fast registration of it may have
     * @param remoteAccess whether it can ever have remote rights
     * @throws LimitExceededException if there are as many regions as the device allows
     */
    public TagRecord allocateRegion(int protectionDomain, int maxPages, boolean remoteAccess) {
        synchronized (lock) {
            requireRoomForRegion();
            int stag = stags.next();
            TagRecord record = new TagRecord(lock, EntryType.REGION, null, stag, false);
            record.reserve(maxPages, remoteAccess);
            regions++;
            return install(TableEntry.withoutMemory(record, stag, protectionDomain))
                    .record();
        }
    }

    /**
     * Allocates a window that is not bound.
     *
     * @throws LimitExceededException if there are as many windows as the device allows
     */
    public TagRecord allocateWindow(int protectionDomain, WindowType type) {
        synchronized (lock) {
            if (windows == limits.maxWindows()) {
                throw new LimitExceededException(
                        "the device has its " + limits.maxWindows() + " memory windows (maxWindows)");
            }
            int stag = stags.next();
            TagRecord record = new TagRecord(lock, EntryType.WINDOW, type, stag, false);
            windows++;
            return install(TableEntry.withoutMemory(record, stag, protectionDomain))
                    .record();
        }
    }

    private void requireRoomForRegion() {
        if (regions == limits.maxRegions()) {
            throw new LimitExceededException(
                    "the device has its " + limits.maxRegions() + " memory regions (maxRegions)");
        }
    }

    /**
     * Takes a region out of use: when this returns, nothing reads or changes its octets through the table any more, and
     * its STag leads nowhere. Idempotent. The caller must not hold a pin on it.
     *
     * @throws ResourceInUseException if windows are bound to it
     */
    public void deregister(TagRecord region) {
        TableEntry last;
        synchronized (lock) {
            last = region.current();
            if (!region.freed()) {
                requireNoWindows(region);
                free(region);
                regions--;
                region.leaveSharers();
            }
        }
        retire(last);
        forgetMemory(region, last);
    }

    /** Takes the region that {@code entry} is an incarnation of out of use; see {@link #deregister(TagRecord)}. */
    public void deregister(TableEntry entry) {
        deregister(entry.record());
    }

    /** Frees a window, bound or not: when this returns, nothing reaches memory through it any more. Idempotent. */
    public void freeWindow(TagRecord window) {
        TableEntry last;
        synchronized (lock) {
            last = window.current();
            if (!window.freed()) {
                free(window);
                windows--;
            }
        }
        retire(last);
        forgetMemory(window, last);
    }

    /** Who keeps the handle shall not keep the memory. */
    private void forgetMemory(TagRecord freed, TableEntry last) {
        synchronized (lock) {
            freed.current(last.withoutTranslation());
        }
    }

    private void free(TagRecord record) {
        record.free();
        record.current().withdraw();
        stags.free(record.index(), record.newestInstance());
    }

    private static void requireNoWindows(TagRecord region) {
        Set<TableEntry> bound = region.boundWindows();
        if (!bound.isEmpty()) {
            String names = bound.stream()
                    .limit(NAMED)
                    .map(window -> STag.toString(window.stag()))
                    .collect(Collectors.joining(", "));
            throw new ResourceInUseException("region "
                    + STag.toString(region.current().stag()) + " still has "
                    + bound.size() + (bound.size() == 1 ? " window" : " windows") + " bound to it (STag " + names
                    + (bound.size() > NAMED ? ", ...)" : ")"));
        }
    }

    // ---- what is prepared for the send queue ----

    /**
     * Prepares a fast registration of a region.
     *
     * @param lent as for {@link #register}
     * @throws IllegalStateException if the region is deregistered or shared
     */
    public PreparedRegistration prepareRegistration(TagRecord region, List<ByteBuffer> lent, RegionOptions options) {
        RegionLayout layout = new RegionLayout(lent, options, limits);
        synchronized (lock) {
            requireThere(region);
            requireNotShared(region);
            return new PreparedRegistration(
                    region, region.prepareStag(), layout.range(addresses), layout.rights(), layout.oneTouch());
        }
    }

    /**
     * Prepares to bind a window.
     *
     * @param offset octets from the region's present start address on
     * @param length octets, 0 or more
     * @param access remote rights
     * @throws IllegalStateException if the window or the region is closed
     */
    public PreparedBinding prepareBinding(
            TagRecord window, TagRecord region, long offset, long length, boolean zeroBased, Set<AccessFlag> access) {
        synchronized (lock) {
            requireThere(window);
            requireThere(region);
            return new PreparedBinding(
                    window,
                    region,
                    window.prepareStag(),
                    region.current().startAddress() + offset,
                    length,
                    zeroBased,
                    AccessRights.mask(access.isEmpty() ? EnumSet.noneOf(AccessFlag.class) : access));
        }
    }

    private static void requireThere(TagRecord record) {
        if (record.freed()) {
            throw new IllegalStateException(record.current() + " is closed");
        }
    }

    // ---- what the send queue processes ----

    /**
     * Makes a region valid. That the queue pair may do so is for the caller to check.
     *
     * @param protectionDomain the queue pair's
     * @return null if it is valid now; else the first check that failed, in the order of
     *     {@link io.verbena.verbs.FastRegistration}, and nothing was done
     */
    public FailedCheck fastRegister(PreparedRegistration prepared, int protectionDomain) {
        synchronized (lock) {
            FailedCheck failed = prepared.check(protectionDomain);
            if (failed == null) {
                prepared.record().inForce(prepared.stag());
                install(prepared.entry());
            }
            return failed;
        }
    }

    /**
     * Binds a window. That the queue pair may do so is for the caller to check. Waits for accesses under way through the
     * window's binding before, if it had one; the caller must not hold a pin on it.
     *
     * @param protectionDomain the queue pair's
     * @param queuePair the queue pair, as it will be given to {@link AccessCheck#remote}
     * @return null if it is bound (or unbound, with no octets) now; else the first check that failed, in the order of
     *     {@link io.verbena.verbs.WindowBinding}, and nothing was done
     */
    public FailedCheck bind(PreparedBinding prepared, int protectionDomain, Object queuePair, int queuePairNumber) {
        TableEntry before;
        synchronized (lock) {
            FailedCheck failed = prepared.check(protectionDomain);
            if (failed != null) {
                return failed;
            }
            before = prepared.record().current();
            before.withdraw();
            prepared.record().inForce(prepared.stag());
            install(prepared.entry(oneTouchWindows, queuePair, queuePairNumber));
        }
        retire(before);
        return null;
    }

    /**
     * Invalidates a region or window; one that is invalid already stays so (VRB-MO-07). When this returns null, nothing
     * reaches memory by the STag any more. The caller must not hold a pin on it. Allocates nothing.
     *
     * @param protectionDomain the queue pair's
     * @param queuePair the queue pair, as it was given to {@link #bind}
     * @return null if it is invalid now, else the first check that failed: the STag stands for nothing, it is shared, of
     *     another domain or queue pair, has windows bound to it, is stale, or (for the peer) has no remote right
     */
    public FailedCheck invalidate(int stag, int protectionDomain, Object queuePair, Invalidator who) {
        TableEntry entry;
        synchronized (lock) {
            entry = lookup(stag);
            FailedCheck failed = InvalidateCheck.check(entry, stag, protectionDomain, queuePair, who);
            if (failed != null) {
                return failed;
            }
            entry.withdraw();
        }
        retire(entry);
        return null;
    }

    /** Invalidates the windows that belong to a queue pair which goes away, or whose connection has ended. */
    public void invalidateWindowsOf(Object queuePair) {
        List<TableEntry> bound;
        synchronized (lock) {
            Set<TableEntry> entries = windowsOfQueuePairs.remove(queuePair);
            if (entries == null) {
                return;
            }
            bound = new ArrayList<>(entries);
            bound.forEach(TableEntry::withdraw);
        }
        bound.forEach(this::retire);
    }

    // ---- the life of an entry ----

    /** Puts an incarnation into force. Under the lock. */
    private TableEntry install(TableEntry entry) {
        TagRecord record = entry.record();
        record.current(entry);
        slots.put(record.index(), entry);
        if (entry.valid()) {
            if (entry.type() == EntryType.REGION) {
                registeredOctets += entry.lengthOctets();
            } else {
                entry.region().record().addWindow(entry);
                if (entry.queuePair() != null) {
                    windowsOfQueuePairs
                            .computeIfAbsent(entry.queuePair(), none -> new LinkedHashSet<>())
                            .add(entry);
                }
            }
        }
        return entry;
    }

    /** Waits until nobody uses an entry that was withdrawn, and takes notice of that. Not under the lock. */
    void retire(TableEntry entry) {
        entry.awaitPins();
        synchronized (lock) {
            if (!entry.settle()) {
                return;
            }
            if (entry.type() == EntryType.REGION) {
                registeredOctets -= entry.lengthOctets();
            } else {
                entry.region().record().removeWindow(entry);
                Set<TableEntry> others = entry.queuePair() == null ? null : windowsOfQueuePairs.get(entry.queuePair());
                if (others != null) {
                    others.remove(entry);
                }
            }
        }
    }

    // ---- queries ----

    /** Returns the number of regions. */
    public int regions() {
        synchronized (lock) {
            return regions;
        }
    }

    /** Returns the number of windows. */
    public int windows() {
        synchronized (lock) {
            return windows;
        }
    }

    /** Returns the octets of all valid regions together; shared octets count in each. */
    public long registeredOctets() {
        synchronized (lock) {
            return registeredOctets;
        }
    }

    /** Returns the table for people to read: one line an entry, in the order of their indexes, and a line of totals. */
    public String dump() {
        return TableDump.of(slots);
    }
}
