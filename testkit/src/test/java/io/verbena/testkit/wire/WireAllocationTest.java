package io.verbena.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.MarkerInserter;
import io.verbena.mpa.MarkerStripper;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.RdmapQueue;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.testkit.AllocationMeter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Writing and reading FPDUs allocates nothing once it is warm. */
class WireAllocationTest {
    private static final int PAYLOAD_OCTETS = 1400;
    private static final int WARM_UP = 5_000;
    private static final int MEASURED = 5_000;

    private final FpduCrc crc = new FpduCrc();
    private final UntaggedHeader untagged = new UntaggedHeader();
    private final TaggedHeader tagged = new TaggedHeader();
    private final ReadRequestHeader readRequest = new ReadRequestHeader();

    private static void assertAllocatesNothing(IntConsumer step) {
        for (int i = 0; i < WARM_UP; i++) {
            step.accept(i);
        }
        AllocationMeter meter = AllocationMeter.startWithCaller(name -> false);
        for (int i = 0; i < MEASURED; i++) {
            step.accept(i);
        }
        // What the meter itself takes to read its numbers, but less than an octet a step.
        assertThat(meter.octets()).isLessThan(MEASURED);
    }

    private static List<ByteBuffer> heapAndDirect(int octets) {
        return List.of(ByteBuffer.allocate(octets), ByteBuffer.allocateDirect(octets));
    }

    private void write(ByteBuffer fpdu, int number) {
        tagged.wrap(fpdu, FpduLayout.ULPDU)
                .control(DdpControl.encode(true, true))
                .ulpControl(RdmapControl.encode(RdmapOpcode.RDMA_WRITE))
                .stag(number)
                .taggedOffset(number);
        FpduLayout.putUlpduLength(fpdu, 0, TaggedHeader.OCTETS + PAYLOAD_OCTETS);
        FpduLayout.putPad(fpdu, 0, TaggedHeader.OCTETS + PAYLOAD_OCTETS);
    }

    @Test
    void headersAndCrc() {
        for (ByteBuffer fpdu : heapAndDirect(2000)) {
            assertAllocatesNothing(i -> {
                write(fpdu, i);
                crc.seal(fpdu, 0);
                if (!crc.verify(fpdu, 0)) {
                    throw new AssertionError("FPDU " + i);
                }
                untagged.wrap(fpdu, FpduLayout.ULPDU)
                        .queueNumber(RdmapQueue.READ_REQUEST)
                        .messageOffset(i);
                readRequest
                        .wrap(fpdu, FpduLayout.ULPDU + UntaggedHeader.OCTETS)
                        .readSize(i)
                        .sinkTaggedOffset(i);
                crc.seal(fpdu, 0);
            });
        }
    }

    @Test
    void markersInAndOut() {
        for (ByteBuffer fpdu : heapAndDirect(2000)) {
            for (ByteBuffer stream : heapAndDirect(2000)) {
                MarkerInserter inserter = new MarkerInserter(true);
                MarkerStripper stripper = new MarkerStripper(true, true);
                write(fpdu, 1);
                assertAllocatesNothing(i -> {
                    int octets = inserter.insert(fpdu, 0, stream, 0);
                    if (stripper.rawOctets(stream, 0, octets) != octets || stripper.firstError(stream, 0) != null) {
                        throw new AssertionError("FPDU " + i);
                    }
                    stripper.strip(stream, 0);
                });
            }
        }
    }
}
