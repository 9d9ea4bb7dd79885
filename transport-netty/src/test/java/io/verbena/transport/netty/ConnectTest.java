package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.verbena.transport.ByteStream;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("tcp")
@Timeout(30)
class ConnectTest {
    private final TcpPair pair = new TcpPair();

    @AfterEach
    void close() {
        pair.close();
    }

    private TcpPair.ConnectFailure failureOf(InetSocketAddress remote, StreamOptions options) {
        CompletableFuture<Probe> outcome =
                TcpPair.connect(pair.client, pair.client.loop(0), remote, options, Probe::new);
        ExecutionException thrown =
                catchThrowableOfType(ExecutionException.class, () -> outcome.get(10, TimeUnit.SECONDS));
        return (TcpPair.ConnectFailure) thrown.getCause();
    }

    @Test
    void tellsBothEndsWhereTheyAre() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ByteStream client = ends.client().stream;
        ByteStream server = ends.server().stream;
        assertThat(client.localAddress()).isEqualTo(server.remoteAddress());
        assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
        assertThat(client.loop()).isSameAs(pair.client.loop(0));
        assertThat(server.loop()).isSameAs(pair.server.loop(0));
    }

    @Test
    void connectsOverIpv6() throws Exception {
        InetAddress loopback6 = InetAddress.getByName("::1");
        assumeThat(canBind(loopback6)).as("IPv6 on loopback").isTrue();
        var ends = pair.connect(StreamOptions.defaults(), new InetSocketAddress(loopback6, 0), Probe::new, Probe::new);
        ends.client().send((byte) 6);
        ends.client().onLoop(ends.client().stream::shutdownOutput);
        ends.server().endOfStream.get(10, TimeUnit.SECONDS);
        assertThat(ends.server().received()).containsExactly(6);
        assertThat(ends.client().stream.remoteAddress().getAddress()).isEqualTo(loopback6);
        assertThat(ends.client().stream.segmentOctets()).isEqualTo(65535 - 60 - 12);
    }

    private static boolean canBind(InetAddress address) {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.isBound();
        } catch (IOException noSuchAddress) {
            return false;
        }
    }

    @Test
    void saysRefusedWhenNobodyListens() throws Exception {
        InetSocketAddress deserted;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deserted = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        assertThat(failureOf(deserted, StreamOptions.defaults()).error).isEqualTo(StreamError.REFUSED);
    }

    @Test
    void saysUnreachableForANameThatWasNotResolved() {
        TcpPair.ConnectFailure failure =
                failureOf(InetSocketAddress.createUnresolved("no-such-host.invalid", 1), StreamOptions.defaults());
        assertThat(failure.error).isEqualTo(StreamError.UNREACHABLE);
        assertThat(failure.getCause()).isInstanceOf(UnknownHostException.class).hasMessage("no-such-host.invalid");
    }

    @Test
    void saysUnreachableWhereTcpCannotGo() throws Exception {
        // A multicast group is no place for a TCP connection; the system refuses without sending anything.
        InetSocketAddress group = new InetSocketAddress(InetAddress.getByName("224.0.0.1"), 9);
        TcpPair.ConnectFailure failure = failureOf(group, StreamOptions.defaults());
        assertThat(failure.error).isEqualTo(StreamError.UNREACHABLE);
        assertThat(failure.getCause()).isInstanceOf(SocketException.class);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "answers a full backlog with a reset")
    void givesUpWhenItsTimeIsOver() throws Exception {
        List<SocketChannel> crowd = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress remote = (InetSocketAddress) full.getLocalSocketAddress();
            // Nobody accepts: once the backlog is full the system leaves further SYNs unanswered.
            for (int i = 0; i < 8; i++) {
                SocketChannel waiting = SocketChannel.open();
                crowd.add(waiting);
                waiting.configureBlocking(false);
                waiting.connect(remote);
            }
            long start = System.nanoTime();
            StreamOptions impatient = new StreamOptions(true, 0, 0, true, 0, 0, 0, 0, 150_000_000, 1);
            TcpPair.ConnectFailure failure = failureOf(remote, impatient);
            assertThat(failure.error).isEqualTo(StreamError.TIMED_OUT);
            assertThat(failure.getCause()).hasMessageContaining("150 ms");
            assertThat(System.nanoTime() - start).isBetween(140_000_000L, 5_000_000_000L);
        } finally {
            for (SocketChannel waiting : crowd) {
                waiting.close();
            }
        }
    }

    @Test
    void resetsTheStreamOfAnOutcomeThatGivesNoHandler() throws Exception {
        CompletableFuture<Probe> accepted = new CompletableFuture<>();
        CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
        try (var listening = pair.listen(TcpPair.anyPort(), StreamOptions.defaults(), stream -> {
            Probe probe = new Probe(stream);
            accepted.complete(probe);
            return probe;
        })) {
            pair.client
                    .loop(0)
                    .execute(() -> Thread.currentThread()
                            .setUncaughtExceptionHandler((thread, failure) -> uncaught.complete(failure)));
            TcpPair.connect(
                    pair.client, pair.client.loop(0), listening.localAddress(), StreamOptions.defaults(), s -> null);
            assertThat(uncaught.get(10, TimeUnit.SECONDS)).hasMessageContaining("no handler");
            assertThat(accepted.get(10, TimeUnit.SECONDS)
                            .failure
                            .get(10, TimeUnit.SECONDS)
                            .error())
                    .isEqualTo(StreamError.RESET);
        }
    }

    @Test
    void refusesTheLoopOfAnotherTransport() {
        assertThatThrownBy(() -> TcpPair.connect(
                        pair.client, pair.server.loop(0), TcpPair.anyPort(), StreamOptions.defaults(), Probe::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a loop of this transport");
    }

    @Test
    void saysTransportClosedAfterClose() {
        pair.client.close();
        assertThat(failureOf(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9), StreamOptions.defaults())
                        .error)
                .isEqualTo(StreamError.TRANSPORT_CLOSED);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "answers a full backlog with a reset")
    void saysTransportClosedToAttemptsUnderWay() throws Exception {
        List<CompletableFuture<StreamHandler>> attempts = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress remote = (InetSocketAddress) full.getLocalSocketAddress();
            for (int i = 0; i < 8; i++) {
                attempts.add(TcpPair.connect(
                        pair.client, pair.client.loop(0), remote, StreamOptions.defaults(), Probe::new));
            }
            pair.client.close();
            assertThat(attempts).allMatch(CompletableFuture::isDone);
            assertThat(attempts)
                    .anySatisfy(attempt -> assertThatThrownBy(attempt::join)
                            .hasMessageContaining(StreamError.TRANSPORT_CLOSED.words()));
        }
    }
}
