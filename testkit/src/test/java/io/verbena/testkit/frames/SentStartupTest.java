package io.verbena.testkit.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.ReadyToReceive;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every octet of the startup frames that a device sends, and what it sends before, between and instead of them. */
@Tag("tcp")
@Timeout(30)
class SentStartupTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final ConnectionParameters PARAMETERS = ConnectionParameters.defaults();
    private static final byte[] LONGEST = HexVectors.pattern(512);
    private static final byte[] LONGEST_ENHANCED = HexVectors.pattern(508);
    private static final int NOT_NEGOTIATED = RawStartup.NOT_NEGOTIATED;

    /** More Reads than any device serves, and the most that the 14 bits can say. */
    private static final int ABSURD = 0x3FFE;

    private DevicePair pair;

    @AfterEach
    void close() {
        if (pair != null) {
            pair.close();
        }
    }

    private PairEnd clientEnd() {
        pair = DevicePair.open(PairOptions.defaults());
        return pair.newClientEnd();
    }

    static Stream<Arguments> requests() {
        RawStartup first = RawStartup.request();
        return Stream.of(
                Arguments.of(PARAMETERS.withRevision(1), first),
                Arguments.of(PARAMETERS.withRevision(1).withCrc(false), first.withCrc(false)),
                Arguments.of(
                        PARAMETERS.withRevision(1).withMarkers(true).withPrivateData(LONGEST),
                        first.withMarkers(true).withPrivateData(LONGEST)),
                Arguments.of(PARAMETERS, first.withDepths(16, 16)),
                Arguments.of(PARAMETERS.withReadDepths(3, 5), first.withDepths(3, 5)),
                Arguments.of(
                        PARAMETERS.withMarkers(true).withPrivateData(LONGEST_ENHANCED),
                        first.withMarkers(true).withDepths(16, 16).withPrivateData(LONGEST_ENHANCED)),
                Arguments.of(
                        PARAMETERS.withReadDepths(NOT_NEGOTIATED, NOT_NEGOTIATED),
                        first.withDepths(NOT_NEGOTIATED, NOT_NEGOTIATED)),
                Arguments.of(PARAMETERS.withPeerToPeer(ReadyToReceive.SEND), first.withEnhancedWord(0b1100, 16, 16)),
                Arguments.of(
                        PARAMETERS.withPeerToPeer(ReadyToReceive.WRITE, ReadyToReceive.READ),
                        first.withEnhancedWord(0b1011, 16, 16)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    @Requirement({
        "MPA-7.1-03",
        "MPA-7.1-06",
        "MPA-7.1.1-01",
        "MPA-7.1.1-13",
        "MPA-7.1.1-15",
        "MPA-7.1.1-19",
        "MPA-7.1.2-01",
        "MPA-7.1.2-02",
        "ENH-5-02",
        "ENH-6-01",
        "ENH-6-02",
        "ENH-6-03",
        "ENH-6-04",
        "ENH-6-05",
        "ENH-6-07",
        "ENH-6-08",
        "ENH-9-01",
        "ENH-9.2-01",
        "ENH-9.2-02",
        "ENH-9.2-13",
        "ENH-9.2-15",
        "ENH-10-03"
    })
    void theRequestIsExactlyThis(ConnectionParameters parameters, RawStartup expected) {
        PairEnd end = clientEnd();
        try (RawListener listener = RawPeer.listen()) {
            CompletableFuture<Connection> connecting =
                    end.device().connectAsync(end.queuePair(), listener.address(), parameters);
            try (RawPeer peer = listener.accept()) {
                byte[] frame = peer.expectOctets(expected.octets().length);
                assertThat(HexVectors.hex(frame)).isEqualTo(HexVectors.hex(expected.octets()));
                // Whoever waits for more before the Reply waits in vain, so a look is enough.
                assertThat(peer.nothingArrived()).isTrue();
            }
            assertThatThrownBy(connecting::join).hasCauseInstanceOf(ConnectionLostException.class);
        }
    }

    static Stream<Arguments> replies() {
        RawStartup asked = RawStartup.request();
        RawStartup reply = RawStartup.reply();
        ConnectionParameters every = PARAMETERS.withPeerToPeer(ReadyToReceive.values());
        return Stream.of(
                Arguments.of(asked, PARAMETERS, reply),
                Arguments.of(asked.withCrc(false), PARAMETERS, reply),
                Arguments.of(asked.withCrc(false), PARAMETERS.withCrc(false), reply.withCrc(false)),
                Arguments.of(
                        asked,
                        PARAMETERS.withMarkers(true).withPrivateData(LONGEST),
                        reply.withMarkers(true).withPrivateData(LONGEST)),
                Arguments.of(asked.withDepths(16, 16), PARAMETERS, reply.withDepths(16, 16)),
                Arguments.of(asked.withDepths(3, 4), PARAMETERS, reply.withDepths(16, 3)),
                Arguments.of(asked.withDepths(ABSURD, ABSURD), PARAMETERS, reply.withDepths(16, 16)),
                Arguments.of(
                        asked.withDepths(5, 5).withPrivateData(LONGEST_ENHANCED),
                        PARAMETERS.withPrivateData(LONGEST_ENHANCED),
                        reply.withDepths(16, 5).withPrivateData(LONGEST_ENHANCED)),
                // Who names no ORD gets no IRD, and the other way round.
                Arguments.of(asked.withDepths(4, NOT_NEGOTIATED), PARAMETERS, reply.withDepths(NOT_NEGOTIATED, 4)),
                Arguments.of(asked.withDepths(NOT_NEGOTIATED, 4), PARAMETERS, reply.withDepths(16, NOT_NEGOTIATED)),
                Arguments.of(
                        asked.withDepths(NOT_NEGOTIATED, NOT_NEGOTIATED),
                        PARAMETERS,
                        reply.withDepths(NOT_NEGOTIATED, NOT_NEGOTIATED)),
                // A 8, B (Send) 4, C (Write) 2, D (Read) 1: what both know; if that is nothing, what the responder
                // knows.
                Arguments.of(asked.withEnhancedWord(0b1111, 4, 4), every, reply.withEnhancedWord(0b1111, 16, 4)),
                Arguments.of(asked.withEnhancedWord(0b1011, 4, 4), every, reply.withEnhancedWord(0b1011, 16, 4)),
                Arguments.of(asked.withEnhancedWord(0b1010, 4, 4), every, reply.withEnhancedWord(0b1010, 16, 4)),
                Arguments.of(
                        asked.withEnhancedWord(0b1110, 4, 4),
                        PARAMETERS.withPeerToPeer(ReadyToReceive.WRITE, ReadyToReceive.READ),
                        reply.withEnhancedWord(0b1010, 16, 4)),
                Arguments.of(
                        asked.withEnhancedWord(0b1100, 4, 4),
                        PARAMETERS.withPeerToPeer(ReadyToReceive.READ),
                        reply.withEnhancedWord(0b1001, 16, 4)),
                Arguments.of(
                        asked.withEnhancedWord(0b1000, 4, 4),
                        PARAMETERS.withPeerToPeer(ReadyToReceive.WRITE),
                        reply.withEnhancedWord(0b1010, 16, 4)),
                Arguments.of(asked.withEnhancedWord(0b0111, 4, 4), every, reply.withDepths(16, 4)));
    }

    @ParameterizedTest
    @MethodSource("replies")
    @Requirement({
        "MPA-7.1.1-03",
        "MPA-7.1.1-12",
        "MPA-7.1.1-13",
        "MPA-7.1.1-19",
        "MPA-7.1.2-08",
        "MPA-7.1.2-09",
        "ENH-6-01",
        "ENH-6-02",
        "ENH-6-08",
        "ENH-9-01",
        "ENH-9.1-02",
        "ENH-9.1-12",
        "ENH-9.1-14",
        "ENH-9.2-04",
        "ENH-9.2-05",
        "ENH-9.2-06",
        "ENH-9.2-07",
        "ENH-9.2-08",
        "ENH-9.2-09",
        "ENH-9.2-14",
        "ENH-9.2-15",
        "ENH-10-01",
        "ENH-10-02",
        "ENH-10-04",
        "ENH-12-01"
    })
    void theReplyIsExactlyThis(RawStartup request, ConnectionParameters parameters, RawStartup expected)
            throws Exception {
        pair = DevicePair.open(PairOptions.defaults());
        PairEnd end = pair.newServerEnd();
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRequest(request);
            CompletableFuture<Connection> accepted =
                    pair.listener().nextRequest(DEADLINE).acceptAsync(end.queuePair(), parameters);
            byte[] frame = peer.expectOctets(expected.octets().length);
            assertThat(HexVectors.hex(frame)).isEqualTo(HexVectors.hex(expected.octets()));
            assertThat(peer.nothingArrived()).isTrue();
            if ((request.flags() & 0x10) != 0 && request.outboundReadDepth() == NOT_NEGOTIATED) {
                // RFC 6581 section 9.1: not negotiated means as it is, and here it is 16.
                assertThat(accepted.join().agreement().inboundReadDepth()).isEqualTo(16);
            }
            if ((request.flags() & 0x10) != 0 && request.inboundReadDepth() == NOT_NEGOTIATED) {
                assertThat(accepted.join().agreement().outboundReadDepth()).isEqualTo(16);
            }
            end.queuePair().abort();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Requirement({"MPA-7.1.1-12", "MPA-7.1.2-05", "MPA-7.1.2-06", "MPA-7.1.2-18", "ENH-10-01", "ENH-10-02"})
    void theRejectionSaysSoAndWhy(int revision) throws Exception {
        pair = DevicePair.open(PairOptions.defaults());
        byte[] reason = revision == 1 ? LONGEST : LONGEST_ENHANCED;
        RawStartup request = RawStartup.request().withPrivateData(new byte[] {5});
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRequest(revision == 1 ? request : request.withDepths(1, 1));
            ConnectionRequest arrived = pair.listener().nextRequest(DEADLINE);
            assertThat(arrived.privateData()).containsExactly(5);
            arrived.reject(reason);
            RawStartup reply = peer.expectReply();
            assertThat(reply.flags()).isEqualTo(revision == 1 ? 0x60 : 0x70);
            assertThat(reply.revision()).isEqualTo(revision);
            assertThat(reply.privateData()).isEqualTo(reason);
            peer.expectClose();
        }
    }

    static Stream<Arguments> crcWishes() {
        return Stream.of(PlacementMode.values())
                .flatMap(mode -> Stream.of(true, false).map(crc -> Arguments.of(mode, crc)));
    }

    @ParameterizedTest
    @MethodSource("crcWishes")
    @Requirement({"MPA-1.2-02", "MPA-4.4-02", "MPA-4.4-03"})
    void asksForCrcUnlessTheApplicationHasSaidNo(PlacementMode mode, boolean crc) throws Exception {
        ConnectionParameters parameters = (crc ? PARAMETERS : PARAMETERS.withCrc(false))
                .withPlacement(mode)
                .withRevision(1);
        boolean asks = crc && mode != PlacementMode.DIRECT;
        PairEnd end = clientEnd();
        try (RawListener listener = RawPeer.listen()) {
            end.device().connectAsync(end.queuePair(), listener.address(), parameters);
            try (RawPeer peer = listener.accept()) {
                assertThat(peer.expectRequest().crc()).isEqualTo(asks);
            }
        }
        PairEnd answering = pair.newServerEnd();
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRequest(RawStartup.request().withCrc(false));
            pair.listener().nextRequest(DEADLINE).accept(answering.queuePair(), parameters);
            assertThat(peer.expectReply().crc()).isEqualTo(asks);
            answering.queuePair().abort();
        }
    }

    @Test
    @Requirement({"MPA-7.1-02", "MPA-7.1-05", "MPA-7.1.2-11", "MPA-7.1.2-14"})
    void sendsNothingBeforeTheReplyIsWholeAndThenBothDirectionsSpeakMpa() {
        PairEnd end = clientEnd();
        end.postEmptyReceive(1);
        end.queuePair().postSend(new SendRequest().send()).orThrow();
        try (RawListener listener = RawPeer.listen()) {
            CompletableFuture<Connection> connecting =
                    end.device().connectAsync(end.queuePair(), listener.address(), PARAMETERS.withRevision(1));
            try (RawPeer peer = listener.accept()) {
                peer.expectRequest();
                byte[] reply = RawStartup.reply().withPrivateData(new byte[4]).octets();
                peer.sendRaw(Arrays.copyOf(reply, reply.length - 1));
                requireOthersWork();
                assertThat(peer.nothingArrived()).isTrue();
                assertThat(connecting).isNotDone();
                peer.sendRaw(Arrays.copyOfRange(reply, reply.length - 1, reply.length));
                byte[] first = peer.expectOctets(24);
                assertThat(ByteBuffer.wrap(first).getShort()).isEqualTo((short) 18);
                assertThat(first[3]).as("RDMAP version 1, opcode Send").isEqualTo((byte) 0x43);
                peer.sendRaw(new RawFramer(false, true)
                        .frame(RawSegment.send(1, new byte[0]).octets()));
                assertThat(end.awaitReceiveSuccess().id()).isOne();
                assertThat(end.queuePair().state()).isEqualTo(QueuePairState.RTS);
                end.queuePair().abort();
            }
        }
    }

    @Test
    @Requirement("MPA-7.1.2-17")
    void theApplicationMayCloseAfterALookAtThePrivateData() {
        PairEnd end = clientEnd();
        try (RawListener listener = RawPeer.listen()) {
            CompletableFuture<Connection> connecting =
                    end.device().connectAsync(end.queuePair(), listener.address(), PARAMETERS);
            try (RawPeer peer = listener.accept()) {
                peer.expectRequest();
                peer.sendReply(RawStartup.reply().withDepths(1, 1).withPrivateData(new byte[] {9}));
                assertThat(connecting.join().privateData()).containsExactly(9);
                end.queuePair().modify(QueuePairState.CLOSING);
                peer.expectClose();
                peer.finish();
                end.awaitState(QueuePairState.IDLE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Requirement({"MPA-3-13", "MPA-C.1-01"})
    void everyRevisionOfMpaStandsForVersionOneOfDdpAndRdmapInBothDirections(int revision) {
        RawStartup reply = RawStartup.reply();
        try (RawPartner partner =
                new RawPartner(PARAMETERS.withRevision(revision), revision == 1 ? reply : reply.withDepths(16, 16))) {
            assertThat(partner.end().connection().agreement().revision()).isEqualTo(revision);
            partner.end().postEmptyReceive(1);
            partner.end().queuePair().postSend(new SendRequest().send()).orThrow();
            RawSegment sent = partner.peer().expectFpdu();
            assertThat(sent.ddpControl() & 0x3).isOne();
            assertThat(sent.rdmapControl() >>> 6).isOne();
            partner.peer().sendFpdu(RawSegment.send(1, new byte[0]));
            partner.end().awaitReceiveSuccess();
            partner.peer().sendFpdu(RawSegment.send(2, new byte[0]).withDdpControl(0x40));
            partner.peer().expectTerminate(1, 2, 0x06);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true"})
    @Requirement("ENH-9.3-01")
    void tellsThePeerWhenItCannotKeepAConnectionThatWasAgreed(int revision, boolean told) {
        PairEnd[] victim = new PairEnd[1];
        pair = DevicePair.open(PairOptions.defaults()
                .withListeners(
                        onReply(() -> victim[0].queuePair().modify(QueuePairState.ERROR)), new StackEvents() {}));
        PairEnd end = pair.newClientEnd();
        try (RawListener listener = RawPeer.listen()) {
            CompletableFuture<Connection> connecting =
                    end.device().connectAsync(end.queuePair(), listener.address(), PARAMETERS.withRevision(revision));
            try (RawPeer peer = listener.accept()) {
                peer.expectRequest();
                victim[0] = end;
                RawStartup reply = RawStartup.reply();
                peer.sendReply(told ? reply.withDepths(16, 16) : reply);
                if (told) {
                    peer.expectTerminate(2, 0, 0x05).returningNothing();
                    peer.expectClose();
                } else {
                    peer.expectReset();
                }
            }
            assertThatThrownBy(connecting::join)
                    .hasCauseInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("the queue pair left Idle meanwhile");
        }
    }

    /** Returns a listener that does {@code action} when the first Reply comes in after it was made, and only then. */
    private static StackEvents onReply(Runnable action) {
        return new StackEvents() {
            private boolean past;

            @Override
            public void onStartupFrame(
                    String device,
                    Direction direction,
                    InetSocketAddress remote,
                    ByteBuffer lent,
                    int offset,
                    int lengthOctets) {
                // The pair's own connection comes first.
                if (direction == Direction.RECEIVED) {
                    if (past) {
                        action.run();
                    }
                    past = true;
                }
            }
        };
    }

    private void requireOthersWork() {
        pair.server().postEmptyReceive(7);
        pair.client().queuePair().postSend(new SendRequest().send()).orThrow();
        assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(7);
        pair.client().awaitSendSuccess();
    }
}
