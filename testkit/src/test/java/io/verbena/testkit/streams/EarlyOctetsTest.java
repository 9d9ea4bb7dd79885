package io.verbena.testkit.streams;

import static io.verbena.testkit.streams.PlainPeers.DEADLINE;
import static io.verbena.testkit.streams.PlainPeers.read;
import static io.verbena.testkit.streams.PlainPeers.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ConnectionTimedOutException;
import io.verbena.verbs.cm.IncompatiblePeerException;
import io.verbena.verbs.cm.NotAnMpaPeerException;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer whose text, startup frames and FPDUs come together, or that sends something else than MPA. */
@Tag("tcp")
@Timeout(30)
class EarlyOctetsTest {
    private static final ConnectionParameters PARAMETERS =
            ConnectionParameters.defaults().withRevision(1);
    private static final byte[] MESSAGE = "the first message".getBytes(StandardCharsets.US_ASCII);

    private PlainPeers peers;
    private RawListener listener;

    @BeforeEach
    void open() throws Exception {
        peers = PlainPeers.open(false);
        listener = RawPeer.listen();
    }

    @AfterEach
    void close() {
        listener.close();
        peers.close();
    }

    private static byte[] together(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(4096);
        for (byte[] part : parts) {
            all.put(part);
        }
        byte[] octets = new byte[all.flip().remaining()];
        all.get(octets);
        return octets;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] firstSend() {
        return new RawFramer(false, true).frame(RawSegment.send(1, MESSAGE).octets());
    }

    /** The Request follows the text in one TCP segment, and is there when the application has read the text. */
    @Test
    @Requirement({"SYS-MEM-16", "MPA-7.1-01", "MPA-7.1-04"})
    void aRequestRightBehindTheTextBelongsToMpa() throws Exception {
        PairEnd end = peers.pair().newServerEnd();
        MemoryRegion inbox = end.register(MESSAGE.length);
        end.postReceive(1, inbox);
        try (RawPeer peer = RawPeer.connect(peers.listener().localAddress())) {
            RawStartup request = RawStartup.request().withPrivateData(text("for MPA"));
            peer.sendRequestBehind(text("upgrade\n"), request);
            PlainStream stream = peers.accept();

            assertThat(read(stream, 8)).isEqualTo("upgrade\n");
            CompletableFuture<Connection> accepted = stream.awaitMpa(DEADLINE).acceptAsync(end.queuePair(), PARAMETERS);
            peer.expectReply();
            peer.sendFpdu(RawSegment.send(1, MESSAGE));

            assertThat(accepted.get().privateData()).isEqualTo(text("for MPA"));
            assertThat(end.awaitReceiveSuccess().lengthOctets()).isEqualTo(MESSAGE.length);
        }
    }

    /** The text, the Reply and the first Send come in one TCP segment, before this end has even sent its Request. */
    @Test
    @Requirement({"SYS-MEM-16", "VRB-QP-10", "MPA-7.1-01"})
    void aReplyAndAnFpduRightBehindTheTextBelongToMpa() throws Exception {
        PairEnd end = peers.pair().newClientEnd();
        ByteBuffer inbox = ByteBuffer.allocateDirect(MESSAGE.length);
        end.postReceive(1, end.register(inbox.duplicate()));
        PlainStream stream = peers.pair().clientDevice().openStream(listener.address(), PlainStreamOptions.defaults());
        try (RawPeer peer = listener.accept()) {
            write(stream, "go\n");
            peer.sendRaw(together(text("ok\n"), RawStartup.reply().octets(), firstSend()));

            assertThat(read(stream, 3)).isEqualTo("ok\n");
            Connection connection = stream.startMpa(end.queuePair(), PARAMETERS);

            assertThat(connection.queuePair()).isSameAs(end.queuePair());
            assertThat(end.awaitReceiveSuccess().lengthOctets()).isEqualTo(MESSAGE.length);
            assertThat(PlainPeers.octets(inbox)).isEqualTo(MESSAGE);
            assertThat(peer.expectOctets(3)).isEqualTo(text("go\n"));
            peer.expectRequest();
        }
    }

    /** What follows a Reply that rejects is text again. */
    @Test
    @Requirement({"SYS-MEM-16", "MPA-7.1.2-13"})
    void textBehindARejectionIsPlain() throws Exception {
        PairEnd end = peers.pair().newClientEnd();
        PlainStream stream = peers.pair().clientDevice().openStream(listener.address(), PlainStreamOptions.defaults());
        try (RawPeer peer = listener.accept()) {
            peer.sendRaw(together(RawStartup.reply().withReject().octets(), text("not today\n")));

            assertThatThrownBy(() -> stream.startMpa(end.queuePair(), PARAMETERS))
                    .isInstanceOf(ConnectionRejectedException.class);
            assertThat(read(stream, 10)).isEqualTo("not today\n");
            assertThat(end.queuePair().state()).isEqualTo(QueuePairState.IDLE);
        }
    }

    /** An initiator has to wait for the Reply; what it sends behind its Request is neither lost nor taken for text. */
    @Test
    @Requirement("SYS-MEM-16")
    void refusesOctetsBehindARequest() throws Exception {
        try (RawPeer peer = RawPeer.connect(peers.listener().localAddress())) {
            peer.sendRaw(together(text("hi"), RawStartup.request().octets(), text("more")));
            PlainStream stream = peers.accept();

            assertThat(read(stream, 2)).isEqualTo("hi");
            assertThatThrownBy(() -> stream.awaitMpa(DEADLINE))
                    .isInstanceOf(IncompatiblePeerException.class)
                    .hasMessageContaining("the peer sent 4 more octets behind its Request");
            peer.expectEnd();
            assertThatThrownBy(() -> read(stream, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith(" has ended");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"SYS-MEM-16", "MPA-7.1.2-16"})
    void refusesWhatIsNoRequest(boolean early) throws Exception {
        try (RawPeer peer = RawPeer.connect(peers.listener().localAddress())) {
            PlainStream stream = peers.accept();
            peer.sendRaw(text(early ? "xGET / HTTP/1.1\r\n" : "x"));
            assertThat(read(stream, 1)).isEqualTo("x");
            if (!early) {
                peer.sendRaw(text("GET / HTTP/1.1\r\n"));
            }

            assertThatThrownBy(() -> stream.awaitMpa(DEADLINE))
                    .isInstanceOf(NotAnMpaPeerException.class)
                    .hasMessageContaining("the peer does not speak MPA, its first octets are 47");
            peer.expectEnd();
            peers.awaitNoPlainStreams(peers.pair().serverDevice());
        }
    }

    @Test
    @Requirement({"SYS-MEM-16", "MPA-7.1.2-16"})
    void saysThatTextWasLeftUnreadWhenMpaBegan() throws Exception {
        PairEnd end = peers.pair().newClientEnd();
        PlainStream stream = peers.pair().clientDevice().openStream(listener.address(), PlainStreamOptions.defaults());
        try (RawPeer peer = listener.accept()) {
            peer.sendRaw(text("!welcome\n"));
            assertThat(read(stream, 1)).isEqualTo("!");

            assertThatThrownBy(() -> stream.startMpa(end.queuePair(), PARAMETERS))
                    .isInstanceOf(NotAnMpaPeerException.class)
                    .hasMessageEndingWith("the peer does not speak MPA, its first octets are 77 65 6c 63 6f 6d 65 0a"
                            + " (8 octets had arrived and were not read when MPA began)");
            assertThat(end.queuePair().state()).isEqualTo(QueuePairState.IDLE);
            peer.skipToEnd();
        }
    }

    @Test
    @Requirement({"SYS-MEM-16", "MPA-7.1.2-21"})
    void givesUpASilentPeer() throws Exception {
        try (RawPeer peer = RawPeer.connect(peers.listener().localAddress())) {
            PlainStream stream = peers.accept();

            assertThatThrownBy(() -> stream.awaitMpa(Duration.ofMillis(50)))
                    .isInstanceOf(ConnectionTimedOutException.class)
                    .hasMessageEndingWith("the deadline passed while waiting for the peer's MPA Request");
            peer.expectEnd();
            peers.awaitNoPlainStreams(peers.pair().serverDevice());
        }
    }

    /** The peer's FIN was there before MPA began. */
    @Test
    @Requirement("SYS-MEM-16")
    void tellsMpaThatThePeerHadClosedBefore() throws Exception {
        try (RawPeer peer = RawPeer.connect(peers.listener().localAddress())) {
            PlainStream stream = peers.accept();
            peer.sendRaw(text("bye")).finish();
            assertThat(read(stream, 3)).isEqualTo("bye");
            assertThat(PlainPeers.readOne(stream)).isEqualTo(-1);

            assertThatThrownBy(() -> stream.awaitMpa(DEADLINE))
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageContaining("the peer closed the connection without a word");
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void closingTheStreamGivesUpTheStartup() throws Exception {
        PairEnd end = peers.pair().newClientEnd();
        PlainStream stream = peers.pair().clientDevice().openStream(listener.address(), PlainStreamOptions.defaults());
        try (RawPeer peer = listener.accept()) {
            CompletableFuture<Connection> starting = stream.startMpaAsync(end.queuePair(), PARAMETERS);
            peer.expectRequest();
            stream.close();

            peer.expectEnd();
            assertThat(starting).isCancelled();
            peers.pair().await("the queue pair free again", () -> isFree(end));
        }
    }

    /** Returns whether the queue pair can be used for another attempt. */
    private boolean isFree(PairEnd end) {
        try {
            peers.pair()
                    .clientDevice()
                    .connectAsync(end.queuePair(), listener.address(), PARAMETERS)
                    .cancel(false);
            return true;
        } catch (IllegalStateException reserved) {
            return false;
        }
    }
}
