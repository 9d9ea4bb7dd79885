package io.verbena.testkit.streams;

import static io.verbena.testkit.streams.PlainPeers.DEADLINE;
import static io.verbena.testkit.streams.PlainPeers.exchange;
import static io.verbena.testkit.streams.PlainPeers.plainOf;
import static io.verbena.testkit.streams.PlainPeers.read;
import static io.verbena.testkit.streams.PlainPeers.readOne;
import static io.verbena.testkit.streams.PlainPeers.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.PairEnd;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.Device;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.StreamBinding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a TCP connection that begins in streaming mode: plain to the end, or bound to a queue pair. */
@Tag("tcp")
@Timeout(30)
class PlainStreamTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement("SYS-MEM-16")
    void carriesPlainOctetsToTheEnd(boolean callerDriven) throws Exception {
        try (PlainPeers peers = PlainPeers.open(callerDriven)) {
            PlainStream client = peers.connect();
            PlainStream server = peers.accept();
            assertThat(client.remoteAddress()).isEqualTo(server.localAddress());
            assertThat(plainOf(peers.pair().serverDevice())).containsExactly(plain(server, true));
            assertThat(plainOf(peers.pair().clientDevice())).containsExactly(plain(client, false));

            write(client, "how are you?\n");
            assertThat(read(server, 13)).isEqualTo("how are you?\n");
            write(server, "fine\n");
            server.endOutput();
            peers.pair().progress();
            assertThat(read(client, 5)).isEqualTo("fine\n");
            assertThat(readOne(client)).isEqualTo(-1);
            write(client, "bye");
            client.close();
            peers.pair().progress();
            assertThat(read(server, 3)).isEqualTo("bye");
            assertThat(readOne(server)).isEqualTo(-1);
            server.close();

            peers.awaitNoPlainStreams(peers.pair().serverDevice());
            peers.awaitNoPlainStreams(peers.pair().clientDevice());
        }
    }

    private static StreamBinding plain(PlainStream stream, boolean inbound) {
        return new StreamBinding(
                StreamBinding.Kind.PLAIN,
                inbound,
                stream.localAddress(),
                stream.remoteAddress(),
                StreamBinding.NO_QUEUE_PAIR);
    }

    private static StreamBinding bound(PlainStream stream, boolean inbound, PairEnd end) {
        return new StreamBinding(
                StreamBinding.Kind.RDMA,
                inbound,
                stream.localAddress(),
                stream.remoteAddress(),
                end.queuePair().number());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"SYS-MEM-16", "MPA-7.1-01", "MPA-7.1-04", "MPA-7.1.5-02"})
    void bindsAQueuePairAfterSomeText(boolean callerDriven) throws Exception {
        try (PlainPeers peers = PlainPeers.open(callerDriven)) {
            PlainStream client = peers.connect();
            PlainStream server = peers.accept();
            PairEnd initiating = peers.pair().newClientEnd();
            PairEnd responding = peers.pair().newServerEnd();
            write(client, "RDMA?");
            assertThat(read(server, 5)).isEqualTo("RDMA?");
            write(server, "yes");
            assertThat(read(client, 3)).isEqualTo("yes");

            peers.upgrade(client, initiating, server, responding);

            peers.awaitBinding(peers.pair().clientDevice(), bound(client, false, initiating));
            peers.awaitBinding(peers.pair().serverDevice(), bound(server, true, responding));
            client.close();
            server.close();
            exchange(initiating, responding);
            exchange(responding, initiating);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement("SYS-MEM-16")
    void letsTheEndThatAcceptedTcpBeTheInitiator(boolean callerDriven) throws Exception {
        try (PlainPeers peers = PlainPeers.open(callerDriven)) {
            PlainStream client = peers.connect();
            PlainStream server = peers.accept();
            PairEnd initiating = peers.pair().newServerEnd();
            PairEnd responding = peers.pair().newClientEnd();

            peers.upgrade(server, initiating, client, responding);

            peers.awaitBinding(peers.pair().serverDevice(), bound(server, true, initiating));
            exchange(initiating, responding);
            exchange(responding, initiating);
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void tellsInboundStreamsApartByTheirBinding() throws Exception {
        try (PlainPeers peers = PlainPeers.open(false)) {
            PlainStream first = peers.connect();
            PlainStream firstAccepted = peers.accept();
            PlainStream second = peers.connect();
            PlainStream secondAccepted = peers.accept();
            PairEnd initiating = peers.pair().newClientEnd();
            PairEnd responding = peers.pair().newServerEnd();
            peers.upgrade(second, initiating, secondAccepted, responding);
            Connection direct = peers.pair().server().connection();

            assertThat(peers.pair().serverDevice().streams())
                    .containsExactlyInAnyOrder(
                            plain(firstAccepted, true),
                            bound(secondAccepted, true, responding),
                            new StreamBinding(
                                    StreamBinding.Kind.RDMA,
                                    true,
                                    direct.localAddress(),
                                    direct.remoteAddress(),
                                    peers.pair().server().queuePair().number()));
            exchange(peers.pair().client(), peers.pair().server());
            exchange(initiating, responding);
            write(first, "still text");
            assertThat(read(firstAccepted, 10)).isEqualTo("still text");

            responding.queuePair().disconnect(DEADLINE);
            Device device = peers.pair().serverDevice();
            peers.pair().await("the end of the binding", () -> device.streams().size() == 2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement({"SYS-MEM-16", "MPA-7.1.2-07", "MPA-7.1.2-13"})
    void isPlainAgainAfterARejection(boolean callerDriven) throws Exception {
        try (PlainPeers peers = PlainPeers.open(callerDriven)) {
            PlainStream client = peers.connect();
            PlainStream server = peers.accept();
            PairEnd initiating = peers.pair().newClientEnd();
            PairEnd responding = peers.pair().newServerEnd();
            CompletableFuture<Connection> starting = client.startMpaAsync(
                    initiating.queuePair(),
                    ConnectionParameters.defaults().withPrivateData("key 1".getBytes(StandardCharsets.US_ASCII)));
            ConnectionRequest request = peers.awaitMpa(server);
            assertThat(request.privateData())
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("key 1");
            request.reject("wrong key".getBytes(StandardCharsets.US_ASCII));
            peers.pair().await("the rejection", starting::isDone);

            assertThat(failureOf(starting))
                    .isInstanceOfSatisfying(
                            ConnectionRejectedException.class,
                            rejected -> assertThat(rejected.privateData())
                                    .asString(StandardCharsets.US_ASCII)
                                    .isEqualTo("wrong key"));
            assertThat(initiating.queuePair().state()).isEqualTo(QueuePairState.IDLE);
            assertThat(client.binding()).isEqualTo(plain(client, false));
            write(client, "sorry");
            assertThat(read(server, 5)).isEqualTo("sorry");
            write(server, "once more");
            assertThat(read(client, 9)).isEqualTo("once more");

            peers.upgrade(client, initiating, server, responding);
            exchange(initiating, responding);
        }
    }

    private static ConnectionFailedException failureOf(CompletableFuture<Connection> outcome) throws Exception {
        try {
            throw new AssertionError("expected a failure, but there is " + outcome.get());
        } catch (ExecutionException failed) {
            return (ConnectionFailedException) failed.getCause();
        }
    }

    @Test
    @Requirement({"SYS-MEM-16", "RDMAP-6.1-01"})
    void refusesToReadOnceMpaHasBegun() throws Exception {
        try (PlainPeers peers = PlainPeers.open(false)) {
            PlainStream client = peers.connect();
            PlainStream server = peers.accept();
            PairEnd initiating = peers.pair().newClientEnd();
            PairEnd responding = peers.pair().newServerEnd();
            CompletableFuture<Connection> starting =
                    client.startMpaAsync(initiating.queuePair(), ConnectionParameters.defaults());

            assertThatThrownBy(() -> readOne(client))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("MPA has begun on the stream to 127\\.0\\.0\\.1:\\d+");
            assertThatThrownBy(() ->
                            client.startMpa(peers.pair().newClientEnd().queuePair(), ConnectionParameters.defaults()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("MPA has begun on the stream to ");
            assertThatThrownBy(() -> client.awaitMpa(DEADLINE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("MPA has begun on the stream to ");

            server.awaitMpa(DEADLINE).accept(responding.queuePair(), ConnectionParameters.defaults());
            starting.get();
            assertThatThrownBy(() -> write(client, "text"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("the stream to 127\\.0\\.0\\.1:\\d+ is bound to queue pair "
                            + initiating.queuePair().number());
            assertThatThrownBy(server::endOutput)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("the stream from 127\\.0\\.0\\.1:\\d+ is bound to queue pair "
                            + responding.queuePair().number());
            exchange(initiating, responding);
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void staysPlainIfMpaCannotBegin() throws Exception {
        try (PlainPeers peers = PlainPeers.open(false)) {
            PlainStream client = peers.connect();
            PlainStream server = peers.accept();
            assertThatThrownBy(
                            () -> client.startMpa(peers.pair().client().queuePair(), ConnectionParameters.defaults()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> client.awaitMpa(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
            write(client, "a");
            assertThat(readOne(server)).isEqualTo('a');

            server.endOutput();
            PairEnd end = peers.pair().newServerEnd();
            assertThatThrownBy(() -> server.startMpa(end.queuePair(), ConnectionParameters.defaults()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("the output of the stream from 127\\.0\\.0\\.1:\\d+ was ended");
            assertThat(end.queuePair().state()).isEqualTo(QueuePairState.IDLE);
            client.close();
            assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1), DEADLINE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith(" was closed");
        }
    }
}
