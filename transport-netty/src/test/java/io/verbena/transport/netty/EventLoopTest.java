package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamTransport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("tcp")
@Timeout(30)
class EventLoopTest {
    private StreamTransport transport;

    @AfterEach
    void close() {
        if (transport != null) {
            transport.close();
        }
    }

    private EventLoop open(boolean callerDriven) {
        transport = NettyStreamTransport.open(2, callerDriven, "verbena-io-");
        return transport.loop(0);
    }

    private static <T> T await(EventLoop loop, CompletableFuture<T> future) throws Exception {
        long start = System.nanoTime();
        while (loop.callerDriven() && !future.isDone()) {
            loop.drive(5_000_000);
            assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        }
        return future.get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runsTheTasksOfAThreadInTheirOrder(boolean callerDriven) throws Exception {
        EventLoop loop = open(callerDriven);
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> last = new CompletableFuture<>();
        for (int i = 0; i < 5000; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.execute(() -> last.complete(null));
        await(loop, last);
        assertThat(ran).isEqualTo(IntStream.range(0, 5000).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runsTimersInTheOrderOfTheirTimes(boolean callerDriven) throws Exception {
        EventLoop loop = open(callerDriven);
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Long> last = new CompletableFuture<>();
        long start = loop.clock().nanoTime();
        loop.schedule(300_000_000, () -> {
            ran.add("late");
            last.complete(loop.clock().nanoTime() - start);
        });
        loop.schedule(0, () -> ran.add("early"));
        assertThat(await(loop, last)).isBetween(300_000_000L, 9_000_000_000L);
        assertThat(ran).containsExactly("early", "late");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotRunATimerThatWasWithdrawn(boolean callerDriven) throws Exception {
        EventLoop loop = open(callerDriven);
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> last = new CompletableFuture<>();
        loop.execute(() -> {
            EventLoop.Timer timer = loop.schedule(1_000_000, () -> ran.add("withdrawn"));
            loop.schedule(2_000_000, () -> last.complete(null));
            timer.cancel();
            timer.cancel();
        });
        EventLoop.Timer fromOutside = loop.schedule(60_000_000_000L, () -> ran.add("withdrawn"));
        fromOutside.cancel();
        await(loop, last);
        assertThat(ran).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void livesOnAfterATaskThatThrows(boolean callerDriven) throws Exception {
        EventLoop loop = open(callerDriven);
        List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());
        IllegalStateException thrown = new IllegalStateException("task");
        CompletableFuture<Void> last = new CompletableFuture<>();
        Thread.UncaughtExceptionHandler[] usual = new Thread.UncaughtExceptionHandler[1];
        loop.execute(() -> {
            usual[0] = Thread.currentThread().getUncaughtExceptionHandler();
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
        });
        loop.execute(() -> {
            throw thrown;
        });
        loop.schedule(0, () -> {
            throw thrown;
        });
        loop.schedule(1_000_000, () -> {
            Thread.currentThread().setUncaughtExceptionHandler(usual[0]);
            last.complete(null);
        });
        await(loop, last);
        assertThat(uncaught).containsExactly(thrown, thrown);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesTasksAfterClose(boolean callerDriven) {
        EventLoop loop = open(callerDriven);
        transport.close();
        transport.close();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.schedule(0, () -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runsAcceptedTasksBeforeItEnds(boolean callerDriven) {
        EventLoop loop = open(callerDriven);
        CompletableFuture<Void> ran = new CompletableFuture<>();
        loop.execute(() -> loop.execute(() -> ran.complete(null)));
        transport.close();
        assertThat(ran).isDone();
    }

    @Test
    void namesItsDaemonThreadAndEndsIt() throws Exception {
        open(false);
        CompletableFuture<Thread> first = new CompletableFuture<>();
        CompletableFuture<Thread> second = new CompletableFuture<>();
        transport.loop(0).execute(() -> first.complete(Thread.currentThread()));
        transport.loop(1).execute(() -> second.complete(Thread.currentThread()));
        assertThat(first.get(10, TimeUnit.SECONDS).getName()).isEqualTo("verbena-io-0");
        assertThat(second.get(10, TimeUnit.SECONDS).getName()).isEqualTo("verbena-io-1");
        assertThat(first.get().isDaemon()).isTrue();
        assertThat(transport.loop(1).index()).isEqualTo(1);
        transport.close();
        assertThat(first.get().isAlive()).isFalse();
        assertThat(second.get().isAlive()).isFalse();
    }

    @Test
    void isDrivenByNobodyIfItHasAThreadOfItsOwn() throws Exception {
        EventLoop loop = open(false);
        assertThat(loop.callerDriven()).isFalse();
        assertThat(loop.inLoop()).isFalse();
        assertThatThrownBy(() -> loop.drive(0)).isInstanceOf(UnsupportedOperationException.class);
        CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
        loop.execute(() -> inLoop.complete(loop.inLoop()));
        assertThat(inLoop.get(10, TimeUnit.SECONDS)).isTrue();
    }

    /** A thread left interrupted would never wait in its selector again, and spin. */
    @Test
    void forgetsAnInterruptOfItsOwnThread() throws Exception {
        EventLoop loop = open(false);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        loop.execute(() -> {
            Thread.currentThread().interrupt();
            loop.schedule(
                    5_000_000, () -> interrupted.complete(Thread.currentThread().isInterrupted()));
        });
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void leavesAnInterruptToTheCallerWhoDrives() {
        EventLoop loop = open(true);
        Thread.currentThread().interrupt();
        loop.drive(1_000_000_000L);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> NettyStreamTransport.open(0, false, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loops 0");
        EventLoop loop = open(true);
        assertThatThrownBy(() -> loop.drive(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxWaitNs -1");
    }
}
