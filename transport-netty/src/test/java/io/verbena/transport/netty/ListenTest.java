package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(30)
class ListenTest {
    private final TcpPair pair = new TcpPair();

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void acceptsAtOnceBehindTwoHundredSilentPeers() throws Exception {
        Queue<Probe> accepted = new ConcurrentLinkedQueue<>();
        List<Socket> silent = new ArrayList<>();
        try (var listening = pair.listen(TcpPair.anyPort(), StreamOptions.defaults(), stream -> {
            Probe probe = new Probe(stream);
            accepted.add(probe);
            return probe;
        })) {
            InetSocketAddress address = listening.localAddress();
            for (int i = 0; i < 200; i++) {
                silent.add(new Socket(address.getAddress(), address.getPort()));
            }
            Probe client = TcpPair.connect(
                            pair.client, pair.client.loop(0), address, StreamOptions.defaults(), Probe::new)
                    .get(10, TimeUnit.SECONDS);
            client.send((byte) 1);
            await().until(() -> accepted.stream().anyMatch(probe -> probe.receivedOctets() == 1));
            assertThat(accepted).hasSize(201);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void spreadsConnectionsOverTheLoops() throws Exception {
        Queue<Integer> loops = new ConcurrentLinkedQueue<>();
        try (StreamTransport transport = NettyStreamTransport.open(3, false, "spread-");
                var listening = transport.listen(TcpPair.anyPort(), StreamOptions.defaults(), stream -> {
                    assertThat(stream.loop().inLoop()).isTrue();
                    loops.add(stream.loop().index());
                    return new Probe(stream);
                })) {
            for (int i = 0; i < 6; i++) {
                TcpPair.connect(
                                pair.client,
                                pair.client.loop(0),
                                listening.localAddress(),
                                StreamOptions.defaults(),
                                Probe::new)
                        .get(10, TimeUnit.SECONDS);
            }
            await().until(() -> loops.size() == 6);
            assertThat(loops).containsExactlyInAnyOrder(0, 1, 2, 0, 1, 2);
        }
    }

    @Test
    void closesAConnectionThatNobodyWants() throws Exception {
        try (var listening = pair.listen(TcpPair.anyPort(), StreamOptions.defaults(), stream -> null)) {
            Probe client = TcpPair.connect(
                            pair.client,
                            pair.client.loop(0),
                            listening.localAddress(),
                            StreamOptions.defaults(),
                            Probe::new)
                    .get(10, TimeUnit.SECONDS);
            client.endOfStream.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void stopsListeningAndLeavesAcceptedStreamsAlone() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        StreamTransport.Listening listening = pair.listen(TcpPair.anyPort(), StreamOptions.defaults(), Probe::new);
        listening.close();
        listening.close();
        await().until(() -> {
            CompletableFuture<Probe> attempt = TcpPair.connect(
                    pair.client, pair.client.loop(0), listening.localAddress(), StreamOptions.defaults(), Probe::new);
            await().until(attempt::isDone);
            return attempt.isCompletedExceptionally();
        });
        ends.client().send((byte) 1);
        await().until(() -> ends.server().receivedOctets() == 1);
    }

    @Test
    void namesTheAddressThatCannotBeBound() throws Exception {
        try (var listening = pair.listen(TcpPair.anyPort(), StreamOptions.defaults(), Probe::new)) {
            assertThatThrownBy(() -> pair.listen(listening.localAddress(), StreamOptions.defaults(), Probe::new))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen at 127.0.0.1:"
                            + listening.localAddress().getPort() + ": ");
        }
    }

    @Test
    void goesOnAfterAHandlerThatThrows() throws Exception {
        CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
        CompletableFuture<Probe> second = new CompletableFuture<>();
        IllegalStateException thrown = new IllegalStateException("no");
        pair.server
                .loop(0)
                .execute(() -> Thread.currentThread()
                        .setUncaughtExceptionHandler((thread, failure) -> uncaught.complete(failure)));
        try (var listening = pair.listen(TcpPair.anyPort(), StreamOptions.defaults(), stream -> {
            if (!uncaught.isDone()) {
                throw thrown;
            }
            Probe probe = new Probe(stream);
            second.complete(probe);
            return probe;
        })) {
            TcpPair.connect(
                    pair.client, pair.client.loop(0), listening.localAddress(), StreamOptions.defaults(), Probe::new);
            assertThat(uncaught.get(10, TimeUnit.SECONDS)).isSameAs(thrown);
            TcpPair.connect(
                    pair.client, pair.client.loop(0), listening.localAddress(), StreamOptions.defaults(), Probe::new);
            second.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void refusesToListenAfterClose() {
        pair.server.close();
        assertThatThrownBy(() -> pair.listen(TcpPair.anyPort(), StreamOptions.defaults(), Probe::new))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen at");
    }
}
