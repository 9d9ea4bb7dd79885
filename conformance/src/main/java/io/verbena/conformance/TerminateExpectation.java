package io.verbena.conformance;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawTerminate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The Terminate that a case expects. Names everything that differs at once, and reads the control octets of stacks that
 * declare them as a bit field on a little-endian machine, so that the rest can be judged, too.
 *
 * @param triples the allowed layer, type and code
 * @param offender the segment whose headers come back, or null if nothing may
 */
record TerminateExpectation(List<String> triples, RawSegment offender) {
    private static final int READ_REQUEST_OCTETS = 28;

    void judge(RawSegment segment) {
        String expected = "expected Terminate " + String.join(" or ", triples);
        if (segment.tagged() || segment.opcode() != RawTerminate.OPCODE) {
            throw new AssertionError(expected + ", but got " + segment);
        }
        if (segment.payload().length < 4) {
            throw new AssertionError(expected + ", but the Terminate is cut short: " + segment);
        }
        List<String> differences = new ArrayList<>();
        if (segment.queue() != 2 || segment.msn() != 1 || segment.offset() != 0 || !segment.last()) {
            differences.add("a Terminate is one segment on queue 2 with MSN 1 and offset 0, this is " + segment);
        }
        Control control = Control.read(segment.payload(), triples);
        if (control.swapped()) {
            differences.add("its control octets "
                    + HexFormat.ofDelimiter(" ").formatHex(segment.payload(), 0, 4)
                    + " are in the order of a little-endian bit field");
        }
        if (!triples.contains(control.triple())) {
            differences.add("it is " + control.triple());
        }
        judgeReturned(control, segment.payload(), differences);
        if (!differences.isEmpty()) {
            throw new AssertionError(expected + ": " + String.join("; ", differences));
        }
    }

    private void judgeReturned(Control control, byte[] payload, List<String> differences) {
        Returned returned = Returned.expected(control, offender);
        boolean nothing = !control.length() && !control.ddpHeader() && !control.rdmapHeader();
        if (nothing && returned.mayBeMissing()) {
            return;
        }
        if (control.length() != returned.ddp() || control.ddpHeader() != returned.ddp()) {
            differences.add((returned.ddp() ? "it should" : "it should not") + " return the DDP header (M and D)");
        }
        if (control.rdmapHeader() != returned.rdmap()) {
            differences.add((returned.rdmap() ? "it should" : "it should not") + " return a Read Request header (R)");
        }
        if (offender != null) {
            judgeOctets(control, ByteBuffer.wrap(payload, 4, payload.length - 4), differences);
        }
    }

    private void judgeOctets(Control control, ByteBuffer in, List<String> differences) {
        if (control.length() && in.remaining() >= 2) {
            int length = in.getShort() & 0xFFFF;
            int right = offender.octets().length;
            if (length != right) {
                differences.add("DDP Segment Length is " + length + " instead of " + right);
            }
        }
        if (control.ddpHeader()) {
            judgePart("DDP header", offender.header(), in, differences);
        }
        if (control.rdmapHeader() && in.hasRemaining()) {
            byte[] header = Arrays.copyOf(offender.payload(), READ_REQUEST_OCTETS);
            judgePart("Read Request header", header, in, differences);
        }
        if (in.hasRemaining()) {
            differences.add(in.remaining() + " octets follow what it announces");
        }
    }

    private static void judgePart(String what, byte[] right, ByteBuffer in, List<String> differences) {
        byte[] found = new byte[Math.min(right.length, in.remaining())];
        in.get(found);
        if (!Arrays.equals(found, right)) {
            differences.add("the returned " + what + " is "
                    + HexFormat.of().formatHex(found) + " instead of "
                    + HexFormat.of().formatHex(right));
        }
    }

    /** The four control octets. */
    private record Control(String triple, boolean swapped, boolean length, boolean ddpHeader, boolean rdmapHeader) {
        static Control read(byte[] octets, List<String> allowed) {
            int types = octets[0] & 0xFF;
            int code = octets[1] & 0xFF;
            int parts = octets[2] & 0xFF;
            String right = RawTerminate.triple(types >>> 4, types & 0xF, code);
            String turned = RawTerminate.triple(types & 0xF, types >>> 4, code);
            // RFC 5040 section 4.8: the low five bits are reserved and zero.
            boolean swapped = (parts & 0x1F) != 0 || (!allowed.contains(right) && allowed.contains(turned));
            return swapped
                    ? new Control(turned, true, (parts & 1) != 0, (parts & 2) != 0, (parts & 4) != 0)
                    : new Control(right, false, (parts & 0x80) != 0, (parts & 0x40) != 0, (parts & 0x20) != 0);
        }
    }

    /**
     * What RFC 5040 figure 10 and RFC 7306 section 8.1 want back. A remote operation error returns a header "if possible"; and
     * RFC 5041 section 7.1 "if available", which one of an unknown DDP version need not be.
     */
    private record Returned(boolean ddp, boolean rdmap, boolean mayBeMissing) {
        private static boolean mayBeMissing(String triple) {
            return triple.startsWith("0/2/") || triple.equals("1/1/04") || triple.equals("1/2/06");
        }

        static Returned expected(Control control, RawSegment offender) {
            boolean nothing = offender == null
                    || control.triple().startsWith("2/")
                    || control.triple().startsWith("0/0/");
            if (nothing) {
                return new Returned(false, false, true);
            }
            boolean protection = control.triple().startsWith("0/1/");
            boolean readRequest = !offender.tagged() && offender.opcode() == 1;
            return new Returned(true, protection && readRequest, mayBeMissing(control.triple()));
        }
    }
}
