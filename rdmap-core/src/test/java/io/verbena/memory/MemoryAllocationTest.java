package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.TranslationMode;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Access to registered memory allocates nothing in steady state. */
@DisplayName("Allocation of memory access")
class MemoryAllocationTest {
    private static final int OCTETS = 1 << 20;
    private static final int STEPS = 20_000;

    /** Until its code is compiled, a pass may allocate; what an access costs shows in every pass. */
    private static final int MOST_PASSES = 10;

    /** The meter's own answers and the compiler's traces; far below one object in a hundred steps. */
    private static final long TOLERATED_OCTETS = STEPS / 10;

    private final MemoryTranslationProtectionTable table = Regions.table();
    private final AdapterBufferPool pool = new AdapterBufferPool(4096, 4);
    private final MemoryCursor cursor = new MemoryCursor();
    private final ViewLender lender = new ViewLender(0);
    private final LentViews views = new LentViews(lender, 64);
    private final CRC32C crc = new CRC32C();
    private final MemoryUser user = Regions.user();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(9000);

    @ParameterizedTest
    @EnumSource(TranslationMode.class)
    void isNone(TranslationMode mode) {
        TableEntry region = table.register(
                Regions.DOMAIN,
                RegionShape.ODD_LENGTHS.buffers(OCTETS, new SplittableRandom(3)),
                Regions.ALL_RIGHTS.withPageOctets(4096).withTranslationMode(mode));
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        access(region);
        long allocated = Long.MAX_VALUE;
        for (int pass = 0; pass < MOST_PASSES && allocated >= TOLERATED_OCTETS; pass++) {
            long before = meter.getThreadAllocatedBytes(thread);
            access(region);
            allocated = meter.getThreadAllocatedBytes(thread) - before;
        }
        assertThat(allocated).isLessThan(TOLERATED_OCTETS);
    }

    private void access(TableEntry region) {
        int stag = region.stag();
        for (int step = 0; step < STEPS; step++) {
            long address = region.startAddress() + step * 37L % (OCTETS - 9000);
            TableEntry found = table.lookup(stag);
            FailedCheck failed = AccessCheck.remote(found, stag, address, 9000, user, AccessFlag.REMOTE_WRITE);
            if (failed != null || !found.pin(stag)) {
                throw new AssertionError("refused: " + failed);
            }
            StagingBuffer staging = pool.acquire(1, BufferUse.ARRIVING);
            cursor.reset(found, address, 9000);
            cursor.copyIn(staging.octets(), 0, 4096);
            cursor.views(views, 4, 1000);
            cursor.checksum(crc, lender, 1000);
            cursor.copyOut(scratch, 0, 1000);
            views.giveBackAll();
            pool.release(staging, 1);
            found.unpin();
        }
    }
}
