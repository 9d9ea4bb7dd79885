package io.verbena.rdmap;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.TerminateInformation;

/** Turns Terminate messages into what applications are told. */
final class Terminates {
    private static final byte[] NOTHING = {};

    private Terminates() {}

    /** Returns what a received Terminate says; {@code message} is null if it was too short to say anything. */
    static TerminateInformation received(TerminateMessage message) {
        if (message == null) {
            return new TerminateInformation(
                    false, 0, 0, 0, "a Terminate message without its control field", -1, NOTHING, NOTHING);
        }
        return information(false, message, message.reason());
    }

    /** Returns what {@code message} says. */
    static TerminateInformation information(boolean sent, TerminateMessage message, TerminateReason reason) {
        return new TerminateInformation(
                sent,
                message.layer(),
                message.errorType(),
                message.errorCode(),
                reason == null ? "a reason that is not registered" : reason.sentence(),
                message.hasSegmentLength() ? message.segmentLength() : -1,
                message.ddpHeader(),
                message.rdmapHeader());
    }

    /** Returns the Read Request that a Terminate returns, or null. */
    static ReadRequestHeader returnedReadRequest(TerminateMessage message) {
        if (message == null || !message.hasRdmapHeader() || !message.hasDdpHeader()) {
            return null;
        }
        byte[] ddpHeader = message.ddpHeader();
        boolean readRequest = !DdpControl.isTagged(ddpHeader[0])
                && RdmapControl.opcode(ddpHeader[1]) == RdmapOpcode.READ_REQUEST;
        return readRequest ? new ReadRequestHeader().wrap(java.nio.ByteBuffer.wrap(message.rdmapHeader()), 0) : null;
    }
}
