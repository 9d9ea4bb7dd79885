package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.ConnectionTimedOutException;
import io.verbena.verbs.cm.IncompatiblePeerException;
import io.verbena.verbs.cm.ListenerOptions;
import io.verbena.verbs.cm.NotAnMpaPeerException;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener makes of peers that do not manage to ask for a connection (RFC 5044 section 7.1.2: close, say nothing). */
@Tag("tcp")
@Timeout(30)
class BadRequestTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final StartupFailures failures = new StartupFailures();
    private DevicePair pair;

    @BeforeEach
    void openPair() {
        pair = DevicePair.open(PairOptions.defaults().withListeners(new StackEvents() {}, failures));
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    /** Requests that cannot be accepted, and the failure that tells of them. */
    enum BadRequest {
        GARBAGE(
                NotAnMpaPeerException.class,
                "GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
        REPLY_KEY(IncompatiblePeerException.class, RawStartup.reply().octets()),
        KEY_WRONG_AT_THE_END(
                NotAnMpaPeerException.class,
                RawStartup.request().withKey("MPA ID Req Framf").octets()),
        REVISION_0(
                IncompatiblePeerException.class,
                RawStartup.request().withRevision(0).octets()),
        REVISION_3(
                IncompatiblePeerException.class,
                RawStartup.request().withRevision(3).octets()),
        PRIVATE_DATA_TOO_LONG(
                IncompatiblePeerException.class,
                RawStartup.request().withPrivateData(new byte[513]).octets()),
        PRIVATE_DATA_LONGEST_THAT_CAN_BE_SAID(
                IncompatiblePeerException.class,
                RawStartup.request().withDeclaredLength(0xFFFF).octets()),
        ENHANCED_WORD_CUT_SHORT(
                IncompatiblePeerException.class,
                RawStartup.request().withDepths(1, 1).withBodyCutTo(3).octets()),
        OCTETS_BEHIND_THE_REQUEST(
                IncompatiblePeerException.class,
                RawStartup.request()
                        .withPrivateData(new byte[8])
                        .withDeclaredLength(4)
                        .octets());

        private final Class<? extends Throwable> failure;
        private final byte[] octets;

        BadRequest(Class<? extends Throwable> failure, byte[] octets) {
            this.failure = failure;
            this.octets = octets;
        }
    }

    @ParameterizedTest
    @EnumSource(BadRequest.class)
    @Requirement({
        "MPA-7.1.2-04",
        "MPA-8-07",
        "MPA-8-08",
        "MPA-7.1.2-16",
        "MPA-7.1.2-22",
        "MPA-7.1.1-02",
        "MPA-7.1.1-16",
        "MPA-7.1.1-17",
        "MPA-7.1.1-20",
        "MPA-7.1.2-25"
    })
    void closesWithoutAnAnswer(BadRequest bad) throws Exception {
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRaw(bad.octets);
            peer.expectEnd();
        }
        List<Throwable> told = failures.await(1);
        requireOthersConnect();
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).isInstanceOf(bad.failure);
        assertThat(told.get(0).getMessage()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 19, 20, 24})
    @Requirement({"MPA-7.1.2-21", "MPA-7.1.2-26"})
    void givesUpOnSilenceAtItsDeadlineAndNobodyElseWaits(int octets) throws Exception {
        ListenerOptions impatient = ListenerOptions.defaults().withStartupTimeout(Duration.ofMillis(300));
        byte[] request = RawStartup.request().withPrivateData(new byte[8]).octets();
        try (ConnectionListener listener = pair.serverDevice().listen(loopback(), impatient);
                RawPeer silent = RawPeer.connect(listener.localAddress())) {
            silent.sendRaw(Arrays.copyOf(request, octets));
            try (RawPeer prompt = RawPeer.connect(listener.localAddress())) {
                prompt.sendRequest(RawStartup.request());
                ConnectionRequest arrived = listener.nextRequest(DEADLINE);
                assertThat(arrived.remoteAddress()).isEqualTo(prompt.localAddress());
                arrived.reject(new byte[] {1});
                assertThat(prompt.expectReply().rejected()).isTrue();
            }
            silent.expectEnd();
            assertThat(failures.await(1).get(0)).isInstanceOf(ConnectionTimedOutException.class);
        }
        requireOthersConnect();
    }

    @Test
    @Requirement("MPA-7.1.2-26")
    void givesUpWhenTheApplicationDoesNotDecide() throws Exception {
        ListenerOptions impatient = ListenerOptions.defaults().withStartupTimeout(Duration.ofMillis(300));
        try (ConnectionListener listener = pair.serverDevice().listen(loopback(), impatient);
                RawPeer peer = RawPeer.connect(listener.localAddress())) {
            peer.sendRequest(RawStartup.request());
            listener.nextRequest(DEADLINE);
            peer.expectEnd();
            assertThat(failures.await(1).get(0)).isInstanceOf(ConnectionTimedOutException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noticesAPeerThatLeavesInTheMiddleOfItsRequest(boolean reset) throws Exception {
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRaw(Arrays.copyOf(RawStartup.request().octets(), 10));
            if (reset) {
                peer.reset();
            } else {
                peer.finish();
                peer.expectEnd();
            }
        }
        assertThat(failures.await(1).get(0)).isInstanceOf(ConnectionLostException.class);
        requireOthersConnect();
        assertThat(failures.all()).hasSize(1);
    }

    @Test
    @Requirement({"MPA-7.1.2-03", "MPA-7.1.1-21", "ENH-9.1-01"})
    void takesARequestOctetByOctet() throws Exception {
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            byte[] request = RawStartup.request()
                    .withDepths(3, 4)
                    .withPrivateData(new byte[] {1, 2, 3})
                    .octets();
            for (byte octet : request) {
                peer.sendRaw(new byte[] {octet});
            }
            ConnectionRequest arrived = pair.listener().nextRequest(DEADLINE);
            assertThat(arrived.privateData()).containsExactly(1, 2, 3);
            assertThat(arrived.peerInboundReadDepth()).isEqualTo(3);
            assertThat(arrived.peerOutboundReadDepth()).isEqualTo(4);
            arrived.reject(new byte[0]);
        }
    }

    @Test
    @Requirement("SYS-MEM-17")
    void serveOneWhoAsksWhileHundredsAreSilent() throws Exception {
        List<RawPeer> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                silent.add(RawPeer.connect(pair.listener().localAddress()));
            }
            requireOthersConnect();
        } finally {
            silent.forEach(RawPeer::close);
        }
        failures.await(200);
    }

    @Test
    void closesWhoComesWhenTooManyArePending() throws Exception {
        ListenerOptions narrow = ListenerOptions.defaults().withMaxPending(2);
        try (ConnectionListener listener = pair.serverDevice().listen(loopback(), narrow);
                RawPeer first = RawPeer.connect(listener.localAddress());
                RawPeer second = RawPeer.connect(listener.localAddress());
                RawPeer third = RawPeer.connect(listener.localAddress())) {
            third.expectEnd();
            first.reset();
            second.reset();
            failures.await(2);
            try (RawPeer fourth = RawPeer.connect(listener.localAddress())) {
                fourth.sendRequest(RawStartup.request());
                listener.nextRequest(DEADLINE).reject(new byte[0]);
                assertThat(fourth.expectReply().rejected()).isTrue();
            }
        }
    }

    @Test
    @Requirement({"ENH-10-02", "ENH-6-06", "ENH-6-03", "MPA-7.1.2-15", "ENH-10-04"})
    void answersARequestOfRevision1InKind() throws Exception {
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRequest(RawStartup.request().withPrivateData(new byte[512]));
            ConnectionRequest arrived = pair.listener().nextRequest(DEADLINE);
            assertThat(arrived.privateData()).hasSize(512);
            assertThat(arrived.enhanced()).isFalse();
            var end = pair.newServerEnd();
            arrived.accept(end.queuePair(), pair.options().serverParameters().withPrivateData(new byte[512]));
            RawStartup reply = peer.expectReply();
            assertThat(reply.revision()).isOne();
            assertThat(reply.enhanced()).isFalse();
            assertThat(reply.body()).hasSize(512);
            assertThat(reply.flags() & 0x1F).isZero();
        }
    }

    @Test
    @Requirement({
        "ENH-6-02",
        "ENH-9.2-16",
        "ENH-9.2-14",
        "ENH-9.2-15",
        "ENH-10-01",
        "MPA-7.1.1-11",
        "MPA-7.1.1-13",
        "MPA-7.1.1-14"
    })
    void ignoresReservedBitsAndUselessControlFlags() throws Exception {
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            RawStartup request = RawStartup.request().withEnhancedWord(0b0111, 4, 4);
            peer.sendRequest(request.withFlags(request.flags() | 0x2F));
            var end = pair.newServerEnd();
            pair.listener()
                    .nextRequest(DEADLINE)
                    .accept(end.queuePair(), pair.options().serverParameters());
            RawStartup reply = peer.expectReply();
            assertThat(reply.flags() & 0x2F).isZero();
            assertThat(reply.control()).isZero();
            assertThat(reply.enhanced()).isTrue();
            assertThat(reply.revision()).isEqualTo(2);
        }
    }

    @Test
    @Requirement("MPA-7.1.2-15")
    void staysSilentAtABadFirstFpduBecauseTheFenceStillStands() throws Exception {
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRequest(RawStartup.request());
            var end = pair.newServerEnd();
            pair.listener()
                    .nextRequest(DEADLINE)
                    .accept(end.queuePair(), pair.options().serverParameters());
            peer.expectReply();
            peer.sendFpdu(RawSegment.write(1, 0, new byte[4]), RawFault.CRC);
            // RFC 5044 section 7.1.2: no FPDU before one was received and validated, so not even a Terminate.
            peer.expectEnd();
            assertThat(end.awaitEvents(1)).hasSize(1);
        }
    }

    @Test
    @Requirement({"MPA-7.1.2-15", "MPA-7.1.2-10"})
    void answersAFirstFpduThatMpaFindsGoodAndDdpDoesNot() throws Exception {
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRequest(RawStartup.request());
            var end = pair.newServerEnd();
            pair.listener()
                    .nextRequest(DEADLINE)
                    .accept(end.queuePair(), pair.options().serverParameters());
            peer.expectReply();
            RawSegment offender = RawSegment.write(1, 0, new byte[4]);
            peer.sendFpdu(offender);
            // The fence falls with the first FPDU whose CRC and markers are good (state machines 3.2, R3).
            peer.expectTerminate(1, 1, 0x00).returning(offender);
            peer.expectClose();
            peer.finish();
            assertThat(end.awaitEvents(1)).hasSize(1);
        }
    }

    @Test
    @Requirement({"MPA-7.1.2-15", "MPA-7.1.2-19"})
    void holdsItsOwnMessagesBackUntilItHasHeardThePeer() throws Exception {
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRequest(RawStartup.request().withMarkers(true));
            var end = pair.newServerEnd();
            end.queuePair().postSend(new SendRequest().send()).orThrow();
            pair.listener()
                    .nextRequest(DEADLINE)
                    .accept(end.queuePair(), pair.options().serverParameters());
            peer.expectReply();
            end.queuePair().postSend(new SendRequest().send()).orThrow();
            requireOthersConnect();
            assertThat(peer.nothingArrived()).isTrue();
            peer.sendFpdu(RawSegment.write(1, 0, new byte[0]));
            assertThat(peer.expectFpdu().msn()).isEqualTo(1);
            assertThat(peer.expectFpdu().msn()).isEqualTo(2);
        }
    }

    private void requireOthersConnect() {
        var another = pair.connectAnother();
        another.server().postEmptyReceive(7);
        another.client().queuePair().postSend(new SendRequest().send()).orThrow();
        assertThat(another.server().awaitReceiveSuccess().id()).isEqualTo(7);
        another.client().awaitSendSuccess();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
