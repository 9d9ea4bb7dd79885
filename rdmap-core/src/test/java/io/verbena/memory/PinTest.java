package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing touches the octets once deregistering has returned (VRB-MR-08). */
@DisplayName("Pins and deregistering")
@Timeout(60)
class PinTest {
    private static final int WRITERS = 3;
    private static final int ROUNDS = 1000;
    private static final int OCTETS = 64;

    private final MemoryTranslationProtectionTable table = Regions.table();

    @Test
    void pinsOnlyAValidEntryUnderItsOwnTag() {
        TableEntry region = Regions.region(table, 1);
        assertThat(region.pin(region.stag() ^ 1)).isFalse();
        assertThat(region.pin(region.stag())).isTrue();
        assertThat(region.pin(region.stag())).isTrue();
        region.unpin();
        region.unpin();
        table.deregister(region);
        assertThat(region.pin(region.stag())).isFalse();
    }

    @Test
    void deregisteringWaitsForThePins() throws Exception {
        TableEntry region = Regions.region(table, 1);
        assertThat(region.pin(region.stag())).isTrue();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> deregistered = other.submit(() -> table.deregister(region));
            Awaitility.await().until(() -> !region.valid());
            assertThat(region.pin(region.stag())).isFalse();
            assertThat(deregistered.isDone()).isFalse();
            region.unpin();
            deregistered.get(30, TimeUnit.SECONDS);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void octetsAreLeftAloneOnceDeregisteringHasReturned() throws Exception {
        AtomicReference<TableEntry> current = new AtomicReference<>(Regions.region(table, OCTETS));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Long>> results = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                results.add(writers.submit(() -> writeUntil(stop, current)));
            }
            ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
            for (int round = 0; round < ROUNDS; round++) {
                TableEntry next = table.register(Regions.DOMAIN, List.of(memory), Regions.ALL_RIGHTS);
                table.deregister(current.getAndSet(next));
                table.deregister(next);
                for (int i = 0; i < OCTETS; i++) {
                    memory.put(i, (byte) 0);
                }
                for (int i = 0; i < OCTETS; i++) {
                    assertThat(memory.get(i)).as("round %d, octet %d", round, i).isZero();
                }
            }
            stop.set(true);
            for (Future<Long> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            stop.set(true);
            writers.shutdownNow();
        }
    }

    private static long writeUntil(AtomicBoolean stop, AtomicReference<TableEntry> current) {
        ByteBuffer ones = ByteBuffer.allocate(OCTETS);
        for (int i = 0; i < OCTETS; i++) {
            ones.put(i, (byte) 1);
        }
        MemoryCursor cursor = new MemoryCursor();
        long attempts = 0;
        while (!stop.get()) {
            TableEntry region = current.get();
            attempts++;
            if (region.pin(region.stag())) {
                cursor.reset(region, region.startAddress(), OCTETS);
                cursor.copyIn(ones, 0, OCTETS);
                region.unpin();
            }
        }
        return attempts;
    }
}
