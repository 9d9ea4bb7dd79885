package io.verbena.rdmap;

import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.verbs.BufferUse;
import java.nio.ByteBuffer;

/** What a staging buffer is used for that holds a message of this opcode (SYS-POOL-03). */
final class BufferUses {
    private static final RdmapOpcode[] OPCODES = RdmapOpcode.values();
    private static final BufferUse[] OUTBOUND = new BufferUse[OPCODES.length];
    private static final BufferUse[] INBOUND = new BufferUse[OPCODES.length];

    static {
        for (RdmapOpcode opcode : OPCODES) {
            OUTBOUND[opcode.ordinal()] = outboundOf(opcode);
            INBOUND[opcode.ordinal()] = inboundOf(opcode);
        }
    }

    private BufferUses() {}

    /** Returns the use of a buffer with a message on its way out. */
    static BufferUse outbound(RdmapOpcode opcode) {
        return OUTBOUND[opcode.ordinal()];
    }

    /**
     * Returns the use of a buffer with a segment that has arrived in part.
     *
     * @param borrowed holds the segment
     * @param ulpdu index of its DDP control octet; the octet behind it is RDMAP's
     * @param available octets of the segment that are there, possibly 0 or less
     */
    static BufferUse inbound(ByteBuffer borrowed, int ulpdu, int available) {
        RdmapOpcode opcode = available < 2 ? null : RdmapControl.opcode(borrowed.get(ulpdu + 1));
        return opcode == null ? BufferUse.ARRIVING : INBOUND[opcode.ordinal()];
    }

    private static BufferUse outboundOf(RdmapOpcode opcode) {
        return switch (opcode) {
            case RDMA_WRITE -> BufferUse.WRITE_OUT;
            case READ_REQUEST -> BufferUse.READ_REQUEST_OUT;
            case READ_RESPONSE -> BufferUse.READ_RESPONSE_OUT;
            case SEND, SEND_INVALIDATE, SEND_SOLICITED, SEND_SOLICITED_INVALIDATE -> BufferUse.SEND_OUT;
            case TERMINATE -> BufferUse.TERMINATE_OUT;
            case IMMEDIATE, IMMEDIATE_SOLICITED -> BufferUse.IMMEDIATE_OUT;
            case ATOMIC_REQUEST -> BufferUse.ATOMIC_REQUEST_OUT;
            case ATOMIC_RESPONSE -> BufferUse.ATOMIC_RESPONSE_OUT;
        };
    }

    private static BufferUse inboundOf(RdmapOpcode opcode) {
        return switch (opcode) {
            case RDMA_WRITE -> BufferUse.WRITE_IN;
            case READ_REQUEST -> BufferUse.READ_REQUEST_IN;
            case READ_RESPONSE -> BufferUse.READ_RESPONSE_IN;
            case SEND, SEND_INVALIDATE, SEND_SOLICITED, SEND_SOLICITED_INVALIDATE -> BufferUse.SEND_IN;
            case TERMINATE -> BufferUse.TERMINATE_IN;
            case IMMEDIATE, IMMEDIATE_SOLICITED -> BufferUse.IMMEDIATE_IN;
            case ATOMIC_REQUEST -> BufferUse.ATOMIC_REQUEST_IN;
            case ATOMIC_RESPONSE -> BufferUse.ATOMIC_RESPONSE_IN;
        };
    }
}
