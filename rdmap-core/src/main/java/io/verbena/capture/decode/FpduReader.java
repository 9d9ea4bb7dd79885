package io.verbena.capture.decode;

import io.verbena.capture.decode.DecodedFrame.Crc;
import io.verbena.capture.decode.DecodedFrame.Kind;
import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.observe.FrameLine;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.observe.StackEvents.Direction;
import java.nio.ByteBuffer;

/** Reads one FPDU without markers into a {@link DecodedFrame}. Pure functions: any thread. */
final class FpduReader {
    private FpduReader() {}

    static DecodedFrame read(boolean fromInitiator, String name, Crc crc, ByteBuffer fpdu) {
        int segment = FpduLayout.ulpduLength(fpdu, 0);
        Direction direction = fromInitiator ? Direction.SENT : Direction.RECEIVED;
        String line = FrameLine.segment(direction, name, fpdu, FpduLayout.ULPDU, segment, segment);
        RdmapOpcode opcode = null;
        TerminateReason reason = null;
        boolean siwOrder = false;
        if (segment > UntaggedHeader.ULP_CONTROL) {
            opcode = RdmapControl.opcode(fpdu.get(FpduLayout.ULPDU + UntaggedHeader.ULP_CONTROL));
            int message = segment - UntaggedHeader.OCTETS;
            boolean untagged = !DdpControl.isTagged(fpdu.get(FpduLayout.ULPDU));
            if (opcode == RdmapOpcode.TERMINATE && untagged && TerminateMessage.fits(message)) {
                TerminateMessage terminate =
                        new TerminateMessage().wrap(fpdu, FpduLayout.ULPDU + UntaggedHeader.OCTETS, message);
                reason = terminate.reason();
                siwOrder = terminate.siwOrder();
            }
        }
        return new DecodedFrame(
                fromInitiator,
                Kind.FPDU,
                opcode,
                crc,
                reason,
                siwOrder,
                fpdu,
                crc == Crc.BAD ? line + " BAD CRC" : line);
    }
}
