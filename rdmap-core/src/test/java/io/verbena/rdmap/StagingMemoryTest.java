package io.verbena.rdmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.mpa.wire.MarkerLayout;
import io.verbena.verbs.DeviceLimits;
import org.junit.jupiter.api.Test;

/** Staging buffers are large enough. */
class StagingMemoryTest {
    @Test
    void theSmallestStagingBufferHoldsTheLargestMarkedFpdu() {
        assertThat(DeviceLimits.MIN_STAGING_BUFFER_OCTETS).isGreaterThanOrEqualTo(MarkerLayout.MAX_FPDU_OCTETS);
    }
}
