package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.memory.AdapterBufferPool.Use;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Adapter buffer pool")
class AdapterBufferPoolTest {
    private static final int OCTETS = 256;
    private static final int CAPACITY = 19;

    private final AdapterBufferPool pool = new AdapterBufferPool(OCTETS, CAPACITY);

    @Test
    void givesEachBufferOnceUntilItIsExhausted() {
        Set<StagingBuffer> given = new HashSet<>();
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(pool.inUse()).isEqualTo(i);
            StagingBuffer buffer = pool.acquire(7, Use.TRANSMIT);
            buffer.octets(7, Use.TRANSMIT).putInt(0, i);
            assertThat(given.add(buffer)).isTrue();
        }
        assertThat(pool.acquire(7, Use.TRANSMIT)).isNull();
        Set<Integer> contents = new HashSet<>();
        for (StagingBuffer buffer : given) {
            contents.add(buffer.octets(7, Use.TRANSMIT).getInt(0));
            pool.release(buffer, 7);
        }
        assertThat(contents).hasSize(CAPACITY);
        assertThat(pool.whole()).isTrue();
        assertThat(pool.acquire(8, Use.RECEIVE)).isNotNull();
        assertThat(pool.whole()).isFalse();
        assertThat(pool.capacity()).isEqualTo(CAPACITY);
    }

    @Test
    void givesClearedDirectBuffersOfTheOneSize() {
        StagingBuffer first = pool.acquire(1, Use.RECEIVE);
        first.octets(1, Use.RECEIVE).position(5).limit(9).order(ByteOrder.BIG_ENDIAN);
        pool.release(first, 1);
        ByteBuffer octets = pool.acquire(1, Use.RECEIVE).octets(1, Use.RECEIVE);
        assertThat(octets.isDirect()).isTrue();
        assertThat(octets.position()).isZero();
        assertThat(octets.remaining()).isEqualTo(OCTETS).isEqualTo(pool.bufferOctets());
    }

    @Test
    void refusesOthersThanTheOwnerAndOtherUses() {
        StagingBuffer buffer = pool.acquire(3, Use.RECEIVE);
        assertThat(buffer.owner()).isEqualTo(3);
        assertThat(buffer.use()).isEqualTo(Use.RECEIVE);
        assertThatThrownBy(() -> buffer.octets(4, Use.RECEIVE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("queue pair 4 wants a staging buffer for RECEIVE, but it is queue pair 3's for RECEIVE");
        assertThatThrownBy(() -> buffer.octets(3, Use.TRANSMIT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pool.release(buffer, 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("queue pair 4 releases a staging buffer that is queue pair 3's for RECEIVE");
        assertThat(pool.inUse()).isEqualTo(1);
        pool.release(buffer, 3);
    }

    @Test
    void refusesToTakeABufferTwice() {
        StagingBuffer buffer = pool.acquire(3, Use.INLINE);
        pool.release(buffer, 3);
        assertThatThrownBy(() -> pool.release(buffer, 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("queue pair 3 releases a staging buffer that is free");
        assertThatThrownBy(() -> buffer.octets(3, Use.INLINE)).isInstanceOf(IllegalStateException.class);
        assertThat(buffer.use()).isNull();
        assertThat(pool.whole()).isTrue();
    }

    @Test
    void refusesABufferOfAnotherPool() {
        StagingBuffer buffer = new AdapterBufferPool(OCTETS, 1).acquire(3, Use.INLINE);
        assertThatThrownBy(() -> pool.release(buffer, 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another device's pool");
    }

    @Test
    void refusesWrongArguments() {
        assertThatThrownBy(() -> pool.acquire(-1, Use.RECEIVE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdapterBufferPool(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdapterBufferPool(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Timeout(60)
    void noTwoThreadsEverHaveTheSameBuffer() throws Exception {
        int threads = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int queuePair = thread;
                results.add(executor.submit(() -> acquireAndRelease(queuePair)));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(pool.whole()).isTrue();
    }

    private int acquireAndRelease(int queuePair) {
        int acquired = 0;
        for (int round = 0; round < 5000; round++) {
            StagingBuffer[] mine = new StagingBuffer[6];
            for (int i = 0; i < mine.length; i++) {
                mine[i] = pool.acquire(queuePair, Use.TRANSMIT);
                if (mine[i] != null) {
                    acquired++;
                    mine[i].octets(queuePair, Use.TRANSMIT).putInt(0, queuePair);
                }
            }
            for (StagingBuffer buffer : mine) {
                if (buffer != null) {
                    assertThat(buffer.octets(queuePair, Use.TRANSMIT).getInt(0)).isEqualTo(queuePair);
                    pool.release(buffer, queuePair);
                }
            }
        }
        return acquired;
    }
}
