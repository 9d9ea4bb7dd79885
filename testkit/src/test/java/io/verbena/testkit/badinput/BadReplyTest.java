package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRefusedException;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ConnectionTimedOutException;
import io.verbena.verbs.cm.IncompatiblePeerException;
import io.verbena.verbs.cm.NotAnMpaPeerException;
import io.verbena.verbs.cm.ReadyToReceive;
import io.verbena.verbs.observe.StackEvents;
import java.lang.reflect.Array;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device that connects makes of what answers it: each failure is of its own type, and the queue pair is Idle again. */
@Tag("tcp")
@Timeout(30)
class BadReplyTest {
    private static final ConnectionParameters PARAMETERS = ConnectionParameters.defaults();

    private final StartupFailures failures = new StartupFailures();
    private DevicePair pair;
    private PairEnd end;
    private RawListener listener;

    @BeforeEach
    void open() {
        pair = DevicePair.open(PairOptions.defaults().withListeners(failures, new StackEvents() {}));
        end = pair.newClientEnd();
        listener = RawPeer.listen();
    }

    @AfterEach
    void close() {
        listener.close();
        pair.close();
    }

    /** Replies that cannot be accepted, and the failure that tells of them. */
    enum BadReply {
        GARBAGE(NotAnMpaPeerException.class, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
        REQUEST_KEY(
                IncompatiblePeerException.class,
                RawStartup.request().withDepths(1, 1).octets()),
        REVISION_3(
                IncompatiblePeerException.class,
                RawStartup.reply().withDepths(1, 1).withRevision(3).octets()),
        NOT_ENHANCED(
                IncompatiblePeerException.class,
                RawStartup.reply().withRevision(2).octets()),
        PRIVATE_DATA_TOO_LONG(
                IncompatiblePeerException.class,
                RawStartup.reply()
                        .withDepths(1, 1)
                        .withPrivateData(new byte[509])
                        .octets()),
        ENHANCED_WORD_CUT_SHORT(
                IncompatiblePeerException.class,
                RawStartup.reply().withDepths(1, 1).withBodyCutTo(3).octets());

        private final Class<? extends ConnectionFailedException> failure;
        private final byte[] octets;

        BadReply(Class<? extends ConnectionFailedException> failure, byte[] octets) {
            this.failure = failure;
            this.octets = octets;
        }
    }

    @ParameterizedTest
    @EnumSource(BadReply.class)
    @Requirement({
        "MPA-7.1.2-12",
        "MPA-8-08",
        "MPA-7.1.2-16",
        "MPA-7.1.2-20",
        "MPA-7.1.1-04",
        "MPA-7.1.1-17",
        "MPA-7.1.1-20",
        "MPA-7.1.2-25"
    })
    void failsToConnectAndSaysNothing(BadReply bad) {
        CompletableFuture<Connection> connecting = connect(PARAMETERS);
        try (RawPeer peer = listener.accept()) {
            peer.expectRequest();
            peer.sendRaw(bad.octets);
            peer.expectEnd();
        }
        requireFailure(connecting, bad.failure);
    }

    @Test
    @Requirement({"ENH-9.1-11", "MPA-7.1.1-12"})
    void handsOverThePrivateDataOfARejection() {
        CompletableFuture<Connection> connecting = connect(PARAMETERS);
        try (RawPeer peer = listener.accept()) {
            peer.expectRequest();
            peer.sendReply(RawStartup.reply()
                    .withDepths(7, 9)
                    .withPrivateData("no".getBytes(StandardCharsets.US_ASCII))
                    .withReject());
        }
        var rejection = requireFailure(connecting, ConnectionRejectedException.class);
        assertThat(rejection.privateData()).asString(StandardCharsets.US_ASCII).isEqualTo("no");
        assertThat(rejection.peerInboundReadDepth()).isEqualTo(7);
        assertThat(rejection.peerOutboundReadDepth()).isEqualTo(9);
    }

    @Test
    @Requirement("ENH-10-06")
    void triesAgainWithRevision1IfThePeerClosesAndThatIsAllowed() {
        CompletableFuture<Connection> connecting = connect(PARAMETERS.withFallback(true));
        try (RawPeer peer = listener.accept()) {
            assertThat(peer.expectRequest().enhanced()).isTrue();
        }
        try (RawPeer peer = listener.accept()) {
            RawStartup request = peer.expectRequest();
            assertThat(request.revision()).isOne();
            assertThat(request.enhanced()).isFalse();
            peer.sendReply(RawStartup.reply());
            assertThat(connecting.join().agreement().revision()).isOne();
            assertThat(connecting.join().agreement().enhanced()).isFalse();
            end.queuePair().abort();
            peer.expectReset();
        }
    }

    @Test
    void failsIfThePeerClosesAndNoOtherRevisionIsAllowed() {
        CompletableFuture<Connection> connecting = connect(PARAMETERS);
        try (RawPeer peer = listener.accept()) {
            peer.expectRequest();
        }
        requireFailure(connecting, ConnectionLostException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 19, 22})
    @Requirement("MPA-7.1.2-26")
    void givesUpOnSilenceAtItsDeadline(int octets) {
        CompletableFuture<Connection> connecting = connect(PARAMETERS.withDeadline(Duration.ofMillis(300)));
        try (RawPeer peer = listener.accept()) {
            peer.expectRequest();
            peer.sendRaw(Arrays.copyOf(RawStartup.reply().withDepths(1, 1).octets(), octets));
            peer.expectEnd();
        }
        requireFailure(connecting, ConnectionTimedOutException.class);
    }

    @Test
    void givesUpOnATcpConnectionThatNobodyAccepts() {
        CompletableFuture<Connection> connecting = connect(PARAMETERS.withDeadline(Duration.ofMillis(300)));
        requireFailure(connecting, ConnectionTimedOutException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noticesAPeerThatLeavesInTheMiddleOfItsReply(boolean reset) {
        CompletableFuture<Connection> connecting = connect(PARAMETERS);
        try (RawPeer peer = listener.accept()) {
            peer.expectRequest();
            peer.sendRaw(Arrays.copyOf(RawStartup.reply().octets(), 10));
            if (reset) {
                peer.reset();
            }
        }
        requireFailure(connecting, ConnectionLostException.class);
    }

    @Test
    void saysThatNobodyListens() {
        InetSocketAddress deserted = listener.address();
        listener.close();
        assertThatThrownBy(() -> end.device().connect(end.queuePair(), deserted, PARAMETERS))
                .isInstanceOf(ConnectionRefusedException.class)
                .hasMessageContaining(String.valueOf(deserted.getPort()));
        assertThat(end.queuePair().state()).isEqualTo(QueuePairState.IDLE);
        assertThat(failures.await(1)).hasSize(1);
    }

    @Test
    @Requirement({"ENH-9.1-09", "ENH-9.1-10", "ENH-9.1-06", "ENH-8-01", "ENH-12-01"})
    void terminatesWhenThePeerWantsMoreReadsThanTheDeviceCanServe() {
        CompletableFuture<Connection> connecting = connect(PARAMETERS);
        try (RawPeer peer = listener.accept()) {
            peer.expectRequest();
            peer.sendReply(RawStartup.reply().withDepths(16, 0x3FFE));
            peer.expectTerminate(2, 0, 0x06).returningNothing();
            peer.expectEnd();
        }
        requireFailure(connecting, IncompatiblePeerException.class);
    }

    @Test
    @Requirement({"ENH-9.2-11", "ENH-9.2-12"})
    void terminatesWhenNoOpeningMessageIsCommon() {
        CompletableFuture<Connection> connecting = connect(PARAMETERS.withPeerToPeer(ReadyToReceive.WRITE));
        try (RawPeer peer = listener.accept()) {
            assertThat(peer.expectRequest().control()).isEqualTo(0b1010);
            peer.sendReply(RawStartup.reply().withEnhancedWord(0b1100, 16, 16));
            peer.expectTerminate(2, 0, 0x07).returningNothing();
            peer.expectEnd();
        }
        requireFailure(connecting, IncompatiblePeerException.class);
    }

    @Test
    @Requirement({
        "ENH-9.1-07",
        "ENH-9.1-08",
        "MPA-4.4-03",
        "MPA-7.1.1-01",
        "MPA-7.1.1-13",
        "MPA-7.1.1-15",
        "MPA-1.2-02",
        "ENH-9.1-01"
    })
    void takesTheDepthsOfTheReply() {
        CompletableFuture<Connection> connecting = connect(PARAMETERS.withReadDepths(4, 16));
        try (RawPeer peer = listener.accept()) {
            RawStartup request = peer.expectRequest();
            assertThat(request.inboundReadDepth()).isEqualTo(4);
            assertThat(request.outboundReadDepth()).isEqualTo(16);
            assertThat(request.crc()).isTrue();
            assertThat(request.markers()).isFalse();
            assertThat(request.flags() & 0x2F).isZero();
            peer.sendReply(RawStartup.reply().withDepths(2, 5));
            assertThat(connecting.join().agreement().outboundReadDepth()).isEqualTo(2);
            assertThat(connecting.join().agreement().inboundReadDepth()).isEqualTo(5);
            assertThat(connecting.join().peerInboundReadDepth()).isEqualTo(2);
            assertThat(connecting.join().peerOutboundReadDepth()).isEqualTo(5);
            end.queuePair().abort();
        }
    }

    @Test
    @Requirement({"ENH-9.1-13", "ENH-9.1-15", "ENH-9.1-01"})
    void keepsItsDepthsWhenTheReplyLeavesThemAlone() {
        CompletableFuture<Connection> connecting = connect(PARAMETERS);
        try (RawPeer peer = listener.accept()) {
            peer.expectRequest();
            peer.sendReply(RawStartup.reply().withDepths(RawStartup.NOT_NEGOTIATED, RawStartup.NOT_NEGOTIATED));
            assertThat(connecting.join().agreement().outboundReadDepth()).isEqualTo(16);
            assertThat(connecting.join().agreement().inboundReadDepth()).isEqualTo(16);
            assertThat(connecting.join().peerInboundReadDepth()).isEqualTo(ConnectionParameters.DEPTH_NOT_NEGOTIATED);
            assertThat(connecting.join().peerOutboundReadDepth()).isEqualTo(ConnectionParameters.DEPTH_NOT_NEGOTIATED);
            end.queuePair().abort();
        }
    }

    @Test
    @Requirement({"MPA-7.1-05", "MPA-7.1.2-14"})
    void takesFpdusThatFollowTheReplyAtOnce() {
        MemoryRegion inbox = end.register(64);
        end.postReceive(3, inbox);
        CompletableFuture<Connection> connecting = connect(PARAMETERS);
        try (RawPeer peer = listener.accept()) {
            peer.expectRequest();
            byte[] reply = RawStartup.reply().withDepths(16, 16).octets();
            byte[] fpdu = new RawFramer(false, true)
                    .frame(RawSegment.send(1, new byte[20]).octets());
            byte[] both = Arrays.copyOf(reply, reply.length + fpdu.length);
            System.arraycopy(fpdu, 0, both, reply.length, fpdu.length);
            peer.sendRaw(both);
            connecting.join();
            assertThat(end.awaitReceiveSuccess().lengthOctets()).isEqualTo(20);
            end.queuePair().abort();
        }
    }

    @ParameterizedTest
    @EnumSource(ReadyToReceive.class)
    @Requirement({"ENH-5-01", "ENH-9.2-01", "ENH-9.2-02", "ENH-9.2-10", "ENH-9.3-02", "ENH-5-02"})
    void opensAPeerToPeerConnectionWithTheAgreedMessage(ReadyToReceive kind) {
        MemoryRegion source = end.register(8);
        end.queuePair()
                .postSend(new SendRequest().send().id(1).local(source, 0, 8))
                .orThrow();
        CompletableFuture<Connection> connecting = connect(PARAMETERS.withPeerToPeer(kind));
        try (RawPeer peer = listener.accept()) {
            int control = peer.expectRequest().control();
            assertThat(control & 0b1000).isNotZero();
            peer.sendReply(RawStartup.reply().withEnhancedWord(control, 16, 16));
            RawSegment opening = peer.expectFpdu();
            int sends = kind == ReadyToReceive.SEND ? 1 : 0;
            switch (kind) {
                case SEND -> {
                    assertThat(opening.opcode()).isEqualTo(3);
                    assertThat(opening.msn()).isOne();
                    assertThat(opening.payload()).isEmpty();
                }
                case WRITE -> {
                    assertThat(opening.opcode()).isZero();
                    assertThat(opening.payload()).isEmpty();
                }
                case READ -> {
                    assertThat(opening.opcode()).isOne();
                    assertThat(opening.msn()).isOne();
                    peer.sendFpdu(RawSegment.readResponse(0, 0, new byte[0])
                            .withStag(ByteBuffer.wrap(opening.payload()).getInt())
                            .withOffset(ByteBuffer.wrap(opening.payload()).getLong(4)));
                }
            }
            RawSegment send = peer.expectFpdu();
            assertThat(send.opcode()).isEqualTo(3);
            assertThat(send.msn()).isEqualTo(1 + sends);
            assertThat(send.payload()).hasSize(8);
            connecting.join();
            assertThat(end.awaitSendSuccess().id()).isOne();
            assertThat(end.sendCompletions().size()).isZero();
            end.queuePair().abort();
        }
    }

    private CompletableFuture<Connection> connect(ConnectionParameters parameters) {
        return end.device().connectAsync(end.queuePair(), listener.address(), parameters);
    }

    private <T extends ConnectionFailedException> T requireFailure(
            CompletableFuture<Connection> connecting, Class<T> type) {
        end.await("the end of the attempt", connecting::isDone);
        T[] failure = newArray(type);
        assertThatThrownBy(connecting::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(type, cause -> failure[0] = cause)
                .message()
                .isNotBlank();
        assertThat(failures.await(1)).hasSize(1);
        assertThat(end.queuePair().state()).isEqualTo(QueuePairState.IDLE);
        assertThat(end.events()).isEmpty();
        requireQueuePairStillConnects();
        return failure[0];
    }

    private void requireQueuePairStillConnects() {
        var server = pair.newServerEnd();
        pair.connect(new PairLink(end, server));
        server.postEmptyReceive(1);
        end.queuePair().postSend(new SendRequest().send()).orThrow();
        server.awaitReceiveSuccess();
    }

    @SuppressWarnings("unchecked") // The array never leaves this class.
    private static <T> T[] newArray(Class<T> type) {
        return (T[]) Array.newInstance(type, 1);
    }
}
