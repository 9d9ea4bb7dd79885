package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
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
            StagingBuffer buffer = pool.acquire(7, BufferUse.SEND_OUT);
            buffer.octets().putInt(0, i);
            assertThat(given.add(buffer)).isTrue();
        }
        assertThat(pool.acquire(7, BufferUse.SEND_OUT)).isNull();
        Set<Integer> contents = new HashSet<>();
        for (StagingBuffer buffer : given) {
            contents.add(buffer.octets().getInt(0));
            assertThat(pool.release(buffer, 7)).isTrue();
        }
        assertThat(contents).hasSize(CAPACITY);
        assertThat(pool.whole()).isTrue();
        assertThat(pool.acquire(8, BufferUse.SEND_IN)).isNotNull();
        assertThat(pool.whole()).isFalse();
        assertThat(pool.capacity()).isEqualTo(CAPACITY);
    }

    @Test
    void givesClearedDirectBuffersOfTheOneSize() {
        StagingBuffer first = pool.acquire(1, BufferUse.SEND_IN);
        first.octets().position(5).limit(9).order(ByteOrder.BIG_ENDIAN);
        pool.release(first, 1);
        ByteBuffer octets = pool.acquire(1, BufferUse.SEND_IN).octets();
        assertThat(octets.isDirect()).isTrue();
        assertThat(octets.position()).isZero();
        assertThat(octets.remaining()).isEqualTo(OCTETS).isEqualTo(pool.bufferOctets());
    }

    @Test
    void admitsItsOwnerAndTheRecordedUsesAlone() {
        StagingBuffer buffer = pool.acquire(3, BufferUse.WRITE_OUT);
        assertThat(buffer.admits(3, BufferUse.WRITE_OUT.bit())).isTrue();
        assertThat(buffer.admits(4, BufferUse.WRITE_OUT.bit())).isFalse();
        assertThat(buffer.admits(3, BufferUse.SEND_OUT.bit())).isFalse();
        assertThat(buffer.extend(4, BufferUse.SEND_OUT)).isFalse();
        assertThat(buffer.extend(3, BufferUse.SEND_IN)).isFalse();
        assertThat(buffer.extend(3, BufferUse.SEND_OUT)).isTrue();
        assertThat(buffer.admits(3, BufferUse.WRITE_OUT.bit() | BufferUse.SEND_OUT.bit()))
                .isTrue();
        assertThat(buffer.admits(3, BufferUse.WRITE_OUT.bit() | BufferUse.READ_RESPONSE_OUT.bit()))
                .isFalse();
        assertThat(buffer.reuse(4, BufferUse.SEND_OUT)).isFalse();
        assertThat(buffer.reuse(3, BufferUse.TERMINATE_OUT)).isTrue();
        assertThat(buffer.admits(3, BufferUse.WRITE_OUT.bit())).isFalse();
        assertThat(buffer.holder()).isEqualTo("queue pair 3's for TERMINATE_OUT");
    }

    @Test
    void isReleasedByItsOwnerOnceAndByNobodyElse() {
        StagingBuffer buffer = pool.acquire(3, BufferUse.SEND_IN);
        assertThat(pool.release(buffer, 4)).isFalse();
        assertThat(pool.inUse()).isEqualTo(1);
        assertThat(pool.release(buffer, 3)).isTrue();
        assertThat(pool.release(buffer, 3)).isFalse();
        assertThat(pool.release(buffer, BufferOwner.NOBODY)).isFalse();
        assertThat(buffer.admits(BufferOwner.NOBODY, BufferUse.SEND_IN.bit())).isFalse();
        assertThat(buffer.holder()).isEqualTo("free");
        assertThat(pool.whole()).isTrue();
        StagingBuffer foreign = new AdapterBufferPool(OCTETS, 1).acquire(3, BufferUse.INLINE);
        assertThat(pool.release(foreign, 3)).isFalse();
    }

    @Test
    void passesBetweenALoopAndItsQueuePairs() {
        int loop = BufferOwner.loop(2);
        StagingBuffer buffer = pool.acquire(loop, BufferUse.ARRIVING);
        assertThat(buffer.holder()).isEqualTo("event loop 2's for ARRIVING");
        assertThat(buffer.handOver(5, 6, BufferUse.SEND_IN)).isFalse();
        assertThat(buffer.handOver(loop, 5, BufferUse.SEND_IN)).isTrue();
        assertThat(pool.release(buffer, loop)).isFalse();
        assertThat(buffer.admits(5, BufferUse.SEND_IN.bit())).isTrue();
        assertThat(pool.release(buffer, 5)).isTrue();
    }

    @Test
    void whatAQueuePairThatIsNoMoreStillHasComesBack() {
        StagingBuffer strayed = pool.acquire(3, BufferUse.SEND_IN);
        assertThat(pool.handOver(strayed, 3, 4)).isTrue();
        assertThat(pool.handOver(strayed, 3, 4)).isFalse();
        StagingBuffer small = pool.acquireSmall(4, BufferUse.INLINE);
        assertThat(small).isNotNull();
        assertThat(pool.owned(4)).containsExactlyInAnyOrder(strayed, small);
        pool.releaseAll(3);
        assertThat(pool.whole()).isFalse();
        assertThat(pool.holders()).contains("queue pair 4's for SEND_IN", "queue pair 4's for INLINE");
        pool.releaseAll(4);
        assertThat(pool.whole()).isTrue();
    }

    @Test
    void givesNoMoreForATypeThanItsMaximum() {
        AdapterBufferPool limited = new AdapterBufferPool(new PoolSizes(OCTETS, 64, 6, 2, 3, 0));
        StagingBuffer first = limited.acquire(1, BufferUse.SEND_OUT);
        assertThat(limited.acquireSmall(1, BufferUse.INLINE)).isNotNull();
        assertThat(limited.acquire(1, BufferUse.SEND_OUT)).isNull();
        for (int i = 0; i < 3; i++) {
            assertThat(limited.acquire(1, BufferUse.WRITE_IN)).isNotNull();
        }
        assertThat(limited.acquire(1, BufferUse.WRITE_IN)).isNull();
        limited.release(first, 1);
        assertThat(limited.acquire(1, BufferUse.SEND_OUT)).isNotNull();
        BufferPoolSnapshot snapshot = limited.snapshot();
        assertThat(snapshot.transmit()).isEqualTo(2);
        assertThat(snapshot.receive()).isEqualTo(3);
    }

    @Test
    void splitsABufferAndJoinsItAgain() {
        AdapterBufferPool split = new AdapterBufferPool(new PoolSizes(OCTETS, 64, 2, 2, 2, 0));
        List<StagingBuffer> parts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            StagingBuffer part = split.acquireSmall(9, BufferUse.INLINE);
            assertThat(part.octets().capacity()).isEqualTo(64);
            part.octets().putInt(0, i);
            parts.add(part);
        }
        assertThat(split.acquireSmall(9, BufferUse.INLINE)).isNull();
        assertThat(split.acquire(9, BufferUse.SEND_OUT)).isNull();
        for (int i = 0; i < 8; i++) {
            assertThat(parts.get(i).octets().getInt(0)).isEqualTo(i);
        }
        assertThat(split.snapshot().split()).isEqualTo(2);
        for (int i = 0; i < 4; i++) {
            split.release(parts.get(i), 9);
        }
        assertThat(split.inUse()).isEqualTo(1);
        StagingBuffer whole = split.acquire(9, BufferUse.SEND_IN);
        assertThat(whole).isNotNull();
        assertThat(split.acquireSmall(9, BufferUse.INLINE)).isNull();
        split.release(parts.get(7), 9);
        StagingBuffer again = split.acquireSmall(9, BufferUse.INLINE);
        assertThat(again).isNotNull();
        split.release(again, 9);
        for (int i = 4; i < 7; i++) {
            split.release(parts.get(i), 9);
        }
        split.release(whole, 9);
        assertThat(split.whole()).isTrue();
        assertThat(split.snapshot().smallMade()).isZero();
    }

    /** A part that came back hid another one that was still out. */
    @Test
    void countsThePartsThatAreOutInWhateverOrderTheyComeBack() {
        StagingBuffer first = pool.acquireSmall(1, BufferUse.INLINE);
        pool.acquireSmall(2, BufferUse.INLINE);
        pool.release(first, 1);
        BufferPoolSnapshot snapshot = pool.snapshot();
        assertThat(snapshot.smallOwned()).isEqualTo(1);
        assertThat(snapshot.queuePair(1).smallBuffers()).isZero();
        assertThat(snapshot.queuePair(2).smallBuffers()).isEqualTo(1);
    }

    @Test
    void sumsUpInASnapshot() {
        StagingBuffer one = pool.acquire(BufferOwner.loop(0), BufferUse.ARRIVING);
        StagingBuffer two = pool.acquire(4, BufferUse.WRITE_OUT);
        two.extend(4, BufferUse.SEND_OUT);
        pool.acquireSmall(4, BufferUse.INLINE);
        BufferPoolSnapshot snapshot = pool.snapshot();
        assertThat(snapshot.made()).isEqualTo(snapshot.free() + snapshot.owned() + snapshot.split());
        assertThat(snapshot.made()).isEqualTo(snapshot.free() + snapshot.transmit() + snapshot.receive());
        assertThat(snapshot.smallMade()).isEqualTo(snapshot.smallFree() + snapshot.smallOwned());
        assertThat(snapshot.holdings())
                .containsExactlyInAnyOrder(
                        new BufferPoolSnapshot.Holding(true, 0, 1, 0), new BufferPoolSnapshot.Holding(false, 4, 1, 1));
        assertThat(snapshot.used(BufferUse.SEND_OUT)).isEqualTo(1);
        assertThat(snapshot.used(BufferUse.WRITE_OUT)).isEqualTo(1);
        assertThat(snapshot.used(BufferUse.INLINE)).isEqualTo(1);
        assertThat(one.uses()).isEqualTo(BufferUse.ARRIVING.bit());
    }

    @Test
    void refusesWrongArguments() {
        assertThatThrownBy(() -> pool.acquire(BufferOwner.NOBODY, BufferUse.SEND_IN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdapterBufferPool(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdapterBufferPool(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PoolSizes(10, 11, 1, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PoolSizes(10, 10, 1, 0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
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
                mine[i] = pool.acquire(queuePair, BufferUse.SEND_OUT);
                if (mine[i] != null) {
                    acquired++;
                    mine[i].octets().putInt(0, queuePair);
                }
            }
            for (StagingBuffer buffer : mine) {
                if (buffer != null) {
                    assertThat(buffer.octets().getInt(0)).isEqualTo(queuePair);
                    assertThat(pool.release(buffer, queuePair)).isTrue();
                }
            }
        }
        return acquired;
    }
}
