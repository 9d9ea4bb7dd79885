package io.verbena.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRefusedException;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.ConnectionTimedOutException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What works over TCP works in the simulated network, in virtual time, and the same way each time. */
@Tag("sim")
@Timeout(60)
class SimulatedNetworkTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void carriesMessagesBetweenTwoDevices() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(1);
                DevicePair pair = DevicePair.open(PairOptions.defaults().withOpener(network::open))) {
            MemoryRegion inbox = pair.server().register(64);
            pair.server().postReceive(7, inbox);
            pair.client()
                    .queuePair()
                    .postSend(new SendRequest().send().id(3).inline(ByteBuffer.wrap(new byte[] {1, 2, 3})))
                    .orThrow();
            assertThat(pair.server().awaitReceiveSuccess().lengthOctets()).isEqualTo(3);
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(3);
            assertThat(pair.clientDevice().query().transport()).isEqualTo("simulated, seed 0x1");
        }
    }

    @Test
    void blockingVerbsDriveTheWholeNetwork() throws Exception {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(2)) {
            Ends ends = new Ends(network);
            CompletableFuture<Connection> connecting =
                    ends.client.connectAsync(ends.clientPair, ends.listener.localAddress(), parameters());
            ConnectionRequest request = ends.listener.nextRequest(SECOND);
            assertThat(request.privateData()).isEmpty();
            Connection accepted = request.accept(ends.serverPair, parameters());
            network.run(connecting::isDone, SECOND);
            assertThat(network.link(accepted)).isSameAs(network.link(connecting.join()));
        }
    }

    @Test
    void refusesWhereNobodyListens() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(3)) {
            Ends ends = new Ends(network);
            InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4791);
            assertThatThrownBy(() -> ends.client.connect(ends.clientPair, nobody, parameters()))
                    .isInstanceOf(ConnectionRefusedException.class);
        }
    }

    @Test
    void rejectionsCarryPrivateData() throws Exception {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(4)) {
            Ends ends = new Ends(network);
            CompletableFuture<Connection> connecting =
                    ends.client.connectAsync(ends.clientPair, ends.listener.localAddress(), parameters());
            ends.listener.nextRequest(SECOND).reject(new byte[] {9});
            network.run(connecting::isDone, SECOND);
            assertThat(connecting)
                    .failsWithin(Duration.ZERO)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            ConnectionRejectedException.class,
                            rejected -> assertThat(rejected.privateData()).containsExactly(9));
        }
    }

    @Test
    void deadlinesPassInVirtualTime() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(5)) {
            Ends ends = new Ends(network);
            network.silent(ends.listener.localAddress(), true);
            long startNs = network.clock().nanoTime();
            Duration hour = Duration.ofHours(1);
            assertThatThrownBy(() -> ends.client.connect(
                            ends.clientPair,
                            ends.listener.localAddress(),
                            parameters().withDeadline(hour)))
                    .isInstanceOf(ConnectionTimedOutException.class);
            assertThat(network.clock().nanoTime() - startNs).isBetween(hour.toNanos(), hour.toNanos() + 10_000_000);
            assertThatThrownBy(() -> ends.listener.nextRequest(hour)).isInstanceOf(TimeoutException.class);
            assertThat(network.clock().nanoTime() - startNs)
                    .isBetween(2 * hour.toNanos(), 2 * hour.toNanos() + 20_000_000);
        }
    }

    @Test
    void aPeerThatAcceptsLateTimesOut() throws Exception {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(6)) {
            Ends ends = new Ends(network);
            CompletableFuture<Connection> connecting = ends.client.connectAsync(
                    ends.clientPair, ends.listener.localAddress(), parameters().withDeadline(Duration.ofSeconds(3)));
            ends.listener.nextRequest(SECOND);
            network.pass(Duration.ofSeconds(3));
            assertThat(connecting).isCompletedExceptionally();
        }
    }

    @Test
    void aSimulatedTransportNeedsItsNetwork() {
        assertThatThrownBy(() -> Device.open(DeviceOptions.defaults().withTransport("simulated")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SimulatedNetwork");
    }

    @Test
    void onlyOneThreadDrives() throws InterruptedException {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(7)) {
            network.step();
            List<Throwable> thrown = new ArrayList<>();
            Thread other = new Thread(network::step);
            other.setUncaughtExceptionHandler((thread, failure) -> thrown.add(failure));
            other.start();
            other.join();
            assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void runSaysWhyItStops() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(8)) {
            assertThatThrownBy(() -> network.run(() -> false, SECOND))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("nothing more will happen")
                    .hasMessageContaining("0x8");
        }
    }

    @Seeded(count = 3)
    void theSameSeedGivesTheSameRunToTheOctet(long seed) {
        LinkOptions inOrder = LinkOptions.defaults()
                .withLatency(Duration.ofNanos(20_000), Duration.ofNanos(30_000))
                .withReadOctets(700)
                .withStalls(20, Duration.ofMillis(2))
                .withWindowOctets(9000);
        LinkOptions outOfOrder = LinkOptions.defaults().withReadOctets(700).withOutOfOrder(OutOfOrder.random());
        for (LinkOptions options : List.of(inOrder, outOfOrder)) {
            List<String> first = trace(seed, options);
            assertThat(trace(seed, options)).isEqualTo(first);
            assertThat(first).hasSizeGreaterThan(100);
            assertThat(trace(seed + 1, options)).isNotEqualTo(first);
        }
    }

    @Test
    void hundredsOfQueuePairsShareOneNetwork() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(9)) {
            network.linkOptions(LinkOptions.defaults().withOutOfOrder(OutOfOrder.random()));
            try (DevicePair pair = DevicePair.open(PairOptions.defaults().withOpener(network::open))) {
                List<PairLink> links = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    links.add(pair.connectAnother());
                }
                for (int round = 0; round < 10; round++) {
                    for (PairLink link : links) {
                        link.server().postEmptyReceive(round);
                        link.client()
                                .queuePair()
                                .postSend(new SendRequest().send().signaled(false))
                                .orThrow();
                    }
                }
                for (PairLink link : links) {
                    for (int round = 0; round < 10; round++) {
                        assertThat(link.server().awaitReceiveSuccess().id()).isEqualTo(round);
                    }
                }
            }
        }
    }

    private static List<String> trace(long seed, LinkOptions options) {
        List<String> lines = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        try (SimulatedNetwork network = SimulatedNetwork.seeded(seed)) {
            network.onTrace(lines::add);
            network.linkOptions(options);
            try (DevicePair pair = DevicePair.open(PairOptions.defaults().withOpener(network::open))) {
                MemoryRegion source = pair.client().register(1 << 16);
                MemoryRegion target = pair.server().register(1 << 16, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
                for (int i = 0; i < 40; i++) {
                    int length = 1 + random.nextInt(20_000);
                    SendRequest request = new SendRequest();
                    if (random.nextBoolean()) {
                        request.write(target.remote(0, length));
                    } else {
                        request.read(target.remote(0, length));
                    }
                    pair.client()
                            .queuePair()
                            .postSend(request.id(i).local(source, 0, length))
                            .orThrow();
                }
                for (int i = 0; i < 40; i++) {
                    assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(i);
                }
            }
        }
        return lines;
    }

    private static ConnectionParameters parameters() {
        return ConnectionParameters.defaults();
    }

    /** A queue pair on each of two devices, and a listener. */
    private static final class Ends {
        final Device client;
        final Device server;
        final ConnectionListener listener;
        final QueuePair clientPair;
        final QueuePair serverPair;

        Ends(SimulatedNetwork network) {
            client = network.open(DeviceOptions.defaults().withName("client"));
            server = network.open(DeviceOptions.defaults().withName("server"));
            clientPair = queuePair(client);
            serverPair = queuePair(server);
            try {
                listener = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static QueuePair queuePair(Device device) {
            ProtectionDomain domain = device.allocateProtectionDomain();
            CompletionQueue queue = device.createCompletionQueue(64);
            return domain.createQueuePair(QueuePairOptions.with(queue, queue));
        }
    }
}
