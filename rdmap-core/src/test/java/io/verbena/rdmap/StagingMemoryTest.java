package io.verbena.rdmap;

import static org.assertj.core.api.Assertions.assertThat;

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
    void aStreamTakesABufferInItsOwnNameAndGivesItBack() {
        AdapterBufferPool pool = new AdapterBufferPool(DeviceLimits.MIN_STAGING_BUFFER_OCTETS, 1);
        PoolStaging first = new PoolStaging(pool, 5);
        PoolStaging second = new PoolStaging(pool, 6);
        var buffer = first.acquire();
        assertThat(buffer.remaining()).isEqualTo(DeviceLimits.MIN_STAGING_BUFFER_OCTETS);
        assertThat(second.acquire()).isNull();
        first.release(buffer);
        assertThat(second.acquire()).isNotNull();
    }
}
