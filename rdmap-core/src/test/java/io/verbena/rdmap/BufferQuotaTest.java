package io.verbena.rdmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.engine.VirtualLoop;
import io.verbena.verbs.DeviceOptions.BufferGrant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The quota of a queue pair")
class BufferQuotaTest {
    private final List<String> resumed = new ArrayList<>();
    private final VirtualLoop loop = new VirtualLoop() {
        @Override
        public void execute(Runnable task) {
            task.run();
        }
    };

    private BufferQuota quota(int most, BufferGrant grant) {
        return new BufferQuota(loop, most, grant);
    }

    @Test
    void leavesAllThatTheOperationNeedsOrNothing() {
        BufferQuota quota = quota(3, BufferGrant.WHOLE_OPERATION);
        assertThat(quota.leaves(3)).isTrue();
        assertThat(quota.leaves(4)).isFalse();
        quota.take();
        assertThat(quota.leaves(2)).isTrue();
        assertThat(quota.leaves(3)).isFalse();
        quota.take();
        assertThat(quota.leaves(1)).isTrue();
        assertThat(quota.leaves(2)).isFalse();
        quota.take();
        assertThat(quota.leaves(1)).isFalse();
    }

    @Test
    void leavesTheFirstIfOneIsLeft() {
        BufferQuota quota = quota(2, BufferGrant.ONE_LEFT);
        quota.take();
        assertThat(quota.leaves(2)).isTrue();
        quota.take();
        assertThat(quota.leaves(2)).isFalse();
        assertThat(quota.leaves(1)).isFalse();
        quota.giveBack();
        assertThat(quota.leaves(2)).isTrue();
    }

    @Test
    void resumesBothDirectionsOnceWhenABufferComesBack() {
        BufferQuota quota = quota(2, BufferGrant.WHOLE_OPERATION);
        quota.take();
        quota.take();
        quota.awaitToSend(() -> resumed.add("send"));
        quota.awaitToReceive(() -> resumed.add("receive"));
        assertThat(quota.receiverWaits()).isTrue();
        quota.giveBack();
        assertThat(resumed).containsExactly("receive", "send");
        assertThat(quota.receiverWaits()).isFalse();
        quota.giveBack();
        assertThat(resumed).hasSize(2);
    }

    @Test
    void resumesNobodyForABufferThatIsGivenUp() {
        BufferQuota quota = quota(2, BufferGrant.ONE_LEFT);
        quota.take();
        quota.awaitToSend(() -> resumed.add("send"));
        quota.giveUp();
        assertThat(resumed).isEmpty();
        assertThat(quota.leaves(2)).isTrue();
    }

    @Test
    void forgetsWhoNoLongerWaits() {
        BufferQuota quota = quota(2, BufferGrant.WHOLE_OPERATION);
        quota.take();
        quota.awaitToSend(() -> resumed.add("send"));
        quota.awaitToReceive(() -> resumed.add("receive"));
        quota.forgetSender();
        quota.forgetReceiver();
        quota.giveBack();
        assertThat(resumed).isEmpty();
    }
}
