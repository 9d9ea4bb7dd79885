package io.verbena.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.RegionOptions;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AddressIndexTest {
    private static final int SEEDS = 50;
    private static final int STEPS = 300;
    private static final int SPACE = 200;

    private final LooseRegion region = new FakeCacheHost().register(ByteBuffer.allocate(1), RegionOptions.defaults());

    /** Addresses lie around the middle of the unsigned numbers, where signed ones wrap. */
    @Test
    void findsWhatASearchThroughAllFinds() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AddressIndex index = new AddressIndex();
            List<CachedRegistration> model = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                long start = Long.MAX_VALUE - SPACE / 2 + random.nextInt(SPACE);
                long end = start + 1 + random.nextInt(30);
                if (random.nextInt(3) == 0 && !model.isEmpty()) {
                    CachedRegistration removed = model.remove(random.nextInt(model.size()));
                    index.remove(removed);
                    index.remove(removed);
                } else {
                    List<CachedRegistration> overlapping = index.overlapping(start, end);
                    assertThat(overlapping)
                            .as("seed %s step %s", seed, step)
                            .containsExactlyInAnyOrderElementsOf(model.stream()
                                    .filter(each -> each.startAddress() - end < 0 && start - each.endAddress() < 0)
                                    .toList());
                    for (CachedRegistration each : overlapping) {
                        if (each.inside(start, end) || each.surrounds(start, end)) {
                            index.remove(each);
                            model.remove(each);
                        }
                    }
                    CachedRegistration added = registration(start, end);
                    index.add(added);
                    model.add(added);
                }
                check(index, model, Long.MAX_VALUE - SPACE / 2 + random.nextInt(SPACE), seed, step);
            }
        }
    }

    private static void check(AddressIndex index, List<CachedRegistration> model, long address, long seed, int step) {
        CachedRegistration found = index.containing(address);
        long farthest = model.stream()
                .filter(each -> each.surrounds(address, address + 1))
                .mapToLong(each -> each.endAddress() - address)
                .max()
                .orElse(0);
        assertThat(found == null ? 0 : found.endAddress() - address)
                .as("seed %s step %s", seed, step)
                .isEqualTo(farthest);
    }

    private CachedRegistration registration(long start, long end) {
        return new CachedRegistration(new Object(), new ReferenceQueue<>(), region, true, start, end - start, false);
    }
}
