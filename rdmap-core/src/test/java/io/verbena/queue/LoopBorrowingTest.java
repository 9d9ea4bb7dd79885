package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Notify;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which threads borrow a loop through a channel, and what wakes them there. */
@Timeout(60)
class LoopBorrowingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompletionQueueFixture fixture = new CompletionQueueFixture();
    private final LentLoop loop = new LentLoop();
    private final SoftCompletionChannel channel = new SoftCompletionChannel(System::nanoTime, null, true, () -> {});

    /** A loop in which a borrower sleeps until the loop is given a task. */
    private static final class LentLoop implements EventLoop {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final AtomicInteger borrowings = new AtomicInteger();
        private final Semaphore tasks = new Semaphore(0);
        private boolean lends = true;

        @Override
        public boolean borrow(BooleanSupplier waiting, long startNs, long maxWaitNs) {
            borrowings.incrementAndGet();
            entered.countDown();
            try {
                while (lends && waiting.getAsBoolean()) {
                    if (!tasks.tryAcquire(maxWaitNs, TimeUnit.NANOSECONDS)) {
                        break;
                    }
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return lends;
        }

        @Override
        public void execute(Runnable task) {
            tasks.release();
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public boolean inLoop() {
            return false;
        }

        @Override
        public boolean callerDriven() {
            return false;
        }

        @Override
        public Timer schedule(long delayNs, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public NanoClock clock() {
            return System::nanoTime;
        }

        @Override
        public int drive(long maxWaitNs) {
            throw new UnsupportedOperationException();
        }
    }

    private static void armAndAdd(SoftCompletionQueue queue) {
        queue.arm(Notify.NEXT);
        CompletionQueueFixture.addSend(queue, 2, 1);
    }

    @Test
    void anEventOfAnotherThreadWakesTheBorrower() throws Exception {
        SoftCompletionQueue queue = fixture.queue(1, 4, channel, null);
        queue.fedBy(loop);
        AtomicReference<CompletionQueue> taken = new AtomicReference<>();
        long start = System.nanoTime();
        try (Crew crew = new Crew()) {
            crew.add(() -> taken.set(channel.await(PATIENCE)));
            crew.add(() -> {
                assertThat(loop.entered.await(10, TimeUnit.SECONDS)).isTrue();
                armAndAdd(queue);
            });
            crew.run();
        }
        assertThat(taken).hasValue(queue);
        assertThat(System.nanoTime() - start).isLessThan(PATIENCE.toNanos());
    }

    @Test
    void closingTheChannelWakesTheBorrower() throws Exception {
        channel.fedBy(loop);
        long start = System.nanoTime();
        try (Crew crew = new Crew()) {
            crew.add(() -> assertThatIllegalStateException().isThrownBy(() -> channel.await(PATIENCE)));
            crew.add(() -> {
                assertThat(loop.entered.await(10, TimeUnit.SECONDS)).isTrue();
                channel.close();
            });
            crew.run();
        }
        assertThat(System.nanoTime() - start).isLessThan(PATIENCE.toNanos());
    }

    @Test
    void anotherThreadSleepsBesideTheBorrowerAndGetsTheNextEvent() throws Exception {
        SoftCompletionQueue first = fixture.queue(1, 4, channel, null);
        SoftCompletionQueue second = fixture.queue(2, 4, channel, null);
        first.fedBy(loop);
        second.fedBy(loop);
        AtomicInteger numbers = new AtomicInteger();
        try (Crew crew = new Crew()) {
            for (int i = 0; i < 2; i++) {
                crew.add(() -> numbers.addAndGet(channel.await(PATIENCE).number()));
            }
            crew.add(() -> {
                assertThat(loop.entered.await(10, TimeUnit.SECONDS)).isTrue();
                armAndAdd(first);
                armAndAdd(second);
            });
            crew.run();
        }
        assertThat(numbers).hasValue(3);
    }

    @Test
    void sleepsWhenEventsComeFromSeveralLoopsOrNone() throws Exception {
        LentLoop other = new LentLoop();
        SoftCompletionQueue queue = fixture.queue(1, 4, channel, null);
        assertThat(channel.await(Duration.ofMillis(2))).isNull();
        queue.fedBy(loop);
        queue.fedBy(other);
        assertThat(channel.await(Duration.ofMillis(2))).isNull();
        assertThat(loop.borrowings).hasValue(0);
        assertThat(other.borrowings).hasValue(0);
        queue.noLongerFedBy(loop);
        assertThat(channel.await(Duration.ofMillis(2))).isNull();
        assertThat(loop.borrowings).hasValue(0);
        assertThat(other.borrowings).hasValue(1);
        queue.noLongerFedBy(other);
        assertThat(channel.await(Duration.ofMillis(2))).isNull();
        assertThat(other.borrowings).hasValue(1);
    }

    @Test
    void waitsInAnotherWayIfTheLoopIsNotLent() throws Exception {
        SoftCompletionQueue queue = fixture.queue(1, 4, channel, null);
        queue.fedBy(loop);
        loop.lends = false;
        try (Crew crew = new Crew()) {
            crew.add(() -> assertThat(channel.await(PATIENCE)).isSameAs(queue));
            crew.add(() -> {
                assertThat(loop.entered.await(10, TimeUnit.SECONDS)).isTrue();
                armAndAdd(queue);
            });
            crew.run();
        }
    }

    @Test
    void neitherAnEventThatIsThereNorALookBorrows() throws Exception {
        SoftCompletionQueue queue = fixture.queue(1, 4, channel, null);
        queue.fedBy(loop);
        assertThat(channel.await(Duration.ZERO)).isNull();
        armAndAdd(queue);
        assertThat(channel.await(PATIENCE)).isSameAs(queue);
        assertThat(loop.borrowings).hasValue(0);
    }

    @Test
    void borrowsOnlyIfTheDeviceSaysSo() throws Exception {
        SoftCompletionChannel plain = new SoftCompletionChannel(System::nanoTime, null, false, () -> {});
        plain.fedBy(loop);
        assertThat(plain.await(Duration.ofMillis(2))).isNull();
        assertThat(loop.borrowings).hasValue(0);
    }
}
