package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.WindowType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a loop allocates for the memory requests of a send queue: an incarnation each, and nothing to invalidate it. */
@DisplayName("Allocation of fast registration, binding and invalidation")
class TableAllocationTest {
    private static final int ROUNDS = 20_000;

    /** Until its code is compiled, a pass may allocate more; what a request costs shows in every pass. */
    private static final int MOST_PASSES = 10;

    /** The meter's own answers and the compiler's traces; less than the smallest object in 100 rounds. */
    private static final long TOLERATED_OCTETS = 16 * ROUNDS / 100;

    private final MemoryTranslationProtectionTable table = Regions.table();
    private final MemoryUser queuePair = Regions.user();
    private final ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long processingOctets;
    private long invalidatingOctets;

    private void measure(IntSupplier round) {
        long thread = Thread.currentThread().getId();
        invalidatingOctets = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int stag = round.getAsInt();
            long between = meter.getThreadAllocatedBytes(thread);
            if (table.invalidate(stag, Regions.DOMAIN, queuePair, Invalidator.LOCAL) != null) {
                throw new AssertionError("the invalidate was refused");
            }
            invalidatingOctets += meter.getThreadAllocatedBytes(thread) - between;
        }
    }

    @Test
    void aFastRegistrationIsOneEntry() {
        TagRecord region = table.allocateRegion(Regions.DOMAIN, 4, true);
        List<ByteBuffer> octets = List.of(ByteBuffer.allocate(64));
        for (int pass = 0; pass < 2 || invalidatingOctets >= TOLERATED_OCTETS && pass < MOST_PASSES; pass++) {
            processingOctets = 0;
            measure(() -> {
                PreparedRegistration prepared = table.prepareRegistration(region, octets, Regions.ALL_RIGHTS);
                long thread = Thread.currentThread().getId();
                long before = meter.getThreadAllocatedBytes(thread);
                table.fastRegister(prepared, Regions.DOMAIN);
                processingOctets += meter.getThreadAllocatedBytes(thread) - before;
                return prepared.stag();
            });
        }
        assertThat(processingOctets / ROUNDS).as("octets for each registration").isBetween(48L, 128L);
        assertThat(invalidatingOctets).isLessThan(TOLERATED_OCTETS);
    }

    @Test
    void aBindingIsAnEntryAndItsPlaceInTwoLists() {
        TableEntry region = Regions.region(table, 100);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        for (int pass = 0; pass < 2 || invalidatingOctets >= TOLERATED_OCTETS && pass < MOST_PASSES; pass++) {
            processingOctets = 0;
            measure(() -> {
                PreparedBinding prepared = table.prepareBinding(
                        window, region.record(), 0, 10, false, EnumSet.of(AccessFlag.REMOTE_WRITE));
                long thread = Thread.currentThread().getId();
                long before = meter.getThreadAllocatedBytes(thread);
                table.bind(prepared, Regions.DOMAIN, queuePair, 1);
                processingOctets += meter.getThreadAllocatedBytes(thread) - before;
                return prepared.stag();
            });
        }
        assertThat(processingOctets / ROUNDS).as("octets for each binding").isBetween(96L, 256L);
        assertThat(invalidatingOctets).isLessThan(TOLERATED_OCTETS);
    }
}
