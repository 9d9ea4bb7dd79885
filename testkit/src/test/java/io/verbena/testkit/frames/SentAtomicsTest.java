package io.verbena.testkit.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.ConnectionParameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every octet of Atomic Requests and Immediate Data that a device sends, and when an operation is complete. */
@Tag("tcp")
@Timeout(30)
class SentAtomicsTest {
    private final SendRequest request = new SendRequest();

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true"})
    @Requirement({
        "EXT-4.1-01",
        "EXT-4.1-02",
        "EXT-4.1-03",
        "EXT-5.2-01",
        "EXT-5.2.1-03",
        "EXT-5.2.1-05",
        "EXT-5.2.1-06",
        "EXT-5.2.1-10",
        "EXT-5.4-01",
        "EXT-5.4-07",
        "EXT-6.3-01",
        "EXT-6.3-04",
        "EXT-6.3-05",
        "EXT-6.3-06"
    })
    void areThoseOfTheRfc(boolean crc, boolean markers) {
        ConnectionParameters parameters = ConnectionParameters.defaults().withCrc(crc);
        RawStartup reply = RawStartup.reply().withDepths(16, 16).withCrc(crc).withMarkers(markers);
        try (RawPartner partner = new RawPartner(parameters, reply)) {
            ByteBuffer octets = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
            MemoryRegion sink = partner.end().register(octets.duplicate());
            var queuePair = partner.end().queuePair();
            queuePair
                    .postSend(request.fetchAdd(0x11, 0x1000, 2, 3).local(sink, 0, 8))
                    .orThrow();
            queuePair.postSend(request.immediate(0x0102030405060708L)).orThrow();
            queuePair
                    .postSend(request.compareSwap(0x22, 0x2000, 4, 5, 6, 7).local(sink, 8, 8))
                    .orThrow();
            queuePair.postSend(request.immediateSolicited(-2)).orThrow();
            queuePair.postSend(request.swap(0x33, 0x3000, 8).local(sink, 16, 8)).orThrow();

            int first = requireAtomic(partner.peer().expectFpdu(), 1, 0x0, 0x11, 0x1000, 2, 3, 0, -1);
            requireImmediate(partner.peer().expectFpdu(), 0x48, 1, 0x0102030405060708L);
            int second = requireAtomic(partner.peer().expectFpdu(), 2, 0x2, 0x22, 0x2000, 6, 7, 4, 5);
            requireImmediate(partner.peer().expectFpdu(), 0x49, 2, -2);
            int third = requireAtomic(partner.peer().expectFpdu(), 3, 0x2, 0x33, 0x3000, 8, -1, 0, 0);
            // Nothing is complete while the oldest is not answered, and nothing is stored.
            assertThat(partner.end().sendCompletions().size()).isZero();
            assertThat(octets).isEqualTo(ByteBuffer.allocate(24));
            partner.peer().sendFpdu(RawSegment.atomicResponse(1, first, 100));
            partner.end().awaitSendSuccess();
            partner.end().awaitSendSuccess();
            assertThat(octets.getLong(0)).isEqualTo(100);
            assertThat(partner.end().sendCompletions().size()).isZero();
            partner.peer().sendFpdu(RawSegment.atomicResponse(2, second, 101));
            partner.peer().sendFpdu(RawSegment.atomicResponse(3, third, 102));
            for (int i = 0; i < 3; i++) {
                partner.end().awaitSendSuccess();
            }
            assertThat(octets.getLong(8)).isEqualTo(101);
            assertThat(octets.getLong(16)).isEqualTo(102);
        }
    }

    private static int requireAtomic(RawSegment segment, int msn, int code, int stag, long address, long... operands) {
        int identifier = ByteBuffer.wrap(segment.payload()).getInt(4);
        assertThat(segment.octets())
                .isEqualTo(RawSegment.atomicRequest(msn, code, identifier, stag, address, operands)
                        .octets());
        return identifier;
    }

    private static void requireImmediate(RawSegment segment, int control, int msn, long data) {
        assertThat(segment.octets())
                .isEqualTo(RawSegment.immediate(msn, data)
                        .withRdmapControl(control)
                        .octets());
    }
}
