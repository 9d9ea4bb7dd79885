package io.verbena.verbs.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class CallerDrivenTest {
    private static final RemoteRegion REMOTE = new RemoteRegion(0x5500, 0, 4096);

    private final FakeDevice device = new FakeDevice(true);
    private final LeasedRegion memory = LeasedRegion.over(new FakeRegion(0x4400, 4096));

    @Test
    void theWaitingThreadMakesTheDeviceProgress() throws Exception {
        try (AsyncQueuePair pair = AsyncQueuePair.open(device.domain, 1, 1)) {
            FakeQueuePair below = device.queuePairs.get(0);
            device.nextProgress.add(() -> assertThat(memory.leaseCount()).isEqualTo(1));
            device.nextProgress.add(below::completeSend);

            Operation write = pair.write(memory, 0, 16, REMOTE);

            assertThat(write.await(Duration.ofSeconds(10)).success()).isTrue();
        }
    }

    @Test
    void theThreadThatWaitsForRoomMakesTheDeviceProgress() throws Exception {
        try (AsyncQueuePair pair = AsyncQueuePair.open(device.domain, 1, 1)) {
            FakeQueuePair below = device.queuePairs.get(0);
            Operation first = pair.write(memory, 0, 16, REMOTE);
            device.nextProgress.add(below::completeSend);

            pair.write(memory, 16, 16, REMOTE);

            assertThat(first.done()).isTrue();
            assertThat(below.postedSends).hasSize(2);
        }
    }

    @Test
    void anAwaitEndsAtItsDeadlineEvenIfNothingHappens() throws Exception {
        try (AsyncQueuePair pair = AsyncQueuePair.open(device.domain, 1, 1)) {
            Operation write = pair.write(memory, 0, 16, REMOTE);

            assertThatThrownBy(() -> write.await(Duration.ofMillis(5))).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void wrapsAQueuePairOfTheApplication() throws Exception {
        var queue = new FakeCompletionQueue(null);
        var below = (FakeQueuePair) device.domain.createQueuePair(QueuePairOptions.with(queue));
        try (AsyncQueuePair pair = AsyncQueuePair.callerDriven(below)) {
            Operation receive = pair.receive(memory, 0, 16);
            below.arrive(3);

            assertThat(pair.dispatcher().drive(Duration.ZERO)).isEqualTo(1);

            assertThat(receive.completion().lengthOctets()).isEqualTo(3);
        }
        assertThat(queue.closed()).isFalse();
    }
}
