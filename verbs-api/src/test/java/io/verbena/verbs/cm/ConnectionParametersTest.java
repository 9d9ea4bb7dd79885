package io.verbena.verbs.cm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.verbs.PlacementMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionParametersTest {
    private static final ConnectionParameters DEFAULTS = ConnectionParameters.defaults();

    @Test
    void defaultsAreThoseOfThePage() {
        assertThat(DEFAULTS.revision()).isEqualTo(2);
        assertThat(DEFAULTS.crc()).isTrue();
        assertThat(DEFAULTS.markers()).isFalse();
        assertThat(DEFAULTS.peerToPeer()).isFalse();
        assertThat(DEFAULTS.placement()).isEqualTo(PlacementMode.VALIDATED);
        assertThat(DEFAULTS.privateData()).isEmpty();
        assertThat(DEFAULTS.deadline()).isEqualTo(Duration.ofSeconds(10));
        assertThat(DEFAULTS.inboundReadDepth()).isEqualTo(ConnectionParameters.DEPTH_OF_QUEUE_PAIR);
    }

    @Test
    void privateDataIsCopiedInAndOut() {
        byte[] octets = {1, 2, 3};
        ConnectionParameters parameters = DEFAULTS.withPrivateData(octets);
        octets[0] = 9;
        parameters.privateData()[1] = 9;

        assertThat(parameters.privateData()).containsExactly(1, 2, 3);
        assertThat(DEFAULTS.privateData()).isEmpty();
    }

    @Test
    void refusesMorePrivateDataThanAFrameHolds() {
        assertThat(DEFAULTS.withPrivateData(new byte[512]).privateData()).hasSize(512);
        assertThatThrownBy(() -> DEFAULTS.withPrivateData(new byte[513]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("private data of 513 octets exceeds 512");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3})
    void refusesUnknownRevisions(int revision) {
        assertThatThrownBy(() -> DEFAULTS.withRevision(revision))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("MPA revision " + revision + " must be 1 or 2");
    }

    @Test
    void refusesReadDepthsThatDoNotFitOnTheWire() {
        ConnectionParameters parameters = DEFAULTS.withReadDepths(0, ConnectionParameters.DEPTH_NOT_NEGOTIATED);
        assertThat(parameters.inboundReadDepth()).isZero();
        assertThat(parameters.outboundReadDepth()).isEqualTo(0x3FFF);
        assertThatThrownBy(() -> DEFAULTS.withReadDepths(0x4000, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("inbound Read depth 16384");
        assertThatThrownBy(() -> DEFAULTS.withReadDepths(1, -2)).hasMessageStartingWith("outbound Read depth -2");
    }

    @Test
    void peerToPeerNeedsAKindOfFirstMessage() {
        assertThat(DEFAULTS.withPeerToPeer(ReadyToReceive.READ, ReadyToReceive.WRITE)
                        .readyToReceive())
                .containsExactly(ReadyToReceive.WRITE, ReadyToReceive.READ);
        assertThatThrownBy(DEFAULTS::withPeerToPeer).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deadlinesAreAboveZeroAndDelaysNotBelow() {
        assertThatThrownBy(() -> DEFAULTS.withDeadline(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DEFAULTS.withFirstMessageDelay(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(DEFAULTS.withFirstMessageDelay(Duration.ofMillis(20)).firstMessageDelay())
                .isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void changesOneThingAtATime() {
        ConnectionParameters parameters = DEFAULTS.withCrc(false)
                .withMarkers(true)
                .withRevision(1)
                .withFallback(true)
                .withPlacement(PlacementMode.EAGER)
                .withOpeningWrite(true)
                .withSocket(SocketOptions.defaults().withNoDelay(false));

        assertThat(parameters.crc()).isFalse();
        assertThat(parameters.markers()).isTrue();
        assertThat(parameters.revision()).isEqualTo(1);
        assertThat(parameters.fallback()).isTrue();
        assertThat(parameters.placement()).isEqualTo(PlacementMode.EAGER);
        assertThat(parameters.openingWrite()).isTrue();
        assertThat(parameters.socket().noDelay()).isFalse();
        assertThat(parameters.deadline()).isEqualTo(DEFAULTS.deadline());
    }

    @Test
    void listenersHaveLimitsAboveZero() {
        ListenerOptions options = ListenerOptions.defaults();
        assertThatThrownBy(() -> options.withMaxPending(0)).hasMessage("maxPending 0 must be at least 1");
        assertThatThrownBy(() -> options.withStartupTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ListenerOptions(Duration.ofSeconds(1), 1, 0, SocketOptions.defaults()))
                .hasMessage("backlog 0 must be at least 1");
    }

    @Test
    void socketOptionsAreInRange() {
        SocketOptions options = SocketOptions.defaults();
        assertThat(options.withSegmentOctets(128).segmentOctets()).isEqualTo(128);
        assertThatThrownBy(() -> options.withSegmentOctets(127))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("segmentOctets 127 must be 0 or 128 to 65535");
        assertThatThrownBy(() -> options.withSegmentOctets(65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withBuffers(-1, 0)).hasMessage("sendBufferOctets -1 must not be negative");
        assertThatThrownBy(() -> options.withKeepAlive(0, -1, 0))
                .hasMessage("keepAliveIntervalSeconds -1 must not be negative");
    }
}
