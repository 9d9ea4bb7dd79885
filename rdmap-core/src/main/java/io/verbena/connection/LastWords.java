package io.verbena.connection;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.MarkerInserter;
import io.verbena.mpa.MpaAgreement;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.RdmapQueue;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import java.nio.ByteBuffer;

/** The one FPDU of an initiator that cannot keep what was agreed: a Terminate that says so (RFC 6581 section 8). */
final class LastWords {
    private static final int ROOM = 128;

    private LastWords() {}

    /** Returns the FPDU, framed as agreed. */
    static ByteBuffer terminate(TerminateReason reason, MpaAgreement agreement) {
        ByteBuffer fpdu = ByteBuffer.allocate(ROOM);
        int header = FpduLayout.ULPDU;
        new UntaggedHeader()
                .wrap(fpdu, header)
                .control(DdpControl.encode(false, true))
                .ulpControl(RdmapControl.encode(RdmapOpcode.TERMINATE))
                .ulpWord(0)
                .queueNumber(RdmapQueue.TERMINATE)
                .messageSequenceNumber(1)
                .messageOffset(0);
        int ulpdu = UntaggedHeader.OCTETS + TerminateMessage.encode(fpdu, header + UntaggedHeader.OCTETS, reason);
        FpduLayout.putUlpduLength(fpdu, 0, ulpdu);
        FpduLayout.putPad(fpdu, 0, ulpdu);
        if (agreement.markersSent()) {
            ByteBuffer marked = ByteBuffer.allocate(ROOM);
            return marked.limit(new MarkerInserter(agreement.crcInUse()).insert(fpdu, 0, marked, 0));
        }
        if (agreement.crcInUse()) {
            new FpduCrc().seal(fpdu, 0);
        }
        return fpdu.limit(FpduLayout.fpduOctets(ulpdu));
    }
}
