package io.verbena.conformance.raw;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A Terminate that arrived (RFC 5040 section 4.8).
 *
 * @param layer 0 RDMA, 1 DDP, 2 MPA
 * @param errorType the layer's error type
 * @param errorCode the error code
 * @param segmentLength the returned DDP Segment Length, or -1
 * @param ddpHeader the returned DDP header, or empty; do not change
 * @param rdmapHeader the returned Read Request header, or empty; do not change
 */
public record RawTerminate(
        int layer, int errorType, int errorCode, int segmentLength, byte[] ddpHeader, byte[] rdmapHeader) {
    /** The opcode of a Terminate. */
    public static final int OPCODE = 7;

    private static final int READ_REQUEST_OCTETS = 28;

    /**
     * Reads the Terminate that {@code segment} carries.
     *
     * @throws AssertionError if it is no Terminate, or one that breaks a rule of RFC 5040 sections 4.8 and 5.4
     */
    public static RawTerminate parse(RawSegment segment) {
        if (segment.tagged() || segment.opcode() != OPCODE) {
            throw new AssertionError("expected a Terminate, but got " + segment);
        }
        if (segment.queue() != 2 || segment.msn() != 1 || segment.offset() != 0 || segment.stag() != 0) {
            throw new AssertionError("a Terminate goes to queue 2 with MSN 1, offset 0: " + segment);
        }
        ByteBuffer in = ByteBuffer.wrap(segment.payload());
        int types = in.get() & 0xFF;
        int code = in.get() & 0xFF;
        int parts = in.get() & 0xFF;
        int reserved = in.get();
        if ((parts & 0x1F) != 0 || reserved != 0) {
            throw new AssertionError(
                    "reserved bits of a Terminate are set: " + HexFormat.of().formatHex(segment.payload()));
        }
        int length = (parts & 0x80) != 0 ? in.getShort() & 0xFFFF : -1;
        byte[] ddp = {};
        if ((parts & 0x40) != 0) {
            ddp = new byte[(in.get(in.position()) & 0x80) != 0 ? 14 : 18];
            in.get(ddp);
        }
        byte[] rdmap = new byte[(parts & 0x20) != 0 ? READ_REQUEST_OCTETS : 0];
        in.get(rdmap);
        if (in.hasRemaining()) {
            throw new AssertionError("octets behind what a Terminate announces: "
                    + HexFormat.of().formatHex(segment.payload()));
        }
        return new RawTerminate(types >>> 4, types & 0xF, code, length, ddp, rdmap);
    }

    /** Returns the triple as tables write it, such as {@code 1/1/01}. */
    public String triple() {
        return triple(layer, errorType, errorCode);
    }

    /** Returns a triple as tables write it. */
    public static String triple(int layer, int errorType, int errorCode) {
        return String.format(Locale.ROOT, "%d/%d/%02x", layer, errorType, errorCode);
    }

    /** Requires that nothing of the offending segment was returned (M, D and R clear). */
    public RawTerminate returningNothing() {
        require(segmentLength == -1 && ddpHeader.length == 0 && rdmapHeader.length == 0, "nothing");
        return this;
    }

    /** Requires that the length and DDP header of {@code offender} were returned, and no RDMAP header (M and D). */
    public RawTerminate returning(RawSegment offender) {
        require(
                segmentLength == offender.octets().length
                        && Arrays.equals(ddpHeader, offender.header())
                        && rdmapHeader.length == 0,
                "length and DDP header of " + offender);
        return this;
    }

    /** Requires that length, DDP header and Read Request header of {@code offender} were returned (M, D and R). */
    public RawTerminate returningReadRequest(RawSegment offender) {
        require(
                segmentLength == offender.octets().length
                        && Arrays.equals(ddpHeader, offender.header())
                        && Arrays.equals(rdmapHeader, offender.payload()),
                "length, DDP header and Read Request header of " + offender);
        return this;
    }

    /** Requires that what was returned, if anything, is of {@code offender} (RFC 5040 figure 10: "if possible"). */
    public RawTerminate returningAtMost(RawSegment offender) {
        return segmentLength == -1 ? returningNothing() : returning(offender);
    }

    private void require(boolean holds, String expected) {
        if (!holds) {
            throw new AssertionError("Terminate should return " + expected + ", but returns length " + segmentLength
                    + ", DDP header " + HexFormat.of().formatHex(ddpHeader) + ", RDMAP header "
                    + HexFormat.of().formatHex(rdmapHeader));
        }
    }
}
