package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.AllocationMeter;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.Notify;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.observe.StackEvents;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that wait on a channel run the loop meanwhile. */
@Tag("tcp")
@Timeout(60)
class BorrowedLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OCTETS = 64;
    private static final int ROUND_TRIPS = 500;

    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void endsThreads() throws InterruptedException {
        others.shutdownNow();
        assertThat(others.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static DevicePair open(boolean borrowed, StackEvents client, StackEvents server) {
        return DevicePair.open(PairOptions.defaults()
                .withDevices(options -> options.withBackgroundProgress(1).withBorrowedLoops(borrowed))
                .withListeners(client, server));
    }

    private static DevicePair open() {
        return open(true, new StackEvents() {}, new StackEvents() {});
    }

    /** One end of a ping-pong. */
    private static final class Player {
        private final PairEnd end;
        private final MemoryRegion region;
        private final CompletionCursor received;
        private final SendRequest send = new SendRequest();
        private final ReceiveRequest receive = new ReceiveRequest();

        Player(PairEnd end) {
            this.end = end;
            region = end.register(2 * OCTETS);
            received = end.receiveCompletions().cursor();
            post();
        }

        private void post() {
            end.queuePair()
                    .postReceive(receive.receive(1).local(region, OCTETS, OCTETS))
                    .orThrow();
        }

        void send() {
            end.post(send.send().local(region, 0, OCTETS).signaled(false));
        }

        void takeOne() throws InterruptedException {
            long start = System.nanoTime();
            while (!received.next()) {
                end.receiveCompletions().arm(Notify.NEXT);
                if (received.next()) {
                    break;
                }
                end.channel().await(PATIENCE);
                require(System.nanoTime() - start < PATIENCE.toNanos());
            }
            require(received.success());
            post();
        }

        /** Allocates nothing, other than an assertion. */
        private static void require(boolean met) {
            if (!met) {
                throw new AssertionError("a message did not arrive");
            }
        }
    }

    private void pingPong(Player client, Player server, int roundTrips) throws Exception {
        Future<?> echo = others.submit(() -> {
            for (int i = 0; i < roundTrips; i++) {
                server.takeOne();
                server.send();
            }
            return null;
        });
        for (int i = 0; i < roundTrips; i++) {
            client.send();
            client.takeOne();
        }
        echo.get(10, TimeUnit.SECONDS);
    }

    private static StackEvents readers(Set<Thread> into) {
        return new StackEvents() {
            @Override
            public void onSocketTransfer(String device, Direction direction, int queuePairNumber, long octets) {
                if (direction == Direction.RECEIVED) {
                    into.add(Thread.currentThread());
                }
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theThreadThatWaitsReadsItself(boolean borrowed) throws Exception {
        Set<Thread> readers = ConcurrentHashMap.newKeySet();
        try (DevicePair pair = open(borrowed, readers(readers), new StackEvents() {})) {
            pingPong(new Player(pair.client()), new Player(pair.server()), ROUND_TRIPS);
        }
        if (borrowed) {
            assertThat(readers).contains(Thread.currentThread());
        } else {
            assertThat(readers).isNotEmpty().allMatch(thread -> thread.getName().contains("-io-"));
        }
    }

    /** A virtual thread would take the thread that carries it along into the selector. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadSleepsBesideTheLoop() throws Exception {
        Set<Thread> readers = ConcurrentHashMap.newKeySet();
        try (DevicePair pair = open(true, readers(readers), new StackEvents() {})) {
            Player client = new Player(pair.client());
            Player server = new Player(pair.server());
            CompletableFuture<Void> done = new CompletableFuture<>();
            Runnable play = () -> {
                try {
                    pingPong(client, server, 50);
                    done.complete(null);
                } catch (Throwable failure) {
                    done.completeExceptionally(failure);
                }
            };
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, play);
            done.get(20, TimeUnit.SECONDS);
        }
        assertThat(readers).isNotEmpty().allMatch(thread -> thread.getName().contains("-io-"));
    }

    @Test
    void allocatesNothingForAPingPongWithNotifications() throws Exception {
        try (DevicePair pair = open()) {
            Player client = new Player(pair.client());
            Player server = new Player(pair.server());
            int roundTrips = 20 * ROUND_TRIPS;
            pingPong(client, server, roundTrips);
            long octets = AllocationMeter.least(
                    name -> name.contains("-io-"), 2L * roundTrips, () -> pingPong(client, server, roundTrips));
            assertThat(octets / (double) roundTrips).isLessThan(2);
        }
    }

    @Test
    void eachOfTwoWaitersGetsAnEvent() throws Exception {
        try (DevicePair pair = open()) {
            Player server = new Player(pair.server());
            Player client = new Player(pair.client());
            CompletionQueue sends = pair.client().sendCompletions();
            CompletionQueue receives = pair.client().receiveCompletions();
            for (int i = 0; i < 50; i++) {
                sends.arm(Notify.NEXT);
                receives.arm(Notify.NEXT);
                List<Future<CompletionQueue>> waiters = List.of(
                        others.submit(() -> pair.client().channel().await(PATIENCE)),
                        others.submit(() -> pair.client().channel().await(PATIENCE)));
                server.send();
                pair.client().post(new SendRequest().send().local(client.region, 0, OCTETS));
                assertThat(Set.of(
                                waiters.get(0).get(10, TimeUnit.SECONDS),
                                waiters.get(1).get(10, TimeUnit.SECONDS)))
                        .containsExactlyInAnyOrder(sends, receives);
                pair.client().awaitSendSuccess();
                client.takeOne();
                server.takeOne();
            }
        }
    }

    @Test
    void verbsThatWaitWorkRightAfterAnEvent() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (DevicePair pair = open()) {
                Player client = new Player(pair.client());
                Player server = new Player(pair.server());
                pingPong(client, server, 10);
                assertThat(pair.client().queuePair().disconnect(PATIENCE)).isTrue();
                assertThat(client.end.queuePair().query().state()).isNotNull();
            }
        }
    }

    private static void awaitAsleep(Thread waiter) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Arrays.stream(waiter.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("borrow")));
    }

    @Test
    void anInterruptEndsTheWaitAndNothingElse() throws Exception {
        try (DevicePair pair = open()) {
            Thread[] waiter = new Thread[1];
            Future<?> wait = others.submit(() -> {
                waiter[0] = Thread.currentThread();
                return pair.client().channel().await(PATIENCE);
            });
            Awaitility.await().atMost(PATIENCE).until(() -> waiter[0] != null);
            awaitAsleep(waiter[0]);
            waiter[0].interrupt();
            assertThatThrownBy(() -> wait.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            pingPong(new Player(pair.client()), new Player(pair.server()), 10);
        }
    }

    @Test
    void closingTheDeviceEndsAWait() throws Exception {
        DevicePair pair = open();
        Thread[] waiter = new Thread[1];
        Future<?> wait;
        try (pair) {
            wait = others.submit(() -> {
                waiter[0] = Thread.currentThread();
                return pair.client().channel().await(Duration.ofDays(1));
            });
            Awaitility.await().atMost(PATIENCE).until(() -> waiter[0] != null);
            awaitAsleep(waiter[0]);
        }
        assertThatThrownBy(() -> wait.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void waitsNoLongerThanTheDeadline() throws Exception {
        try (DevicePair pair = open()) {
            long start = System.nanoTime();
            assertThat(pair.client().channel().await(Duration.ofMillis(30))).isNull();
            assertThat(System.nanoTime() - start).isBetween(30_000_000L, PATIENCE.toNanos());
        }
    }
}
