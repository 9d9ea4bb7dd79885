package io.verbena.testkit.accounts;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.STag;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One of the two devices: its memory, its queues, and the events that the model waits for. */
final class Host {
    private static final int SINK_OCTETS = 2048;
    private static final int REVOCABLE_OCTETS = 64;

    /** A region that peers may revoke by a Send with Invalidate. */
    static final class Revocable {
        private final MemoryRegion region;
        final int stag;
        private boolean valid = true;

        private Revocable(MemoryRegion region) {
            this.region = region;
            stag = region.stag();
        }
    }

    final String name;
    final Device device;
    final ProtectionDomain domain;
    final MemoryRegion pattern;
    final Places sinks;
    final Places targets;
    final Map<Integer, End> ends = new LinkedHashMap<>();
    final List<ModelQueue> queues = new ArrayList<>();
    final List<ModelCompletions> completions = new ArrayList<>();
    final List<Revocable> revocables = new ArrayList<>();
    private final Map<Integer, Revocable> byIndex = new LinkedHashMap<>();
    private final Deque<String> expected = new ArrayDeque<>();

    Host(String name, Device device, int links, int targetOctets) {
        this.name = name;
        this.device = device;
        domain = device.allocateProtectionDomain();
        pattern = domain.register(Pattern.all(), AccessFlag.REMOTE_READ);
        sinks = new Places(domain, 2 * links, SINK_OCTETS, AccessFlag.LOCAL_WRITE);
        targets = new Places(domain, links, targetOctets, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
    }

    ModelCompletions addCompletionQueue(int capacity) {
        ModelCompletions added = new ModelCompletions(device.createCompletionQueue(capacity));
        completions.add(added);
        return added;
    }

    // ---- regions that can be revoked ----

    void addRevocable() {
        Revocable added =
                new Revocable(domain.register(ByteBuffer.allocateDirect(REVOCABLE_OCTETS), AccessFlag.REMOTE_READ));
        revocables.add(added);
        byIndex.put(STag.index(added.stag), added);
    }

    /** Puts a new region in the place of one, perhaps with its Tag Index. */
    void replaceRevocable(int which) {
        Revocable old = revocables.remove(which);
        byIndex.remove(STag.index(old.stag));
        old.region.close();
        addRevocable();
    }

    /** Returns whether a peer may invalidate what an STag leads to; what is invalid already has no key to compare with. */
    boolean mayInvalidate(int stag) {
        Revocable found = byIndex.get(STag.index(stag));
        return found != null && (!found.valid || found.stag == stag);
    }

    void invalidated(int stag) {
        byIndex.get(STag.index(stag)).valid = false;
    }

    // ---- events ----

    /** An event has to come next. */
    void expect(AsyncEvent.Kind kind, int queuePairNumber) {
        expected.add(words(kind, queuePairNumber));
    }

    void onAsyncEvent(AsyncEvent event) {
        switch (event.kind()) {
            case SHARED_RECEIVE_QUEUE_LOW, RECEIVE_LIMIT_REACHED, MESSAGE_DROPPED, LAST_RECEIVE_REACHED -> {
                String next = expected.poll();
                if (!words(event.kind(), event.queuePairNumber()).equals(next)) {
                    throw new AssertionError(name + ": " + event + "; the model has " + next);
                }
            }
            case STREAM_INTEGRITY, REMOTE_PROTECTION, REMOTE_OPERATION, QUEUE_PAIR_CATASTROPHIC ->
                throw new AssertionError(name + ": nothing called for " + event);
            default -> {
                // Connections end for many reasons; which ones do is looked at in their queue pairs.
            }
        }
    }

    private static String words(AsyncEvent.Kind kind, int queuePairNumber) {
        return kind + " " + queuePairNumber;
    }

    // ---- comparing ----

    /** Compares what the walk can have changed with one step. */
    void check() {
        if (!expected.isEmpty()) {
            throw new AssertionError(name + ": did not tell " + expected);
        }
        queues.forEach(ModelQueue::check);
        completions.forEach(ModelCompletions::check);
    }

    /** Compares the rest: it costs more. */
    void checkThoroughly() {
        ends.values().forEach(End::check);
        for (Revocable each : revocables) {
            if (each.region.valid() != each.valid) {
                throw new AssertionError(
                        name + ": region " + STag.toString(each.stag) + " is " + (each.valid ? "not valid" : "valid"));
            }
        }
        if (device.query().queuePairs() != ends.size() || device.query().completionQueues() != completions.size()) {
            throw new AssertionError(name + " has " + device.query() + ", the model " + ends.size()
                    + " queue pairs and " + completions.size() + " completion queues");
        }
        checkPool();
    }

    private void checkPool() {
        BufferPoolSnapshot pool = device.queryBufferPool();
        int owned = 0;
        int smallOwned = 0;
        for (BufferPoolSnapshot.Holding holding : pool.holdings()) {
            owned += holding.buffers();
            smallOwned += holding.smallBuffers();
            if (!holding.loop() && !ends.containsKey(holding.number())) {
                throw new AssertionError(name + ": a queue pair that is gone has buffers: " + holding);
            }
        }
        if (pool.made() != pool.free() + owned + pool.split()
                || pool.smallMade() != pool.smallFree() + smallOwned
                || pool.made() > pool.capacity()) {
            throw new AssertionError(name + ": buffers are not free + owned: " + pool);
        }
    }

    /** Closes what is left, which has to be nothing but memory and queues, and looks whether the tables are empty. */
    void close() {
        queues.forEach(each -> each.queue.close());
        completions.forEach(each -> each.queue.close());
        revocables.forEach(each -> each.region.close());
        for (Places places : List.of(sinks, targets)) {
            places.region.close();
        }
        queues.stream().map(each -> each.places).distinct().forEach(places -> places.region.close());
        pattern.close();
        var left = device.query();
        if (left.queuePairs() != 0 || left.completionQueues() != 0 || left.regions() != 0) {
            throw new AssertionError(name + ": something is left: " + left);
        }
        if (!device.streams().isEmpty()) {
            throw new AssertionError(name + ": streams are left: " + device.streams());
        }
        domain.close();
        device.close();
    }
}
