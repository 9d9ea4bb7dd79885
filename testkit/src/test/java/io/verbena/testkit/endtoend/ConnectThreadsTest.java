package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices are opened, and their queue pairs connected and destroyed, by several threads at the same time. */
@Tag("tcp")
@Timeout(90)
class ConnectThreadsTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 25;

    /** What a connection is for; the one who connects says so in the first octet of its private data. */
    private enum Purpose {
        TALK,
        CLIENT_LEAVES,
        SERVER_LEAVES,
        CLIENT_DISCONNECTS
    }

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger talks = new AtomicInteger();

    /** What a thread does; it may throw what it likes. */
    @FunctionalInterface
    private interface Work {
        void run(int thread) throws Exception;
    }

    private void inManyThreads(Work work) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    work.run(number);
                } catch (Exception | AssertionError e) {
                    failures.add(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(80));
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void devicesAreOpenedUsedAndClosed() throws InterruptedException {
        CountDownLatch allOpen = new CountDownLatch(THREADS);
        inManyThreads(thread -> {
            for (int round = 0; round < 5; round++) {
                String name = "verbena-of-thread-" + thread;
                try (Device device = Device.open(
                                DeviceOptions.defaults().withName(name).withBackgroundProgress(1));
                        ProtectionDomain domain = device.allocateProtectionDomain();
                        ConnectionListener listener = device.listen(loopback())) {
                    allOpen.countDown();
                    // In the first round there are as many devices as threads at the same time.
                    assertThat(allOpen.await(10, TimeUnit.SECONDS)).isTrue();
                    try (End client = new End(device, domain);
                            End server = new End(device, domain)) {
                        talk(client, server, device, listener);
                    }
                    assertThat(device.query().name()).isEqualTo(name);
                    assertThat(device.query().queuePairs()).isZero();
                }
            }
        });
        SystemDeadline.awaitUsual(
                "the end of the threads of all devices",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("verbena-of-thread-")));
    }

    private static void talk(End client, End server, Device device, ConnectionListener listener) throws Exception {
        CompletableFuture<Connection> connecting = client.connect(device, listener, Purpose.TALK);
        listener.nextRequest(SystemDeadline.USUAL).accept(server.queuePair, ConnectionParameters.defaults());
        connecting.get(10, TimeUnit.SECONDS);
        client.send(7);
        assertThat(server.awaitReceive().immediateData()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void queuePairsAreConnectedAndDestroyed(long seed) throws Exception {
        try (Device clients = Device.open(DeviceOptions.defaults());
                Device servers = Device.open(DeviceOptions.defaults());
                ConnectionListener listener = servers.listen(loopback())) {
            inManyThreads(thread -> {
                RandomGenerator random =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(seed * THREADS + thread);
                try (ProtectionDomain here = clients.allocateProtectionDomain();
                        ProtectionDomain there = servers.allocateProtectionDomain()) {
                    for (int round = 0; round < ROUNDS && failures.isEmpty(); round++) {
                        try (End client = new End(clients, here);
                                End server = new End(servers, there)) {
                            oneRound(clients, listener, client, server, random);
                        }
                    }
                }
            });
            for (Device device : List.of(clients, servers)) {
                assertThat(device.query().queuePairs()).isZero();
                assertThat(device.query().completionQueues()).isZero();
            }
            assertThat(talks).hasPositiveValue();
        }
    }

    /**
     * Connects a queue pair of one device, and accepts whichever request comes next on one of the other: most often that of
     * another thread, which goes on at the same time.
     */
    private void oneRound(Device clients, ConnectionListener listener, End client, End server, RandomGenerator random)
            throws Exception {
        Purpose mine = Purpose.values()[random.nextInt(Purpose.values().length)];
        CompletableFuture<Connection> connecting = client.connect(clients, listener, mine);
        ConnectionRequest request = listener.nextRequest(SystemDeadline.USUAL);
        Purpose theirs = Purpose.values()[request.privateData()[0]];
        request.accept(server.queuePair, ConnectionParameters.defaults());
        if (theirs == Purpose.SERVER_LEAVES) {
            server.queuePair.close();
        }
        connecting.get(10, TimeUnit.SECONDS);
        switch (mine) {
            case TALK -> client.send(41);
            case CLIENT_LEAVES -> client.queuePair.close();
            case CLIENT_DISCONNECTS -> client.queuePair.modify(QueuePairState.CLOSING);
            case SERVER_LEAVES -> {}
        }
        if (theirs == Purpose.TALK) {
            assertThat(server.awaitReceive().immediateData()).isEqualTo(41);
            server.send(42);
        } else if (theirs != Purpose.SERVER_LEAVES) {
            assertThat(server.awaitReceive().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        }
        if (mine == Purpose.TALK) {
            assertThat(client.awaitReceive().immediateData()).isEqualTo(42);
            talks.incrementAndGet();
        } else if (mine != Purpose.CLIENT_LEAVES) {
            assertThat(client.awaitReceive().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** A queue pair with one receive and a completion queue for both. */
    private static final class End implements AutoCloseable {
        private final CompletionQueue completions;
        private final QueuePair queuePair;

        End(Device device, ProtectionDomain domain) {
            completions = device.createCompletionQueue(8);
            queuePair =
                    domain.createQueuePair(QueuePairOptions.with(completions).withDepths(2, 2));
            queuePair.postReceive(new ReceiveRequest().receive(1)).orThrow();
        }

        CompletableFuture<Connection> connect(Device device, ConnectionListener listener, Purpose purpose) {
            ConnectionParameters parameters =
                    ConnectionParameters.defaults().withPrivateData(new byte[] {(byte) purpose.ordinal()});
            return device.connectAsync(queuePair, listener.localAddress(), parameters);
        }

        void send(long value) {
            queuePair
                    .postSend(new SendRequest().immediate(value).signaled(false))
                    .orThrow();
        }

        WorkCompletion awaitReceive() {
            WorkCompletion[] taken = new WorkCompletion[1];
            SystemDeadline.awaitUsual(
                    "a receive of " + queuePair,
                    () -> completions.poll(1, completion -> taken[0] = completion.copy()) == 1);
            assertThat(taken[0].id()).isEqualTo(1);
            return taken[0];
        }

        @Override
        public void close() {
            queuePair.close();
            completions.close();
        }
    }
}
