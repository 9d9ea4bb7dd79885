package io.verbena.memory;

import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts who has the buffers of a pool and what for, for a snapshot. Not thread-safe. */
final class PoolCensus {
    private final Map<Integer, int[]> owners = new TreeMap<>();
    private final Map<BufferUse, Integer> uses = new EnumMap<>(BufferUse.class);

    /** Counts a whole buffer, and its parts. */
    void count(StagingBuffer whole) {
        countOne(whole);
        if (whole.parts != null) {
            for (StagingBuffer part : whole.parts) {
                countOne(part);
            }
        }
    }

    private void countOne(StagingBuffer buffer) {
        int owner = buffer.owner();
        if (owner == BufferOwner.NOBODY) {
            return;
        }
        owners.computeIfAbsent(owner, unknown -> new int[2])[buffer.whole() == null ? 0 : 1]++;
        int bits = buffer.uses();
        for (BufferUse use : BufferUse.values()) {
            if ((bits & use.bit()) != 0) {
                uses.merge(use, 1, Integer::sum);
            }
        }
    }

    List<BufferPoolSnapshot.Holding> holdings() {
        List<BufferPoolSnapshot.Holding> holdings = new ArrayList<>();
        owners.forEach((owner, counts) -> holdings.add(new BufferPoolSnapshot.Holding(
                BufferOwner.isLoop(owner), BufferOwner.number(owner), counts[0], counts[1])));
        return holdings;
    }

    Map<BufferUse, Integer> uses() {
        return uses;
    }
}
