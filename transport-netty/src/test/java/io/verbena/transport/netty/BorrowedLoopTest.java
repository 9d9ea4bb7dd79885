package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A background loop that is run by a thread which waits for it. */
@Tag("tcp")
@Timeout(60)
class BorrowedLoopTest {
    private static final String OWN_THREAD = "verbena-io-0";
    private static final long PATIENCE_NS = 30_000_000_000L;

    private final StreamTransport transport = NettyStreamTransport.open(1, false, "verbena-io-");
    private final EventLoop loop = transport.loop(0);
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void close() throws InterruptedException {
        transport.close();
        others.shutdownNow();
        assertThat(others.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private boolean borrowUntil(AtomicBoolean over) {
        return loop.borrow(() -> !over.get(), loop.clock().nanoTime(), PATIENCE_NS);
    }

    /** Runs the loop on the calling thread once, from a task of another thread to the next. */
    private void borrowOnce() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread caller = Thread.currentThread();
        Future<?> other = others.submit(() -> {
            awaitInside(caller);
            loop.execute(() -> over.set(true));
            return null;
        });
        while (!over.get()) {
            borrowUntil(over);
        }
        other.get(10, TimeUnit.SECONDS);
    }

    /** Returns when a task was run by {@code borrower}. */
    private void awaitInside(Thread borrower) throws Exception {
        Thread ran = null;
        while (ran != borrower) {
            CompletableFuture<Thread> by = new CompletableFuture<>();
            loop.execute(() -> by.complete(Thread.currentThread()));
            ran = by.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void runsOnTheThreadThatWaits() throws Exception {
        Thread caller = Thread.currentThread();
        assertThat(loop.inLoop()).isFalse();
        borrowOnce();
        assertThat(loop.inLoop()).isFalse();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> ran = new ArrayList<>();
        // A timer, so that the loop is borrowed when it is due.
        loop.schedule(50_000_000, () -> {
            ran.add(Thread.currentThread());
            ran.add(loop.inLoop() ? Thread.currentThread() : null);
            over.set(true);
        });
        assertThat(borrowUntil(over)).isTrue();
        assertThat(ran).containsExactly(caller, caller);
    }

    @Test
    void theOwnThreadTakesTheLoopBackWhenNobodyComes() throws Exception {
        CompletableFuture<Thread> reader = new CompletableFuture<>();
        try (StreamTransport.Listening listening =
                        transport.listen(TcpPair.anyPort(), StreamOptions.defaults(), stream -> new Probe(stream) {
                            @Override
                            public void onOctets(int octets, boolean filled) {
                                super.onOctets(octets, filled);
                                reader.complete(Thread.currentThread());
                            }
                        });
                Socket peer = new Socket(
                        listening.localAddress().getAddress(),
                        listening.localAddress().getPort())) {
            borrowOnce();
            // Nothing wakes the loop but its own watch, and then the socket.
            peer.getOutputStream().write(1);
            assertThat(reader.get(30, TimeUnit.SECONDS).getName()).isEqualTo(OWN_THREAD);
        }
    }

    @Test
    void tasksRunOnTheOwnThreadWhileNobodyIsInside() throws Exception {
        for (int i = 0; i < 20; i++) {
            borrowOnce();
            CompletableFuture<Thread> ran = new CompletableFuture<>();
            loop.execute(() -> ran.complete(Thread.currentThread()));
            assertThat(ran.get(10, TimeUnit.SECONDS).getName()).isEqualTo(OWN_THREAD);
        }
    }

    @Test
    void aFewTasksAreDoneByTheThreadThatWasInside() throws Exception {
        Thread caller = Thread.currentThread();
        AtomicInteger inPlace = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        long start = System.nanoTime();
        while (most.get() == 0) {
            // The own thread may take the loop back before the first task comes.
            assertThat(System.nanoTime() - start).isLessThan(PATIENCE_NS);
            borrowOnce();
            inPlace.set(0);
            CompletableFuture<Void> last = new CompletableFuture<>();
            for (int i = 0; i < 3 * BackgroundEventLoop.TASKS_IN_PLACE; i++) {
                loop.executeSoonest(() -> {
                    if (Thread.currentThread() == caller && loop.inLoop()) {
                        inPlace.incrementAndGet();
                    }
                });
            }
            loop.execute(() -> last.complete(null));
            last.get(10, TimeUnit.SECONDS);
            assertThat(inPlace.get()).isLessThanOrEqualTo(BackgroundEventLoop.TASKS_IN_PLACE);
            most.accumulateAndGet(inPlace.get(), Math::max);
        }
    }

    @Test
    void givesUpWhenTheTimeHasPassed() {
        long start = loop.clock().nanoTime();
        while (loop.clock().nanoTime() - start < 20_000_000) {
            loop.borrow(() -> true, start, 20_000_000);
        }
        assertThat(loop.clock().nanoTime() - start).isLessThan(PATIENCE_NS);
        assertThat(loop.borrow(() -> false, loop.clock().nanoTime(), Long.MAX_VALUE))
                .as("nothing to wait for")
                .isIn(true, false);
    }

    @Test
    void anInterruptEndsTheBorrowingAndStaysWithTheBorrower() throws Exception {
        Thread caller = Thread.currentThread();
        Future<?> other = others.submit(() -> {
            awaitInside(caller);
            caller.interrupt();
            return null;
        });
        boolean borrowed = loop.borrow(() -> true, loop.clock().nanoTime(), PATIENCE_NS);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(borrowed).isTrue();
        other.get(10, TimeUnit.SECONDS);
        assertThat(loop.inLoop()).isFalse();
    }

    @Test
    void closingEndsABorrowing() throws Exception {
        Thread caller = Thread.currentThread();
        Future<?> other = others.submit(() -> {
            awaitInside(caller);
            transport.close();
            return null;
        });
        assertThat(loop.borrow(() -> true, loop.clock().nanoTime(), Long.MAX_VALUE))
                .isTrue();
        other.get(10, TimeUnit.SECONDS);
        assertThat(loop.borrow(() -> true, loop.clock().nanoTime(), Long.MAX_VALUE))
                .isFalse();
        assertThatThrownBy(() -> loop.executeSoonest(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aTaskThatThrowsDoesNotEndTheBorrowing() throws Exception {
        Thread caller = Thread.currentThread();
        List<Throwable> uncaught = new ArrayList<>();
        Thread.UncaughtExceptionHandler usual = caller.getUncaughtExceptionHandler();
        caller.setUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
        try {
            AtomicBoolean over = new AtomicBoolean();
            IllegalStateException thrown = new IllegalStateException("timer");
            loop.schedule(50_000_000, () -> {
                throw thrown;
            });
            loop.schedule(60_000_000, () -> over.set(true));
            assertThat(borrowUntil(over)).isTrue();
            assertThat(uncaught).containsExactly(thrown);
        } finally {
            caller.setUncaughtExceptionHandler(usual);
        }
    }

    /** Tasks touch plain fields: if two threads were inside at a time, or one did not see what the other did, some were lost. */
    @Test
    void neverLetsTwoThreadsInside() throws Exception {
        int borrowers = 2;
        int givers = 2;
        int rounds = 3000;
        int[] done = {0};
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> giving = new ArrayList<>();
        List<Future<?>> borrowing = new ArrayList<>();
        for (int i = 0; i < borrowers; i++) {
            borrowing.add(others.submit(() -> {
                while (!over.get()) {
                    int[] turns = {0};
                    loop.borrow(
                            () -> !over.get() && turns[0]++ < 3, loop.clock().nanoTime(), 1_000_000);
                    loop.executeSoonest(() -> done[0]++);
                    loop.executeSoonest(() -> done[0]--);
                }
            }));
        }
        for (int i = 0; i < givers; i++) {
            giving.add(others.submit(() -> {
                for (int round = 0; round < rounds; round++) {
                    loop.execute(() -> done[0]++);
                    loop.executeSoonest(() -> done[0]++);
                    if (round % 100 == 0) {
                        CompletableFuture<Void> here = new CompletableFuture<>();
                        loop.execute(() -> here.complete(null));
                        here.get(10, TimeUnit.SECONDS);
                    }
                }
                return null;
            }));
        }
        for (Future<?> each : giving) {
            each.get(50, TimeUnit.SECONDS);
        }
        over.set(true);
        for (Future<?> each : borrowing) {
            each.get(10, TimeUnit.SECONDS);
        }
        CompletableFuture<Integer> total = new CompletableFuture<>();
        loop.execute(() -> total.complete(done[0]));
        assertThat(total.get(10, TimeUnit.SECONDS)).isEqualTo(2 * givers * rounds);
    }

    @Test
    void doesNotLendALoopOfManySockets() throws Exception {
        List<Socket> peers = new ArrayList<>();
        List<CompletableFuture<ByteStream>> accepted = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        for (int i = 0; i < BackgroundEventLoop.MAX_SOCKETS_TO_LEND; i++) {
            accepted.add(new CompletableFuture<>());
        }
        try (StreamTransport.Listening listening =
                transport.listen(TcpPair.anyPort(), StreamOptions.defaults(), stream -> {
                    accepted.get(next.getAndIncrement()).complete(stream);
                    return new Probe(stream);
                })) {
            for (int i = 0; i < BackgroundEventLoop.MAX_SOCKETS_TO_LEND; i++) {
                peers.add(new Socket(
                        listening.localAddress().getAddress(),
                        listening.localAddress().getPort()));
            }
            for (CompletableFuture<ByteStream> each : accepted) {
                each.get(10, TimeUnit.SECONDS);
            }
            assertThat(loop.borrow(() -> true, loop.clock().nanoTime(), Long.MAX_VALUE))
                    .isFalse();
        } finally {
            for (Socket each : peers) {
                each.close();
            }
        }
    }

    @Test
    void aCallerDrivenLoopIsNotLent() {
        try (StreamTransport driven = NettyStreamTransport.open(1, true, "driven-")) {
            EventLoop other = driven.loop(0);
            assertThat(other.borrow(() -> true, other.clock().nanoTime(), Long.MAX_VALUE))
                    .isFalse();
        }
    }
}
