package io.verbena.capture.decode;

import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateReason;
import java.nio.ByteBuffer;

/**
 * One iWARP frame of a capture.
 *
 * @param fromInitiator whether the MPA initiator sent it
 * @param kind what it is
 * @param opcode RDMAP message it belongs to; null for a startup frame and for an opcode that is not assigned
 * @param crc what its CRC field is worth
 * @param reason why the stream ends, for a Terminate with a registered triple; otherwise null
 * @param siwOrder whether a Terminate was read in the bit order of Linux siw
 * @param octets big-endian read-only view of the whole frame from index 0 to its limit, markers taken out
 * @param line the frame on one line; {@code >>} is from the initiator
 */
public record DecodedFrame(
        boolean fromInitiator,
        Kind kind,
        RdmapOpcode opcode,
        Crc crc,
        TerminateReason reason,
        boolean siwOrder,
        ByteBuffer octets,
        String line) {

    /** Kinds of frames. */
    public enum Kind {
        REQUEST,
        REPLY,
        FPDU
    }

    /** What a CRC field is worth. */
    public enum Crc {
        /** The frame has none, or the peers agreed not to use it. */
        NOT_IN_USE,
        GOOD,
        BAD
    }
}
