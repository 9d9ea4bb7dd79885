package io.verbena.memory;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.RegionOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** Tables and regions for the tests of this package. */
final class Regions {
    static final int DOMAIN = 3;
    static final RegionOptions READ_WRITE = RegionOptions.access(AccessFlag.LOCAL_WRITE);
    static final RegionOptions ALL_RIGHTS = RegionOptions.access(AccessFlag.values());

    private Regions() {}

    static MemoryTranslationProtectionTable table() {
        return table(1000, StagPolicy.UNPREDICTABLE, 1);
    }

    static MemoryTranslationProtectionTable table(int maxRegions, StagPolicy policy, long seed) {
        return new MemoryTranslationProtectionTable(maxRegions, 512, 512 * 512, policy, new SplittableRandom(seed));
    }

    static RegionEntry region(MemoryTranslationProtectionTable table, int octets) {
        return table.register(DOMAIN, List.of(ByteBuffer.allocateDirect(octets)), ALL_RIGHTS);
    }
}
