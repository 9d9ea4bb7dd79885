package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.TranslationMode;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Looking an entry up and checking an access allocates nothing, whether the access is allowed or refused. */
@DisplayName("Allocation of lookup and check")
class LookupAllocationTest {
    private static final int OCTETS = 1 << 20;
    private static final int STEPS = 100_000;

    /** Until its code is compiled, a pass may allocate; what a lookup costs shows in every pass. */
    private static final int MOST_PASSES = 10;

    /** The meter's own answers and the compiler's traces; less than the smallest object in 500 steps. */
    private static final long TOLERATED_OCTETS = 16 * STEPS / 500;

    private final MemoryTranslationProtectionTable table = Regions.table();
    private final MemoryUser user = Regions.user();
    private final MemoryUser stranger = Regions.user(Regions.DOMAIN + 1, RemoteAccessPolicy.REGIONS_AND_WINDOWS);

    @ParameterizedTest
    @EnumSource(TranslationMode.class)
    void isNone(TranslationMode mode) {
        TableEntry region = table.register(
                Regions.DOMAIN,
                List.of(ByteBuffer.allocateDirect(OCTETS)),
                Regions.ALL_RIGHTS.withPageOctets(4096).withTranslationMode(mode));
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int warm = refusals(region);
        meter.getThreadAllocatedBytes(thread);
        int refused = 0;
        long allocated = Long.MAX_VALUE;
        for (int pass = 0; pass < MOST_PASSES && allocated >= TOLERATED_OCTETS; pass++) {
            long before = meter.getThreadAllocatedBytes(thread);
            refused = refusals(region);
            allocated = meter.getThreadAllocatedBytes(thread) - before;
        }

        assertThat(allocated).isLessThan(TOLERATED_OCTETS);
        assertThat(refused).isEqualTo(warm).isEqualTo(5 * STEPS);
    }

    /** Makes accesses of which two in each round are allowed; returns how many were refused. */
    private int refusals(TableEntry region) {
        int stag = region.stag();
        int refused = 0;
        for (int step = 0; step < STEPS; step++) {
            long address = region.startAddress() + step * 37L % (OCTETS - 64);
            refused += refused(remote(stag, address, 64, user));
            refused += refused(local(stag, address));
            refused += refused(remote(stag ^ 1, address, 64, user));
            refused += refused(remote(stag ^ 0x100, address, 64, user));
            refused += refused(remote(stag, address, 64, stranger));
            refused += refused(remote(stag, address, OCTETS + 1, user));
            refused += refused(remote(stag, -1, 64, user));
        }
        return refused;
    }

    private FailedCheck remote(int stag, long address, long length, MemoryUser by) {
        return AccessCheck.remote(table.lookup(stag), stag, address, length, by, AccessFlag.REMOTE_WRITE);
    }

    private FailedCheck local(int stag, long address) {
        return AccessCheck.local(table.lookup(stag), stag, address, 64, Regions.DOMAIN, AccessFlag.LOCAL_READ);
    }

    private static int refused(FailedCheck failed) {
        return failed == null ? 0 : 1;
    }
}
