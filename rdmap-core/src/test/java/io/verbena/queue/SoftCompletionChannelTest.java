package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.verbena.verbs.Notify;
import io.verbena.verbs.ResourceInUseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SoftCompletionChannelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompletionQueueFixture fixture = new CompletionQueueFixture();
    private final AtomicInteger closes = new AtomicInteger();
    private final SoftCompletionChannel channel =
            new SoftCompletionChannel(System::nanoTime, null, false, closes::incrementAndGet);

    private static void armAndAdd(SoftCompletionQueue queue) {
        queue.arm(Notify.NEXT);
        CompletionQueueFixture.addSend(queue, 2, 1);
    }

    @Test
    void givesEventsOfSeveralQueuesInTheirOrder() throws InterruptedException {
        SoftCompletionQueue first = fixture.queue(1, 4, channel, null);
        SoftCompletionQueue second = fixture.queue(2, 4, channel, null);
        armAndAdd(second);
        armAndAdd(first);
        assertThat(channel.await(Duration.ZERO)).isSameAs(second);
        assertThat(channel.await(PATIENCE)).isSameAs(first);
        assertThat(channel.await(Duration.ZERO)).isNull();
    }

    @Test
    void waitsNoLongerThanTheDeadline() throws InterruptedException {
        long start = System.nanoTime();
        assertThat(channel.await(Duration.ofMillis(20))).isNull();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000L);
        assertThatIllegalArgumentException().isThrownBy(() -> channel.await(Duration.ofNanos(-1)));
    }

    @Test
    void anEventWakesAWaitingThread() throws Exception {
        SoftCompletionQueue queue = fixture.queue(1, 4, channel, null);
        try (Crew crew = new Crew()) {
            crew.add(() -> assertThat(channel.await(PATIENCE)).isSameAs(queue));
            crew.add(() -> armAndAdd(queue));
            crew.run();
        }
    }

    @Test
    void eachEventIsGivenToOneThread() throws Exception {
        SoftCompletionQueue first = fixture.queue(1, 4, channel, null);
        SoftCompletionQueue second = fixture.queue(2, 4, channel, null);
        AtomicInteger numbers = new AtomicInteger();
        try (Crew crew = new Crew()) {
            for (int i = 0; i < 2; i++) {
                crew.add(() -> numbers.addAndGet(channel.await(PATIENCE).number()));
            }
            crew.add(() -> armAndAdd(first));
            crew.add(() -> armAndAdd(second));
            crew.run();
        }
        assertThat(numbers).hasValue(3);
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (Crew crew = new Crew()) {
            crew.add(() -> {
                waiting.countDown();
                // Far beyond the test's own limit.
                assertThatIllegalStateException().isThrownBy(() -> channel.await(Duration.ofDays(400 * 365)));
            });
            crew.add(() -> {
                waiting.await();
                channel.close();
            });
            crew.run();
        }
        channel.close();
        assertThat(closes).hasValue(1);
        assertThatIllegalStateException().isThrownBy(() -> channel.await(Duration.ZERO));
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> channel.await(PATIENCE));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void refusesToCloseWhileQueuesUseIt() throws InterruptedException {
        SoftCompletionQueue queue = fixture.queue(7, 4, channel, null);
        assertThatExceptionOfType(ResourceInUseException.class)
                .isThrownBy(channel::close)
                .withMessageContaining("completion queue 7");
        armAndAdd(queue);
        queue.close();
        assertThat(channel.await(Duration.ZERO)).isNull();
        channel.close();
        assertThat(closes).hasValue(1);
    }

    @Test
    void drivesACallerDrivenDeviceUntilAnEventComes() throws InterruptedException {
        AtomicLong now = new AtomicLong();
        AtomicInteger drives = new AtomicInteger();
        SoftCompletionQueue[] queue = new SoftCompletionQueue[1];
        SoftCompletionChannel driven = new SoftCompletionChannel(
                now::get,
                maxWaitNs -> {
                    now.addAndGet(maxWaitNs);
                    if (drives.incrementAndGet() == 10) {
                        CompletionQueueFixture.addSend(queue[0], 2, 1);
                    }
                    return true;
                },
                false,
                () -> {});
        queue[0] = fixture.queue(1, 4, driven, null);
        queue[0].arm(Notify.NEXT);
        assertThat(driven.await(PATIENCE)).isSameAs(queue[0]);
        assertThat(drives).hasValue(10);

        long before = now.get();
        assertThat(driven.await(Duration.ofMillis(13))).isNull();
        assertThat(now.get() - before).isEqualTo(Duration.ofMillis(13).toNanos());

        drives.set(0);
        assertThat(driven.await(Duration.ZERO)).isNull();
        assertThat(drives).hasValue(1);
    }

    @Test
    void aThreadThatCannotDriveSleepsUntilAnotherBringsTheEvent() throws Exception {
        SoftCompletionChannel driven = new SoftCompletionChannel(System::nanoTime, maxWaitNs -> false, false, () -> {});
        SoftCompletionQueue queue = fixture.queue(1, 4, driven, null);
        assertThat(driven.await(Duration.ofMillis(5))).isNull();
        try (Crew crew = new Crew()) {
            crew.add(() -> assertThat(driven.await(PATIENCE)).isSameAs(queue));
            crew.add(() -> armAndAdd(queue));
            crew.run();
        }
    }
}
