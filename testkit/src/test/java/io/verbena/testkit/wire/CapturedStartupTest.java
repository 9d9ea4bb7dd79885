package io.verbena.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.mpa.MpaAgreement;
import io.verbena.mpa.MpaInitiatorStartup;
import io.verbena.mpa.MpaParameters;
import io.verbena.mpa.MpaPeerFrame;
import io.verbena.mpa.MpaResponderStartup;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our startup in the place of either side of a recorded one. */
class CapturedStartupTest {
    private static IwarpConversation recorded(String name) throws Exception {
        Path file = Path.of(CapturedStartupTest.class
                .getResource("/captures/" + name + ".pcap")
                .toURI());
        return IwarpDecoder.decode(file).get(0);
    }

    private static MpaResponderStartup responderTo(DecodedFrame request) {
        MpaResponderStartup responder = new MpaResponderStartup();
        responder.onOctets(request.octets(), 0, request.octets().limit());
        return responder;
    }

    /** Wishes that lead to the same Request as the recorded one. */
    private static MpaParameters wishesOf(MpaPeerFrame request) {
        MpaParameters wishes = MpaParameters.defaults()
                .withEnhanced(request.enhanced())
                .withCrcWanted(request.crcWanted())
                .withMarkersWanted(request.markersWanted())
                .withPrivateData(request.privateData());
        if (request.enhanced()) {
            wishes = wishes.withReadDepths(request.inboundReadDepth(), 128, request.outboundReadDepth());
        }
        return request.peerToPeer() ? wishes.withPeerToPeer(true, request.rtrKinds()) : wishes;
    }

    private static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.limit()];
        buffer.get(0, octets);
        return octets;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rping", "rping-crc", "mpa-v1", "crc-initiator-only", "p2p-both-crc", "p2p-read-crc", "p2p-write"
            })
    void takesEitherSideOfARecordedStartup(String name) throws Exception {
        IwarpConversation conversation = recorded(name);
        MpaResponderStartup responder = responderTo(conversation.frames().get(0));
        assertThat(responder.state()).isEqualTo(MpaResponderStartup.State.DECIDE);
        MpaParameters wishes = wishesOf(responder.request());

        MpaInitiatorStartup initiator = new MpaInitiatorStartup(wishes);
        assertThat(octets(initiator.request()))
                .isEqualTo(octets(conversation.frames().get(0).octets()));
        ByteBuffer reply = conversation.frames().get(1).octets();
        assertThat(initiator.onOctets(reply, 0, reply.limit())).isEqualTo(reply.limit());
        assertThat(initiator.state()).isEqualTo(MpaInitiatorStartup.State.AGREED);

        responder.accept(wishes.withPeerToPeer(false, wishes.rtrKinds()));
        MpaAgreement here = initiator.agreement();
        MpaAgreement there = responder.agreement();
        assertThat(here.crcInUse()).isEqualTo(there.crcInUse()).isEqualTo(conversation.crcInUse());
        assertThat(here.peerToPeer()).isEqualTo(there.peerToPeer());
        assertThat(there.rtrKinds()).containsAll(here.rtrKinds());
        assertThat(here.outboundReadDepth()).isEqualTo(there.outboundReadDepth());
    }

    @Test
    void readsARecordedReject() throws Exception {
        IwarpConversation conversation = recorded("reject");
        MpaParameters wishes =
                wishesOf(responderTo(conversation.frames().get(0)).request());
        MpaInitiatorStartup initiator = new MpaInitiatorStartup(wishes);
        ByteBuffer reply = conversation.frames().get(1).octets();
        initiator.onOctets(reply, 0, reply.limit());
        assertThat(initiator.state()).isEqualTo(MpaInitiatorStartup.State.REJECTED);
        assertThat(initiator.rejection().privateData().lengthOctets()).isEqualTo(10);
    }
}
