package io.verbena.testkit.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.DeviceLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(60)
@DisplayName("Buffer pool: snapshot")
class PoolSnapshotTest {
    @Test
    @ConnectedPair
    @Requirement("SYS-POOL-06")
    void sumsUpOnAnIdleDevice(DevicePair pair) {
        BufferPoolSnapshot pool = pair.server().device().queryBufferPool();
        assertThat(pool.capacity()).isEqualTo(DeviceLimits.defaults().stagingBuffers());
        assertThat(pool.bufferOctets()).isEqualTo(DeviceLimits.defaults().stagingBufferOctets());
        assertThat(pool.made()).isEqualTo(pool.free() + pool.owned() + pool.split());
        assertThat(pool.smallMade()).isEqualTo(pool.smallFree() + pool.smallOwned());
        assertThat(pool.owned()).isPositive().isEqualTo(pool.ownedByLoops() + pool.ownedByQueuePairs());
        assertThat(pool.ownedByQueuePairs()).isZero();
    }
}
