package io.verbena.testkit;

import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceAttributes;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.cm.StreamBinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A device of a {@link DevicePair} with what all its connections share: domain, regions, asynchronous events. */
final class PairSide {
    private final Device device;
    private final ProtectionDomain domain;
    private final List<AsyncEvent> events = new CopyOnWriteArrayList<>();
    private final List<MemoryRegion> regions = new ArrayList<>();
    private final List<SharedReceiveQueue> sharedReceiveQueues = new ArrayList<>();
    private final List<MemoryWindow> windows = new ArrayList<>();

    PairSide(DeviceOptions options, Function<DeviceOptions, Device> opener) {
        device = opener.apply(options);
        device.onAsyncEvent(events::add);
        domain = device.allocateProtectionDomain();
    }

    Device device() {
        return device;
    }

    ProtectionDomain domain() {
        return domain;
    }

    List<AsyncEvent> events() {
        return events;
    }

    MemoryRegion adopt(MemoryRegion region) {
        regions.add(region);
        return region;
    }

    MemoryWindow adopt(MemoryWindow window) {
        windows.add(window);
        return window;
    }

    SharedReceiveQueue adopt(SharedReceiveQueue queue) {
        sharedReceiveQueues.add(queue);
        return queue;
    }

    void progress() {
        if (device.query().callerDriven()) {
            device.progress(Duration.ZERO);
        }
    }

    void closeMemory() {
        sharedReceiveQueues.forEach(SharedReceiveQueue::close);
        windows.forEach(MemoryWindow::close);
        regions.forEach(MemoryRegion::close);
        domain.close();
    }

    void requireEmpty() {
        List<StreamBinding> bound = device.streams().stream()
                .filter(binding -> binding.kind() == StreamBinding.Kind.RDMA)
                .toList();
        if (!bound.isEmpty()) {
            throw new AssertionError("device " + device.name() + " still has bound streams: " + bound);
        }
        DeviceAttributes now = device.query();
        if (now.queuePairs() + now.completionQueues() + now.protectionDomains() + now.regions() != 0
                || now.registeredOctets() != 0) {
            throw new AssertionError("device " + now.name() + " still has " + now.queuePairs() + " queue pairs, "
                    + now.completionQueues() + " completion queues, " + now.protectionDomains()
                    + " protection domains, "
                    + now.regions() + " regions of " + now.registeredOctets() + " octets");
        }
    }
}
