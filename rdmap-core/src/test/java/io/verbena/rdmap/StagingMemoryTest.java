package io.verbena.rdmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.engine.VirtualLoop;
import io.verbena.memory.AdapterBufferPool;
import io.verbena.mpa.wire.MarkerLayout;
import io.verbena.verbs.DeviceLimits;
import org.junit.jupiter.api.Test;

/** Staging buffers are large enough, and come back. */
class StagingMemoryTest {
    @Test
    void theSmallestStagingBufferHoldsTheLargestMarkedFpdu() {
        assertThat(DeviceLimits.MIN_STAGING_BUFFER_OCTETS).isGreaterThanOrEqualTo(MarkerLayout.MAX_FPDU_OCTETS);
    }

    @Test
    void aStreamTakesTheSpareBufferInItsOwnNameAndGivesItBack() {
        AdapterBufferPool pool = new AdapterBufferPool(DeviceLimits.MIN_STAGING_BUFFER_OCTETS, 2);
        LoopResources resources = new LoopResources(new VirtualLoop(), pool);
        PoolStaging first = new PoolStaging(resources, 5);
        PoolStaging second = new PoolStaging(resources, 6);
        assertThat(first.ready()).isTrue();
        var buffer = first.acquire();
        assertThat(buffer.remaining()).isEqualTo(DeviceLimits.MIN_STAGING_BUFFER_OCTETS);
        assertThat(second.ready()).isFalse();
        assertThat(second.acquire()).isNull();
        first.release(buffer.position(100));
        assertThat(second.ready()).isTrue();
        assertThat(second.acquire().remaining()).isEqualTo(DeviceLimits.MIN_STAGING_BUFFER_OCTETS);
    }
}
