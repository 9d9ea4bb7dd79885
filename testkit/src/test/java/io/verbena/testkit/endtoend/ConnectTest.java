package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRefusedException;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connecting and accepting as applications do it: blocking, with futures, with a handler; and what is refused at once. */
@Tag("tcp")
@Timeout(30)
@ConnectedPair
@ExpectBadEvents
class ConnectTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final ConnectionParameters PARAMETERS = ConnectionParameters.defaults();

    @Test
    void connectsAndAcceptsWithBlockingCalls(DevicePair pair) throws Exception {
        PairEnd client = pair.newClientEnd();
        PairEnd server = pair.newServerEnd();
        CompletableFuture<Connection> accepted = new CompletableFuture<>();
        Thread accepting = new Thread(() -> {
            try {
                accepted.complete(pair.listener().nextRequest(DEADLINE).accept(server.queuePair(), PARAMETERS));
            } catch (IOException | InterruptedException | TimeoutException e) {
                accepted.completeExceptionally(e);
            }
        });
        accepting.start();
        Connection connection =
                pair.clientDevice().connect(client.queuePair(), pair.listener().localAddress(), PARAMETERS);
        assertThat(connection.queuePair()).isSameAs(client.queuePair());
        assertThat(connection.remoteAddress()).isEqualTo(pair.listener().localAddress());
        assertThat(accepted.join().remoteAddress()).isEqualTo(connection.localAddress());
        assertThat(client.queuePair().state()).isEqualTo(QueuePairState.RTS);
        assertThat(server.queuePair().state()).isEqualTo(QueuePairState.RTS);
        accepting.join(DEADLINE.toMillis());
    }

    @Test
    void givesRequestsToAHandler(DevicePair pair) throws Exception {
        try (ConnectionListener listener = pair.serverDevice().listen(loopback())) {
            List<PairEnd> ends = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ends.add(pair.newServerEnd());
            }
            List<CompletableFuture<Connection>> accepted = new ArrayList<>();
            listener.onRequest(request ->
                    accepted.add(request.acceptAsync(ends.get(accepted.size()).queuePair(), PARAMETERS)));
            List<CompletableFuture<Connection>> connecting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                connecting.add(pair.clientDevice()
                        .connectAsync(pair.newClientEnd().queuePair(), listener.localAddress(), PARAMETERS));
            }
            for (CompletableFuture<Connection> each : connecting) {
                assertThat(each.get().agreement().initiator()).isTrue();
            }
            assertThatThrownBy(() -> listener.nextRequest(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void connectsOverIpv6(DevicePair pair) throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        assumeTrue(NetworkInterface.getByInetAddress(six) != null, "this machine has no IPv6 loopback");
        try (ConnectionListener listener = pair.serverDevice().listen(new InetSocketAddress(six, 0))) {
            PairEnd client = pair.newClientEnd();
            PairEnd server = pair.newServerEnd();
            CompletableFuture<Connection> connecting =
                    pair.clientDevice().connectAsync(client.queuePair(), listener.localAddress(), PARAMETERS);
            listener.nextRequest(DEADLINE).accept(server.queuePair(), PARAMETERS);
            assertThat(connecting.get().remoteAddress().getAddress()).isEqualTo(six);
            server.postEmptyReceive(1);
            client.queuePair().postSend(new SendRequest().send()).orThrow();
            server.awaitReceiveSuccess();
        }
    }

    @Test
    void decidesOnARequestOnce(DevicePair pair) throws Exception {
        PairEnd client = pair.newClientEnd();
        PairEnd server = pair.newServerEnd();
        CompletableFuture<Connection> connecting = pair.clientDevice()
                .connectAsync(client.queuePair(), pair.listener().localAddress(), PARAMETERS);
        ConnectionRequest request = pair.listener().nextRequest(DEADLINE);
        assertThatThrownBy(() -> request.accept(pair.server().queuePair(), PARAMETERS))
                .as("a queue pair that is not in Idle")
                .isInstanceOf(IllegalStateException.class);
        request.accept(server.queuePair(), PARAMETERS);
        assertThatThrownBy(() -> request.accept(pair.newServerEnd().queuePair(), PARAMETERS))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> request.reject(new byte[0])).isInstanceOf(IllegalStateException.class);
        connecting.get();
    }

    @Test
    void refusesToConnectAQueuePairThatIsNotIdle(DevicePair pair) {
        assertThatThrownBy(() -> pair.clientDevice()
                        .connect(pair.client().queuePair(), pair.listener().localAddress(), PARAMETERS))
                .isInstanceOf(IllegalStateException.class);
        assertThat(pair.client().queuePair().state()).isEqualTo(QueuePairState.RTS);
    }

    @Test
    void closesWhoWaitsForADecisionWhenTheListenerIsClosed(DevicePair pair) throws Exception {
        PairEnd client = pair.newClientEnd();
        ConnectionListener listener = pair.serverDevice().listen(loopback());
        CompletableFuture<Connection> connecting =
                pair.clientDevice().connectAsync(client.queuePair(), listener.localAddress(), PARAMETERS);
        ConnectionRequest request = listener.nextRequest(DEADLINE);
        listener.close();
        listener.close();
        assertThatThrownBy(connecting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ConnectionLostException.class);
        assertThatThrownBy(() -> listener.nextRequest(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        PairEnd server = pair.newServerEnd();
        assertThatThrownBy(() -> request.accept(server.queuePair(), PARAMETERS))
                .isInstanceOfAny(ConnectionFailedException.class, IllegalStateException.class);
        assertThat(client.queuePair().state()).isEqualTo(QueuePairState.IDLE);
        assertThat(server.queuePair().state()).isIn(QueuePairState.IDLE, QueuePairState.ERROR);
        assertThatThrownBy(() -> pair.clientDevice().connect(client.queuePair(), listener.localAddress(), PARAMETERS))
                .isInstanceOf(ConnectionRefusedException.class);
    }

    @Test
    void keepsEstablishedConnectionsWhenTheListenerIsClosed(DevicePair pair) {
        pair.listener().close();
        pair.server().postEmptyReceive(1);
        pair.client().queuePair().postSend(new SendRequest().send()).orThrow();
        pair.server().awaitReceiveSuccess();
    }

    @Test
    void givesUpAnAttemptWhenItsQueuePairIsClosed(DevicePair pair) throws Exception {
        PairEnd client = pair.newClientEnd();
        CompletableFuture<Connection> connecting = pair.clientDevice()
                .connectAsync(client.queuePair(), pair.listener().localAddress(), PARAMETERS);
        ConnectionRequest request = pair.listener().nextRequest(DEADLINE);
        client.queuePair().close();
        SystemDeadline.awaitUsual("the end of the attempt", connecting::isDone);
        assertThat(connecting).isCompletedExceptionally();
        PairEnd server = pair.newServerEnd();
        try {
            request.accept(server.queuePair(), PARAMETERS);
            server.await(
                    "the end of a connection nobody wants",
                    () -> server.queuePair().state() != QueuePairState.RTS);
        } catch (ConnectionFailedException e) {
            assertThat(e).isInstanceOf(ConnectionLostException.class);
        }
    }

    @Test
    void givesUpAnAttemptWhenItsQueuePairMovesToError(DevicePair pair) throws Exception {
        PairEnd client = pair.newClientEnd();
        CompletableFuture<Connection> connecting = pair.clientDevice()
                .connectAsync(client.queuePair(), pair.listener().localAddress(), PARAMETERS);
        pair.listener().nextRequest(DEADLINE);
        client.queuePair().modify(QueuePairState.ERROR);
        SystemDeadline.awaitUsual("the end of the attempt", connecting::isDone);
        assertThatThrownBy(connecting::join).hasCauseInstanceOf(ConnectionLostException.class);
        client.queuePair().modify(QueuePairState.IDLE);
        pair.connect(new PairLink(client, pair.newServerEnd()));
    }

    @Test
    void givesUpAttemptsWhenTheDeviceIsClosed(DevicePair pair) throws Exception {
        Device device = Device.open(DeviceOptions.defaults());
        CompletionQueue queue = device.createCompletionQueue(8);
        QueuePair queuePair = device.allocateProtectionDomain().createQueuePair(QueuePairOptions.with(queue));
        CompletableFuture<Connection> connecting =
                device.connectAsync(queuePair, pair.listener().localAddress(), PARAMETERS);
        pair.listener().nextRequest(DEADLINE);
        device.close();
        SystemDeadline.awaitUsual("the end of the attempt", connecting::isDone);
        assertThat(connecting).isCompletedExceptionally();
    }

    @Test
    void givesUpAnAttemptWhenItsThreadIsInterrupted(DevicePair pair) throws Exception {
        PairEnd client = pair.newClientEnd();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread connecting = new Thread(() -> {
            try {
                pair.clientDevice().connect(client.queuePair(), pair.listener().localAddress(), PARAMETERS);
            } catch (IOException | InterruptedException e) {
                thrown.complete(e);
            }
        });
        connecting.start();
        ConnectionRequest request = pair.listener().nextRequest(DEADLINE);
        connecting.interrupt();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        client.awaitState(QueuePairState.IDLE);
        request.reject(new byte[0]);
    }

    @Test
    void saysHowLongItWaitedForARequest(DevicePair pair) {
        assertThatThrownBy(() -> pair.listener().nextRequest(Duration.ofMillis(30)))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void refusesAnAddressThatIsTaken(DevicePair pair) {
        assertThatThrownBy(() -> pair.clientDevice().listen(pair.listener().localAddress()))
                .isInstanceOf(IOException.class);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
