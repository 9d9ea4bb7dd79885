package io.verbena.device;

import io.verbena.memory.TableEntry;
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
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A protection domain and the list of its children. Any thread. */
final class SoftProtectionDomain implements ProtectionDomain {
    /** How many children a refusal names. */
    private static final int NAMED = 4;

    private final SoftDevice device;
    private final int number;
    private final Object lock = new Object();
    private final Set<SoftMemoryRegion> regions = new LinkedHashSet<>();
    private final Set<SoftQueuePair> queuePairs = new LinkedHashSet<>();
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
    public MemoryRegion register(List<ByteBuffer> lent, RegionOptions options) {
        synchronized (lock) {
            requireOpen();
            TableEntry entry = device.memory().register(number, lent, options);
            SoftMemoryRegion region = new SoftMemoryRegion(this, entry);
            regions.add(region);
            if (device.events() != null) {
                device.events().onRegionRegistered(device.name(), entry.stag(), entry.lengthOctets());
            }
            return region;
        }
    }

    void deregister(SoftMemoryRegion region) {
        boolean removed;
        synchronized (lock) {
            removed = regions.remove(region);
        }
        if (removed) {
            device.memory().deregister(region.entry());
            if (device.events() != null) {
                device.events().onRegionDeregistered(device.name(), region.stag(), region.lengthOctets());
            }
        }
    }

    @Override
    public MemoryRegion registerShared(MemoryRegion existing, RegionOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemoryRegion allocateRegion(int maxPages, boolean remoteAccess) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemoryWindow allocateWindow(WindowType type) {
        throw new UnsupportedOperationException();
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
            if (!regions.isEmpty()) {
                children.add(regions.size() + (regions.size() == 1 ? " region" : " regions") + " (STag "
                        + names(regions.stream()
                                .map(region -> STag.toString(region.stag()))
                                .toList())
                        + ")");
            }
            if (!queuePairs.isEmpty()) {
                children.add(queuePairs.size() + (queuePairs.size() == 1 ? " queue pair" : " queue pairs") + " (number "
                        + names(queuePairs.stream()
                                .map(queuePair -> Integer.toString(queuePair.number()))
                                .toList())
                        + ")");
            }
            if (!children.isEmpty()) {
                throw new ResourceInUseException(this + " still has " + String.join(" and ", children));
            }
            closed = true;
        }
        device.forget(this);
    }

    /** Closes everything in the domain, then the domain. */
    void closeTree() {
        List<SoftQueuePair> leftQueuePairs;
        List<SoftMemoryRegion> leftRegions;
        synchronized (lock) {
            leftQueuePairs = new ArrayList<>(queuePairs);
            leftRegions = new ArrayList<>(regions);
        }
        leftQueuePairs.forEach(SoftQueuePair::close);
        leftRegions.forEach(SoftMemoryRegion::close);
        close();
    }

    private static String names(List<String> all) {
        String first = String.join(", ", all.subList(0, Math.min(NAMED, all.size())));
        return all.size() > NAMED ? first + ", ..." : first;
    }

    @Override
    public String toString() {
        return "protection domain " + number;
    }
}
