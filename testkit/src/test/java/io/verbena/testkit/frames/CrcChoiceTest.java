package io.verbena.testkit.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.ConnectionParameters;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What either end's wish for CRC does to both directions. */
@Tag("tcp")
@Timeout(30)
class CrcChoiceTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final ConnectionParameters PARAMETERS = ConnectionParameters.defaults();

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    @Requirement({"MPA-7.1.1-09", "MPA-4.4-04"})
    void anInitiatorSendsAndChecksCrcIfEitherWantsIt(boolean own, boolean peers) {
        try (RawPartner partner = new RawPartner(
                PARAMETERS.withCrc(own), RawStartup.reply().withDepths(16, 16).withCrc(peers))) {
            requireCrcInBothDirections(partner.end(), partner.peer());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    @Requirement({"MPA-7.1.1-09", "MPA-4.4-04"})
    void aResponderSendsAndChecksCrcIfEitherWantsIt(boolean own, boolean peers) throws Exception {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults());
                RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            PairEnd end = pair.newServerEnd();
            peer.sendRequest(RawStartup.request().withDepths(16, 16).withCrc(peers));
            pair.listener().nextRequest(DEADLINE).accept(end.queuePair(), PARAMETERS.withCrc(own));
            peer.expectReply();
            // A responder is silent until it has heard the peer.
            peer.sendFpdu(RawSegment.write(0, 0, new byte[0]));
            requireCrcInBothDirections(end, peer);
        }
    }

    private static void requireCrcInBothDirections(PairEnd end, RawPeer peer) {
        MemoryRegion memory = end.register(100);
        end.queuePair().postSend(new SendRequest().send().local(memory, 0, 99)).orThrow();
        // The raw peer insists on a good CRC.
        assertThat(peer.expectFpdu().payload()).hasSize(99);
        end.postReceive(1, memory);
        byte[] fpdu = new RawFramer(false, true)
                .frame(RawSegment.send(1, HexVectors.pattern(99)).octets());
        fpdu[fpdu.length - 1] ^= 1;
        peer.sendRaw(fpdu);
        peer.expectTerminate(2, 0, 0x02).returningNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1})
    @Requirement({"MPA-7.1.1-08", "MPA-7.1.1-10", "MPA-4.1-06", "MPA-4.1-07", "MPA-4.4-09", "MPA-4.4-10"})
    void withoutCrcTheFieldIsThereAndMayHoldAnything(int xor) {
        try (RawPartner partner = new RawPartner(
                PARAMETERS.withCrc(false), RawStartup.reply().withDepths(16, 16).withCrc(false))) {
            MemoryRegion memory = partner.end().register(100);
            partner.end()
                    .queuePair()
                    .postSend(new SendRequest().send().local(memory, 0, 30))
                    .orThrow();
            // Length, header, payload, pad, CRC field.
            assertThat(partner.peer().expectOctets(2 + 18 + 30 + 2 + 4)).startsWith((byte) 0, (byte) 48);
            partner.end().postReceive(1, memory);
            partner.end().postReceive(2, memory);
            for (int msn = 1; msn <= 2; msn++) {
                // With 0 the sender goes on to generate CRCs although it need not.
                byte[] fpdu = new RawFramer(false, true)
                        .frame(RawSegment.send(msn, HexVectors.pattern(30)).octets());
                for (int at = fpdu.length - 4; at < fpdu.length; at++) {
                    fpdu[at] ^= (byte) xor;
                }
                partner.peer().sendRaw(fpdu);
                assertThat(partner.end().awaitReceiveSuccess().lengthOctets()).isEqualTo(30);
            }
        }
    }
}
