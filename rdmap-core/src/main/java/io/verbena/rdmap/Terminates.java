package io.verbena.rdmap;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.TerminateInformation;
import java.nio.ByteBuffer;

/** Turns Terminate messages into what applications are told. */
final class Terminates {
    private static final byte[] NOTHING = {};

    private Terminates() {}

    /** Returns what a received Terminate says; {@code message} is null if it was too short to say anything. */
    static TerminateInformation received(TerminateMessage message, ByteBuffer octets) {
        if (message == null) {
            return new TerminateInformation(
                    false, 0, 0, 0, "a Terminate message without its control field", -1, NOTHING, NOTHING);
        }
        return information(false, message, octets, message.reason());
    }

    /** Returns what {@code message} says. */
    static TerminateInformation information(
            boolean sent, TerminateMessage message, ByteBuffer octets, TerminateReason reason) {
        return new TerminateInformation(
                sent,
                message.layer(),
                message.errorType(),
                message.errorCode(),
                reason == null ? "a reason that is not registered" : reason.sentence(),
                message.hasSegmentLength() ? message.segmentLength() : -1,
                message.hasDdpHeader()
                        ? copy(octets, message.ddpHeaderOffset(), ddpHeaderOctets(message, octets))
                        : NOTHING,
                message.hasRdmapHeader()
                        ? copy(octets, message.rdmapHeaderOffset(), ReadRequestHeader.OCTETS)
                        : NOTHING);
    }

    private static int ddpHeaderOctets(TerminateMessage message, ByteBuffer octets) {
        return DdpControl.headerOctets(octets.get(message.ddpHeaderOffset()));
    }

    private static byte[] copy(ByteBuffer octets, int offset, int length) {
        byte[] copy = new byte[length];
        octets.get(offset, copy);
        return copy;
    }

    /** Returns the Read Request that a Terminate returns, or null. */
    static ReadRequestHeader returnedReadRequest(TerminateMessage message, ByteBuffer octets) {
        if (message == null || !message.hasRdmapHeader()) {
            return null;
        }
        int ddpHeader = message.ddpHeaderOffset();
        boolean readRequest = !DdpControl.isTagged(octets.get(ddpHeader))
                && RdmapControl.opcode(octets.get(ddpHeader + 1)) == RdmapOpcode.READ_REQUEST;
        return readRequest ? new ReadRequestHeader().wrap(octets, message.rdmapHeaderOffset()) : null;
    }
}
