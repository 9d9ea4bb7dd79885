package io.verbena.memory;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteAccessPolicy;
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
        return table(1000, 1000, StagPolicy.UNPREDICTABLE, WindowLifetime.UNTIL_INVALIDATED, 1);
    }

    static MemoryTranslationProtectionTable table(int maxRegions, StagPolicy policy, long seed) {
        return table(maxRegions, 0, policy, WindowLifetime.UNTIL_INVALIDATED, seed);
    }

    static MemoryTranslationProtectionTable table(
            int maxRegions, int maxWindows, StagPolicy policy, WindowLifetime lifetime, long seed) {
        return new MemoryTranslationProtectionTable(
                new TableLimits(maxRegions, maxWindows, 512, 512 * 512), policy, lifetime, new SplittableRandom(seed));
    }

    /** Returns a queue pair of {@link #DOMAIN}. */
    static MemoryUser user() {
        return user(DOMAIN, RemoteAccessPolicy.REGIONS_AND_WINDOWS);
    }

    static MemoryUser user(int domain, RemoteAccessPolicy policy) {
        return new MemoryUser() {
            @Override
            public int protectionDomain() {
                return domain;
            }

            @Override
            public RemoteAccessPolicy remoteAccessPolicy() {
                return policy;
            }
        };
    }

    static TableEntry region(MemoryTranslationProtectionTable table, int octets) {
        return table.register(DOMAIN, List.of(ByteBuffer.allocateDirect(octets)), ALL_RIGHTS);
    }
}
