package io.verbena.conformance.raw;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * A DDP segment in all its fields, right or wrong (RFC 5041 section 4, RFC 5040 section 4). Immutable; {@code with...}
 * methods return changed copies.
 *
 * @param ddpControl the DDP control octet: T 0x80, L 0x40, version 0x03
 * @param rdmapControl the RDMAP control octet: version 0xC0, opcode 0x0F
 * @param stag STag of a tagged segment; Invalidate STag of an untagged one
 * @param offset Tagged Offset of a tagged segment; Message Offset of an untagged one
 * @param queue queue number of an untagged segment
 * @param msn message sequence number of an untagged segment
 * @param payload what follows the DDP header; do not change
 */
public record RawSegment(int ddpControl, int rdmapControl, int stag, long offset, int queue, int msn, byte[] payload) {
    private static final int TAGGED_LAST = 0xC1;
    private static final int UNTAGGED_LAST = 0x41;
    private static final int LAST = 0x40;

    /** Returns an RDMA Write, or one last segment of it. */
    public static RawSegment write(int stag, long offset, byte[] payload) {
        return new RawSegment(TAGGED_LAST, 0x40, stag, offset, 0, 0, payload);
    }

    /** Returns an RDMA Read Request. */
    public static RawSegment readRequest(
            int msn, int sinkStag, long sinkOffset, int size, int sourceStag, long sourceOffset) {
        byte[] header = ByteBuffer.allocate(28)
                .putInt(sinkStag)
                .putLong(sinkOffset)
                .putInt(size)
                .putInt(sourceStag)
                .putLong(sourceOffset)
                .array();
        return new RawSegment(UNTAGGED_LAST, 0x41, 0, 0, 1, msn, header);
    }

    /** Returns an RDMA Read Response, or one last segment of it. */
    public static RawSegment readResponse(int stag, long offset, byte[] payload) {
        return new RawSegment(TAGGED_LAST, 0x42, stag, offset, 0, 0, payload);
    }

    /** Returns a Send. */
    public static RawSegment send(int msn, byte[] payload) {
        return new RawSegment(UNTAGGED_LAST, 0x43, 0, 0, 0, msn, payload);
    }

    /** Returns a Send with Invalidate. */
    public static RawSegment sendInvalidate(int msn, int stag, byte[] payload) {
        return new RawSegment(UNTAGGED_LAST, 0x44, stag, 0, 0, msn, payload);
    }

    /** Returns Immediate Data. */
    public static RawSegment immediate(int msn, long data) {
        byte[] octets = ByteBuffer.allocate(8).putLong(data).array();
        return new RawSegment(UNTAGGED_LAST, 0x48, 0, 0, 0, msn, octets);
    }

    /**
     * Returns an Atomic Request (RFC 7306 section 5.2.1).
     *
     * @param code the first word of its header, whose low four bits are the operation code
     * @param operands data, data mask, compare, compare mask
     */
    public static RawSegment atomicRequest(
            int msn, int code, int identifier, int stag, long address, long... operands) {
        ByteBuffer header = ByteBuffer.allocate(52)
                .putInt(code)
                .putInt(identifier)
                .putInt(stag)
                .putLong(address);
        for (long operand : operands) {
            header.putLong(operand);
        }
        return new RawSegment(UNTAGGED_LAST, 0x4A, 0, 0, 1, msn, header.array());
    }

    /** Returns an Atomic Response. */
    public static RawSegment atomicResponse(int msn, int identifier, long value) {
        byte[] header =
                ByteBuffer.allocate(12).putInt(identifier).putLong(value).array();
        return new RawSegment(UNTAGGED_LAST, 0x4B, 0, 0, 3, msn, header);
    }

    /** Returns a Terminate without returned headers. */
    public static RawSegment terminate(int layer, int errorType, int errorCode) {
        byte[] control = {(byte) ((layer << 4) | errorType), (byte) errorCode, 0, 0};
        return new RawSegment(UNTAGGED_LAST, 0x47, 0, 0, 2, 1, control);
    }

    /**
     * Reads a segment.
     *
     * @throws AssertionError if it is shorter than its header
     */
    public static RawSegment parse(byte[] ulpdu) {
        int header = ulpdu.length > 0 && (ulpdu[0] & 0x80) != 0 ? 14 : 18;
        if (ulpdu.length < header) {
            throw new AssertionError(
                    "a segment of " + ulpdu.length + " octets is shorter than its header of " + header);
        }
        ByteBuffer in = ByteBuffer.wrap(ulpdu);
        int ddp = in.get() & 0xFF;
        int rdmap = in.get() & 0xFF;
        int stag = in.getInt();
        int queue = header == 14 ? 0 : in.getInt();
        int msn = header == 14 ? 0 : in.getInt();
        long offset = header == 14 ? in.getLong() : in.getInt() & 0xFFFF_FFFFL;
        byte[] payload = new byte[in.remaining()];
        in.get(payload);
        return new RawSegment(ddp, rdmap, stag, offset, queue, msn, payload);
    }

    /** Returns the octets. */
    public byte[] octets() {
        byte[] header = header();
        return ByteBuffer.allocate(header.length + payload.length)
                .put(header)
                .put(payload)
                .array();
    }

    /** Returns the octets of the DDP header. */
    public byte[] header() {
        ByteBuffer out = ByteBuffer.allocate(tagged() ? 14 : 18);
        out.put((byte) ddpControl).put((byte) rdmapControl).putInt(stag);
        if (tagged()) {
            return out.putLong(offset).array();
        }
        return out.putInt(queue).putInt(msn).putInt((int) offset).array();
    }

    /** Returns whether it is tagged. */
    public boolean tagged() {
        return (ddpControl & 0x80) != 0;
    }

    /** Returns whether it is the last of its message. */
    public boolean last() {
        return (ddpControl & LAST) != 0;
    }

    /** Returns the opcode. */
    public int opcode() {
        return rdmapControl & 0xF;
    }

    /** Returns a copy that is not the last segment of its message. */
    public RawSegment withoutLast() {
        return new RawSegment(ddpControl & ~LAST, rdmapControl, stag, offset, queue, msn, payload);
    }

    /** Returns a copy with another DDP control octet. */
    public RawSegment withDdpControl(int octet) {
        return new RawSegment(octet, rdmapControl, stag, offset, queue, msn, payload);
    }

    /** Returns a copy with another RDMAP control octet. */
    public RawSegment withRdmapControl(int octet) {
        return new RawSegment(ddpControl, octet, stag, offset, queue, msn, payload);
    }

    /** Returns a copy with another queue number. */
    public RawSegment withQueue(int number) {
        return new RawSegment(ddpControl, rdmapControl, stag, offset, number, msn, payload);
    }

    /** Returns a copy with another Tagged or Message Offset. */
    public RawSegment withOffset(long octets) {
        return new RawSegment(ddpControl, rdmapControl, stag, octets, queue, msn, payload);
    }

    /** Returns a copy with another STag or Invalidate STag. */
    public RawSegment withStag(int other) {
        return new RawSegment(ddpControl, rdmapControl, other, offset, queue, msn, payload);
    }

    /** Returns a copy with other octets behind the DDP header. */
    public RawSegment withPayload(byte[] octets) {
        return new RawSegment(ddpControl, rdmapControl, stag, offset, queue, msn, octets);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s opcode %x%s stag %08x %s %d length %d%s",
                tagged() ? "tagged" : "untagged",
                opcode(),
                last() ? " last" : "",
                stag,
                tagged() ? "to" : "mo",
                offset,
                payload.length,
                tagged() ? "" : " qn " + queue + " msn " + Integer.toUnsignedString(msn));
    }
}
