package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.RecordedEvent;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.Connection.Agreement;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.ReadyToReceive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two ends agree on, in every combination of what they wish. */
@Tag("tcp")
@Timeout(60)
class NegotiationTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    static Stream<Arguments> everyKind() {
        List<Arguments> kinds = new ArrayList<>();
        for (PlacementMode mode : PlacementMode.values()) {
            for (int markers = 0; markers < 4; markers++) {
                kinds.add(Arguments.of(mode, (markers & 1) != 0, (markers & 2) != 0, 1, null));
                kinds.add(Arguments.of(mode, (markers & 1) != 0, (markers & 2) != 0, 2, null));
                for (ReadyToReceive kind : ReadyToReceive.values()) {
                    kinds.add(Arguments.of(mode, (markers & 1) != 0, (markers & 2) != 0, 2, kind));
                }
            }
        }
        return kinds.stream();
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    @Requirement({"MPA-4.4-04", "MPA-4.4-06", "MPA-4.3-01", "ENH-9.2-03", "ENH-9.2-10", "MPA-7.1.1-18"})
    void worksInEveryKind(
            PlacementMode mode, boolean markersToServer, boolean markersToClient, int revision, ReadyToReceive kind) {
        PairOptions options = PairOptions.defaults()
                .withPlacement(mode)
                .withMarkers(markersToServer, markersToClient)
                .withRevision(revision);
        options = kind == null ? options : options.withPeerToPeer(kind);
        try (DevicePair pair = DevicePair.open(options)) {
            Agreement client = pair.client().connection().agreement();
            Agreement server = pair.server().connection().agreement();
            assertThat(client.initiator()).isTrue();
            assertThat(server.initiator()).isFalse();
            for (Agreement end : List.of(client, server)) {
                assertThat(end.crc()).isEqualTo(mode != PlacementMode.DIRECT);
                assertThat(end.placement()).isEqualTo(mode);
                assertThat(end.revision()).isEqualTo(revision);
                assertThat(end.enhanced()).isEqualTo(revision == 2);
                assertThat(end.peerToPeer()).isEqualTo(kind != null);
            }
            assertThat(client.readyToReceive()).isEqualTo(kind);
            assertThat(client.sendMarkers()).isEqualTo(markersToServer);
            assertThat(client.receiveMarkers()).isEqualTo(markersToClient);
            assertThat(server.sendMarkers()).isEqualTo(markersToClient);
            assertThat(server.receiveMarkers()).isEqualTo(markersToServer);
            if (kind == null) {
                moveEveryWay(pair.client(), pair.server());
                moveEveryWay(pair.server(), pair.client());
            } else {
                // The peer-to-peer model is there so that the accepting application may be the first to send.
                moveEveryWay(pair.server(), pair.client());
                moveEveryWay(pair.client(), pair.server());
            }
        }
    }

    private static void moveEveryWay(PairEnd from, PairEnd to) {
        int length = 150_001;
        TestMemory source = TestMemory.pattern(from, length);
        TestMemory target = TestMemory.open(to, length);
        TestMemory inbox = TestMemory.open(to, length);
        TestMemory sink = TestMemory.open(from, length);
        to.postReceive(1, inbox.region());
        SendRequest request = new SendRequest();
        var queuePair = from.queuePair();
        queuePair
                .postSend(request.write(target.region().remote()).local(source.region(), 0, length))
                .orThrow();
        queuePair
                .postSend(request.read(target.region().remote()).local(sink.region(), 0, length))
                .orThrow();
        queuePair.postSend(request.send().local(source.region(), 0, length)).orThrow();
        from.awaitSendSuccess();
        from.awaitSendSuccess();
        from.awaitSendSuccess();
        to.awaitReceiveSuccess();
        assertThat(target.octets()).isEqualTo(source.octets());
        assertThat(inbox.octets()).isEqualTo(source.octets());
        assertThat(sink.octets()).isEqualTo(source.octets());
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    @Requirement("MPA-4.4-04")
    void checksCrcIfEitherEndWantsIt(boolean clientWants, boolean serverWants) {
        PairOptions options = PairOptions.defaults()
                .withClientParameters(client -> client.withCrc(clientWants))
                .withServerParameters(server -> server.withCrc(serverWants));
        try (DevicePair pair = DevicePair.open(options)) {
            assertThat(pair.client().connection().agreement().crc()).isEqualTo(clientWants || serverWants);
            assertThat(pair.server().connection().agreement().crc()).isEqualTo(clientWants || serverWants);
            moveEveryWay(pair.client(), pair.server());
        }
    }

    @Test
    void offersSeveralOpeningMessagesAndUsesACommonOne() {
        PairOptions options = PairOptions.defaults().withPeerToPeer(ReadyToReceive.values());
        try (DevicePair pair = DevicePair.open(options)) {
            assertThat(pair.client().connection().agreement().readyToReceive())
                    .isIn(ReadyToReceive.WRITE, ReadyToReceive.READ);
            moveEveryWay(pair.server(), pair.client());
        }
    }

    @Test
    @Requirement("MPA-7.1.2-15")
    void letsTheServerSendFirstBehindAnOpeningWrite() {
        PairOptions options =
                PairOptions.defaults().withRevision(1).withClientParameters(client -> client.withOpeningWrite(true));
        try (DevicePair pair = DevicePair.open(options)) {
            moveEveryWay(pair.server(), pair.client());
            assertThat(pair.client().sendCompletions().size()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 255, 256, 507, 508})
    @Requirement({"ENH-6-07", "ENH-9-02", "MPA-7.1.2-23", "MPA-7.1.2-02", "MPA-7.1.2-09"})
    void carriesPrivateDataBothWays(int length) {
        byte[] fromClient = HexVectors.pattern(length);
        byte[] fromServer = HexVectors.pattern(508 - length);
        PairOptions options = PairOptions.defaults()
                .withClientParameters(client -> client.withPrivateData(fromClient))
                .withServerParameters(server -> server.withPrivateData(fromServer));
        try (DevicePair pair = DevicePair.open(options)) {
            assertThat(pair.server().connection().privateData()).isEqualTo(fromClient);
            assertThat(pair.client().connection().privateData()).isEqualTo(fromServer);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 509, 512})
    void carriesMorePrivateDataWithRevision1(int length) {
        byte[] data = HexVectors.pattern(length);
        PairOptions options =
                PairOptions.defaults().withRevision(1).withParameters(parameters -> parameters.withPrivateData(data));
        try (DevicePair pair = DevicePair.open(options)) {
            assertThat(pair.server().connection().privateData()).isEqualTo(data);
            assertThat(pair.client().connection().privateData()).isEqualTo(data);
        }
    }

    @Test
    @ConnectedPair
    @Requirement("MPA-7.1.1-22")
    void refusesPrivateDataThatIsTooLong(DevicePair pair) {
        assertThatThrownBy(() -> ConnectionParameters.defaults().withPrivateData(new byte[513]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("513");
        PairEnd end = pair.newClientEnd();
        assertThatThrownBy(() -> pair.clientDevice()
                        .connect(
                                end.queuePair(),
                                pair.listener().localAddress(),
                                ConnectionParameters.defaults().withPrivateData(new byte[509])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("509");
        assertThat(end.queuePair().state()).isEqualTo(QueuePairState.IDLE);
    }

    @ParameterizedTest
    @ExpectBadEvents(RecordedEvent.Kind.CONNECTION_FAILED)
    @ValueSource(ints = {1, 2})
    @ConnectedPair
    @Requirement({"MPA-7.1.2-18", "MPA-7.1.1-18", "MPA-7.1.2-05", "MPA-7.1.2-06"})
    void rejectsWithPrivateData(int revision, DevicePair pair) throws Exception {
        PairEnd end = pair.newClientEnd();
        CompletableFuture<Connection> connecting = pair.clientDevice()
                .connectAsync(
                        end.queuePair(),
                        pair.listener().localAddress(),
                        ConnectionParameters.defaults().withRevision(revision).withPrivateData(new byte[] {5}));
        ConnectionRequest request = pair.listener().nextRequest(DEADLINE);
        assertThat(request.privateData()).containsExactly(5);
        assertThat(request.revision()).isEqualTo(revision);
        assertThat(request.enhanced()).isEqualTo(revision == 2);
        byte[] reason = HexVectors.pattern(revision == 2 ? 508 : 512);
        request.reject(reason);
        assertThatThrownBy(connecting::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ConnectionRejectedException.class,
                        rejection -> assertThat(rejection.privateData()).isEqualTo(reason));
        assertThat(end.queuePair().state()).isEqualTo(QueuePairState.IDLE);
        assertThatThrownBy(() -> request.reject(reason)).isInstanceOf(IllegalStateException.class);
    }

    @Seeded(count = 12)
    @Requirement({"ENH-9.1-16", "ENH-9-01", "ENH-9.1-01"})
    void agreesOnReadDepthsThatFit(SplittableRandom random) {
        int[] depths = random.ints(4, 1, 40).toArray();
        PairOptions options = PairOptions.defaults()
                .withQueuePairs(queuePair -> queuePair.withReadDepths(64, 64))
                .withClientParameters(client -> client.withReadDepths(depths[0], depths[1]))
                .withServerParameters(server -> server.withReadDepths(depths[2], depths[3]));
        try (DevicePair pair = DevicePair.open(options)) {
            Agreement client = pair.client().connection().agreement();
            Agreement server = pair.server().connection().agreement();
            assertThat(client.outboundReadDepth()).isBetween(1, Math.min(depths[1], server.inboundReadDepth()));
            assertThat(server.outboundReadDepth()).isBetween(1, Math.min(depths[3], client.inboundReadDepth()));
            Connection asked = pair.client().connection();
            assertThat(asked.peerInboundReadDepth()).isEqualTo(server.inboundReadDepth());
            assertThat(asked.peerOutboundReadDepth()).isEqualTo(server.outboundReadDepth());
            Connection answered = pair.server().connection();
            assertThat(answered.peerInboundReadDepth()).isEqualTo(depths[0]);
            assertThat(answered.peerOutboundReadDepth()).isEqualTo(depths[1]);
            readMoreThanTheDepth(pair.client(), pair.server());
            readMoreThanTheDepth(pair.server(), pair.client());
        }
    }

    private static void readMoreThanTheDepth(PairEnd from, PairEnd to) {
        TestMemory source = TestMemory.pattern(to, 100);
        TestMemory sink = TestMemory.open(from, 100);
        for (int i = 0; i < 100; i++) {
            from.queuePair()
                    .postSend(new SendRequest()
                            .read(source.region().remote(i, 1))
                            .id(i)
                            .local(sink.region(), i, 1))
                    .orThrow();
        }
        for (int i = 0; i < 100; i++) {
            assertThat(from.awaitSendSuccess().id()).isEqualTo(i);
        }
        assertThat(sink.octets()).isEqualTo(source.octets());
    }

    /** A responder that serves no Read said once that it served one, to whoever asked for Reads. */
    @Test
    void servesNoReadWhereNoneIsWanted() {
        PairOptions options = PairOptions.defaults().withQueuePairs(queuePair -> queuePair.withReadDepths(0, 4));
        try (DevicePair pair = DevicePair.open(options)) {
            assertThat(pair.server().connection().agreement().inboundReadDepth())
                    .isZero();
            assertThat(pair.client().connection().agreement().outboundReadDepth())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(ReadyToReceive.class)
    @Requirement({"ENH-9.1-03", "ENH-10-01"})
    void opensEvenWhenNoReadsAreWanted(ReadyToReceive kind) {
        PairOptions options = PairOptions.defaults()
                .withPeerToPeer(kind)
                .withParameters(parameters -> parameters.withReadDepths(0, 0));
        try (DevicePair pair = DevicePair.open(options)) {
            pair.client().postEmptyReceive(1);
            pair.server().queuePair().postSend(new SendRequest().send()).orThrow();
            pair.client().awaitReceiveSuccess();
        }
    }
}
