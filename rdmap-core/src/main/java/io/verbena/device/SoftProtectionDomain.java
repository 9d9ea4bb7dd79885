package io.verbena.device;

import io.verbena.cache.SoftRegistrationCache;
import io.verbena.memory.TagRecord;
import io.verbena.rdmap.AtomicUnit;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.STag;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.RegistrationCache;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A protection domain and the list of its children. Any thread. */
final class SoftProtectionDomain implements ProtectionDomain {
    /** How many children a refusal names. */
    private static final int NAMED = 4;

    private final SoftDevice device;
    private final int number;
    private final Object lock = new Object();
    private final Set<SoftMemoryRegion> regions = new LinkedHashSet<>();
    private final Set<SoftMemoryWindow> windows = new LinkedHashSet<>();
    private final Set<SoftQueuePair> queuePairs = new LinkedHashSet<>();
    private final Set<SoftRegistrationCache> caches = new LinkedHashSet<>();
    private final Set<SoftSharedReceiveQueue> sharedReceiveQueues = new LinkedHashSet<>();
    private boolean closed;

    SoftProtectionDomain(SoftDevice device, int number) {
        this.device = device;
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Device device() {
        return device;
    }

    AtomicUnit atomicUnit() {
        return device.atomicUnit();
    }

    @Override
    public SoftMemoryRegion register(List<ByteBuffer> lent, RegionOptions options) {
        return keep(() -> device.memory().register(number, lent, options).record());
    }

    @Override
    public MemoryRegion registerShared(MemoryRegion existing, RegionOptions options) {
        TagRecord shared = device.own(existing).record();
        return keep(
                () -> device.memory().registerShared(number, shared, options).record());
    }

    @Override
    public MemoryRegion allocateRegion(int maxPages, boolean remoteAccess) {
        int most = device.limits().maxPageListEntries();
        if (maxPages < 1 || maxPages > most) {
            throw new IllegalArgumentException(
                    "maxPages " + maxPages + " must be 1 to " + most + " (maxPageListEntries)");
        }
        return keep(() -> device.memory().allocateRegion(number, maxPages, remoteAccess));
    }

    private SoftMemoryRegion keep(Supplier<TagRecord> registration) {
        synchronized (lock) {
            requireOpen();
            SoftMemoryRegion region = new SoftMemoryRegion(device, this, registration.get());
            regions.add(region);
            if (device.events() != null) {
                device.events().onRegionRegistered(device.name(), region.stag(), region.announcedOctets());
            }
            return region;
        }
    }

    void deregister(SoftMemoryRegion region) {
        device.memory().deregister(region.record());
        if (forget(region) && device.events() != null) {
            device.events().onRegionDeregistered(device.name(), region.stag(), region.announcedOctets());
        }
    }

    /** Takes a region that comes from another domain. */
    void adopt(SoftMemoryRegion region) {
        synchronized (lock) {
            requireOpen();
            regions.add(region);
        }
    }

    /** Returns whether it was here. */
    boolean forget(SoftMemoryRegion region) {
        synchronized (lock) {
            return regions.remove(region);
        }
    }

    @Override
    public MemoryWindow allocateWindow(WindowType type) {
        synchronized (lock) {
            requireOpen();
            SoftMemoryWindow window =
                    new SoftMemoryWindow(device, this, device.memory().allocateWindow(number, type));
            windows.add(window);
            if (device.events() != null) {
                device.events().onWindowAllocated(device.name(), window.stag());
            }
            return window;
        }
    }

    void free(SoftMemoryWindow window) {
        device.memory().freeWindow(window.record());
        boolean removed;
        synchronized (lock) {
            removed = windows.remove(window);
        }
        if (removed && device.events() != null) {
            device.events().onWindowFreed(device.name(), window.stag());
        }
    }

    @Override
    public RegistrationCache createRegistrationCache(CacheOptions options) {
        synchronized (lock) {
            requireOpen();
            SoftRegistrationCache cache = new SoftRegistrationCache(new DomainCacheHost(this, device), options);
            caches.add(cache);
            return cache;
        }
    }

    void forget(SoftRegistrationCache cache) {
        synchronized (lock) {
            caches.remove(cache);
        }
    }

    @Override
    public SharedReceiveQueue createSharedReceiveQueue(SharedReceiveQueueOptions options) {
        synchronized (lock) {
            requireOpen();
            SoftSharedReceiveQueue queue = device.createSharedReceiveQueue(this, options);
            sharedReceiveQueues.add(queue);
            return queue;
        }
    }

    void forget(SoftSharedReceiveQueue queue) {
        synchronized (lock) {
            sharedReceiveQueues.remove(queue);
        }
    }

    @Override
    public QueuePair createQueuePair(QueuePairOptions options) {
        synchronized (lock) {
            requireOpen();
            SoftQueuePair queuePair = device.createQueuePair(this, options);
            queuePairs.add(queuePair);
            return queuePair;
        }
    }

    void forget(SoftQueuePair queuePair) {
        synchronized (lock) {
            queuePairs.remove(queuePair);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            List<String> children = new ArrayList<>();
            name(children, regions, "region", "STag", region -> STag.toString(region.stag()));
            name(children, windows, "window", "STag", window -> STag.toString(window.stag()));
            name(children, queuePairs, "queue pair", "number", queuePair -> Integer.toString(queuePair.number()));
            name(
                    children,
                    sharedReceiveQueues,
                    "shared receive queue",
                    "number",
                    queue -> Integer.toString(queue.number()));
            if (!caches.isEmpty()) {
                children.add(caches.size() + (caches.size() == 1 ? " registration cache" : " registration caches"));
            }
            if (!children.isEmpty()) {
                throw new ResourceInUseException(this + " still has " + String.join(" and ", children));
            }
            closed = true;
        }
        device.forget(this);
    }

    /** Closes the queue pairs of the domain. */
    void closeQueuePairs() {
        List<SoftQueuePair> leftQueuePairs;
        synchronized (lock) {
            leftQueuePairs = new ArrayList<>(queuePairs);
        }
        leftQueuePairs.forEach(SoftQueuePair::close);
    }

    /** Closes everything in the domain, then the domain. */
    void closeTree() {
        closeQueuePairs();
        List<SoftSharedReceiveQueue> leftSharedReceiveQueues;
        List<SoftMemoryWindow> leftWindows;
        List<SoftRegistrationCache> leftCaches;
        synchronized (lock) {
            leftSharedReceiveQueues = new ArrayList<>(sharedReceiveQueues);
            leftWindows = new ArrayList<>(windows);
            leftCaches = new ArrayList<>(caches);
        }
        leftSharedReceiveQueues.forEach(SoftSharedReceiveQueue::close);
        // Windows before the regions below them.
        leftWindows.forEach(SoftMemoryWindow::close);
        leftCaches.forEach(SoftRegistrationCache::close);
        List<SoftMemoryRegion> leftRegions;
        synchronized (lock) {
            leftRegions = new ArrayList<>(regions);
        }
        leftRegions.forEach(SoftMemoryRegion::close);
        close();
    }

    /** Adds {@code 2 regions (STag 0x00000100, 0x00000200)} to {@code children}, unless there are none. */
    private static <T> void name(
            List<String> children, Set<T> all, String kind, String by, Function<T, String> nameOf) {
        if (!all.isEmpty()) {
            String names = all.stream().limit(NAMED).map(nameOf).collect(Collectors.joining(", "));
            children.add(all.size() + " " + kind + (all.size() == 1 ? "" : "s") + " (" + by + " " + names
                    + (all.size() > NAMED ? ", ...)" : ")"));
        }
    }

    @Override
    public String toString() {
        return "protection domain " + number;
    }
}
