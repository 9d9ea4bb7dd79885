package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.engine.VirtualLoop;
import io.verbena.verbs.BufferUse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Waiting for buffers of the pool")
class WaitingForBuffersTest {
    private static final int OCTETS = 256;

    private final List<Integer> told = new ArrayList<>();
    private final VirtualLoop loop = new VirtualLoop() {
        @Override
        public void execute(Runnable task) {
            task.run();
        }
    };

    private BufferWaiter toReceive(int owner) {
        return BufferWaiter.toReceive(loop, owner, () -> told.add(owner));
    }

    @Test
    void givesToWhoCameFirstAndLetsNobodyOvertake() {
        AdapterBufferPool pool = new AdapterBufferPool(OCTETS, 1);
        StagingBuffer only = pool.acquire(1, BufferUse.SEND_OUT);
        BufferWaiter second = toReceive(2);
        BufferWaiter third = toReceive(3);
        assertThat(pool.acquireOrWait(second)).isNull();
        assertThat(pool.acquireOrWait(third)).isNull();
        assertThat(pool.acquireOrWait(second)).isNull();
        assertThat(pool.snapshot().waiting()).isEqualTo(2);
        assertThat(pool.streamsWait()).isTrue();
        assertThat(pool.release(only, 1)).isTrue();
        assertThat(told).containsExactly(2);
        assertThat(only.owner()).isEqualTo(2);
        assertThat(pool.acquire(4, BufferUse.SEND_IN)).isNull();
        assertThat(pool.acquireOrWait(second)).isSameAs(only);
        pool.release(only, 2);
        assertThat(told).containsExactly(2, 3);
        assertThat(pool.acquireOrWait(third)).isSameAs(only);
        pool.release(only, 3);
        assertThat(pool.whole()).isTrue();
        assertThat(pool.streamsWait()).isFalse();
        assertThat(pool.snapshot().waits()).isEqualTo(2);
    }

    @Test
    void whoLeavesTheLineGivesUpWhatItWasGiven() {
        AdapterBufferPool pool = new AdapterBufferPool(OCTETS, 1);
        StagingBuffer only = pool.acquire(1, BufferUse.SEND_OUT);
        BufferWaiter second = toReceive(2);
        BufferWaiter third = toReceive(3);
        pool.acquireOrWait(second);
        pool.acquireOrWait(third);
        pool.release(only, 1);
        assertThat(pool.cancel(second)).isTrue();
        assertThat(pool.cancel(second)).isFalse();
        assertThat(told).containsExactly(2, 3);
        assertThat(pool.cancel(third)).isTrue();
        assertThat(pool.whole()).isTrue();
    }

    @Test
    void aTypeAtItsMaximumDoesNotKeepTheOtherWaiting() {
        AdapterBufferPool pool = new AdapterBufferPool(new PoolSizes(OCTETS, 64, 4, 2, 1, 0));
        StagingBuffer received = pool.acquire(1, BufferUse.SEND_IN);
        assertThat(pool.acquireOrWait(toReceive(2))).isNull();
        assertThat(pool.acquireOrWait(BufferWaiter.toSend(loop, 3, () -> told.add(3))))
                .isNotNull();
        StagingBuffer sent = pool.acquire(1, BufferUse.SEND_OUT);
        BufferWaiter sender = BufferWaiter.toSend(loop, 4, () -> told.add(4));
        assertThat(pool.acquireOrWait(sender)).isNull();
        pool.release(sent, 1);
        assertThat(told).containsExactly(4);
        pool.release(received, 1);
        assertThat(told).containsExactly(4, 2);
    }

    @Test
    void theFirstWhoWaitsHasWhatIsKeptUnusedCalledIn() {
        AdapterBufferPool pool = new AdapterBufferPool(OCTETS, 1);
        int keeper = BufferOwner.loop(0);
        StagingBuffer kept = pool.acquire(keeper, BufferUse.DEPARTING);
        pool.onShortage(() -> pool.release(kept, keeper));
        BufferWaiter waiter = toReceive(2);
        assertThat(pool.acquireOrWait(waiter)).isNull();
        assertThat(told).containsExactly(2);
        assertThat(pool.acquireOrWait(waiter)).isSameAs(kept);
    }

    @Test
    void inlineDataLeavesBuffersToFrameIt() {
        AdapterBufferPool pool = new AdapterBufferPool(new PoolSizes(OCTETS, OCTETS, 4, 3, 3, 2));
        assertThat(pool.acquireSmall(1, BufferUse.INLINE)).isNotNull();
        assertThat(pool.acquireSmall(1, BufferUse.INLINE)).isNull();
        assertThat(pool.acquire(1, BufferUse.SEND_OUT)).isNotNull();
        assertThat(pool.acquire(1, BufferUse.SEND_OUT)).isNotNull();
    }
}
