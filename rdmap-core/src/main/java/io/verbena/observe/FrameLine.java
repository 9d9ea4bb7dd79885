package io.verbena.observe;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import io.verbena.rdmap.wire.AtomicOperation;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import io.verbena.rdmap.wire.AtomicResponseHeader;
import io.verbena.rdmap.wire.ImmediateData;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.observe.StackEvents.Direction;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * One line of text for one frame, in fixed columns, for traces of a live stack, of a capture file and of a simulation
 * alike:
 *
 * <pre>{@code
 * >> qp 0x12     UNTAGGED q0 msn 7 mo 0                         len 1024  SEND LAST
 * << qp 0x12     TAGGED   stag 0x00001234 to 0x0000000000001000 len 1436  WRITE
 * }</pre>
 *
 * <p>Any octets can be shown: what cannot be read is said to be short or unknown, it is never a reason to fail.
 * {@code len} counts the octets behind the DDP header. Pure functions on borrowed big-endian buffers: any thread. They
 * allocate and are meant for when somebody looks.
 */
public final class FrameLine {
    private FrameLine() {}

    /**
     * Shows a DDP segment.
     *
     * @param direction which way it went
     * @param queuePairNumber whose it is
     * @param borrowed big-endian buffer with the headers of the segment
     * @param offset where the DDP control octet is
     * @param headerOctets octets that are there; may be the whole segment
     * @param segmentOctets length of the segment: ULPDU_Length of its FPDU
     * @return the line, without an end of line
     */
    public static String segment(
            Direction direction,
            int queuePairNumber,
            ByteBuffer borrowed,
            int offset,
            int headerOctets,
            int segmentOctets) {
        return segment(direction, "qp " + hex(queuePairNumber), borrowed, offset, headerOctets, segmentOctets);
    }

    /**
     * Shows a DDP segment of a connection that is known by a name.
     *
     * @param direction which way it went
     * @param connection what the connection is called, {@code conn 1} say
     * @param borrowed big-endian buffer with the headers of the segment
     * @param offset where the DDP control octet is
     * @param headerOctets octets that are there; may be the whole segment
     * @param segmentOctets length of the segment: ULPDU_Length of its FPDU
     * @return the line, without an end of line
     */
    public static String segment(
            Direction direction,
            String connection,
            ByteBuffer borrowed,
            int offset,
            int headerOctets,
            int segmentOctets) {
        String start = String.format(Locale.ROOT, "%s %-11s ", arrow(direction), connection);
        if (headerOctets < 1 || headerOctets < DdpControl.headerOctets(borrowed.get(offset))) {
            return start + "SHORT    segment of " + segmentOctets + " octets, too short for its DDP header";
        }
        int control = borrowed.get(offset);
        boolean tagged = DdpControl.isTagged(control);
        int ddpHeader = DdpControl.headerOctets(control);
        int ulpControl = borrowed.get(offset + UntaggedHeader.ULP_CONTROL);
        RdmapOpcode opcode = RdmapControl.opcode(ulpControl);
        String line = String.format(
                Locale.ROOT,
                "%s%-8s %-37s len %-5d %s%s%s",
                start,
                tagged ? "TAGGED" : "UNTAGGED",
                tagged ? taggedPlace(borrowed, offset) : untaggedPlace(borrowed, offset),
                segmentOctets - ddpHeader,
                opcode == null ? "OPCODE " + hex(ulpControl & RdmapControl.OPCODE_MASK) : opcode.shortName(),
                DdpControl.isLast(control) ? " LAST" : "",
                strangeVersions(control, ulpControl));
        if (opcode == null || opcode.tagged() != tagged) {
            return line;
        }
        return line + details(opcode, borrowed, offset, ddpHeader, headerOctets - ddpHeader);
    }

    /**
     * Shows an MPA startup frame.
     *
     * @param direction which way it went
     * @param borrowed big-endian buffer with the frame
     * @param offset where its key starts
     * @param available octets that are there
     * @return the line, without an end of line
     */
    public static String startup(Direction direction, ByteBuffer borrowed, int offset, int available) {
        return startup(arrow(direction) + " MPA         ", borrowed, offset, available);
    }

    /**
     * Shows an MPA startup frame of a connection that is known by a name.
     *
     * @param direction which way it went
     * @param connection what the connection is called, {@code conn 1} say
     * @param borrowed big-endian buffer with the frame
     * @param offset where its key starts
     * @param available octets that are there
     * @return the line, without an end of line
     */
    public static String startup(
            Direction direction, String connection, ByteBuffer borrowed, int offset, int available) {
        String start = String.format(Locale.ROOT, "%s %-11s MPA      ", arrow(direction), connection);
        return startup(start, borrowed, offset, available);
    }

    private static String startup(String start, ByteBuffer borrowed, int offset, int available) {
        if (!MpaFrame.fits(available)) {
            return start + "SHORT    startup frame of " + available + " octets";
        }
        MpaFrame frame = new MpaFrame().wrap(borrowed, offset);
        MpaFrameKind kind = frame.kind();
        String line = String.format(
                Locale.ROOT,
                "%s%-8s rev %d%s%s%s",
                start,
                kind == null ? "UNKNOWN" : kind.name(),
                frame.revision(),
                frame.markers() ? " MARKERS" : "",
                frame.crc() ? " CRC" : "",
                kind == MpaFrameKind.REPLY && frame.rejected() ? " REJECTED" : "");
        int privateData = frame.privateDataLength();
        if (!frame.enhanced()) {
            return line + " private " + privateData;
        }
        if (!EnhancedWord.fits(Math.min(privateData, available - MpaFrame.FIXED_OCTETS))) {
            return line + " ENHANCED private " + privateData;
        }
        return line
                + enhanced(EnhancedWord.read(borrowed, offset + MpaFrame.PRIVATE_DATA))
                + " private "
                + (privateData - EnhancedWord.OCTETS);
    }

    private static String enhanced(EnhancedWord word) {
        return (word.peerToPeer() ? " PEER-TO-PEER" : "")
                + (word.sendReady() ? " RTR-SEND" : "")
                + (word.writeReady() ? " RTR-WRITE" : "")
                + (word.readReady() ? " RTR-READ" : "")
                + " ird "
                + word.inboundReadDepth()
                + " ord "
                + word.outboundReadDepth();
    }

    private static String taggedPlace(ByteBuffer buffer, int offset) {
        TaggedHeader header = new TaggedHeader().wrap(buffer, offset);
        return "stag " + stag(header.stag()) + " to " + taggedOffset(header.taggedOffset());
    }

    private static String untaggedPlace(ByteBuffer buffer, int offset) {
        UntaggedHeader header = new UntaggedHeader().wrap(buffer, offset);
        return "q" + Integer.toUnsignedString(header.queueNumber())
                + " msn " + Integer.toUnsignedString(header.messageSequenceNumber())
                + " mo " + Integer.toUnsignedString(header.messageOffset());
    }

    private static String strangeVersions(int control, int ulpControl) {
        int ddp = DdpControl.version(control);
        int rdmap = RdmapControl.version(ulpControl);
        return (ddp == DdpControl.VERSION ? "" : " DDP-VERSION " + ddp)
                + (rdmap == RdmapControl.VERSION ? "" : " RDMAP-VERSION " + rdmap);
    }

    /** What the RDMAP header says; nothing if it is not all there. */
    private static String details(RdmapOpcode opcode, ByteBuffer buffer, int offset, int ddpHeader, int available) {
        if (opcode.invalidates()) {
            return " invalidates "
                    + stag(new UntaggedHeader().wrap(buffer, offset).ulpWord());
        }
        if (available < opcode.headerOctets()) {
            return " SHORT";
        }
        int at = offset + ddpHeader;
        return switch (opcode) {
            case READ_REQUEST -> readRequest(new ReadRequestHeader().wrap(buffer, at));
            case TERMINATE -> terminate(new TerminateMessage().wrap(buffer, at, available));
            case IMMEDIATE, IMMEDIATE_SOLICITED ->
                String.format(Locale.ROOT, " data 0x%016x", ImmediateData.read(buffer, at));
            case ATOMIC_REQUEST -> atomicRequest(new AtomicRequestHeader().wrap(buffer, at));
            case ATOMIC_RESPONSE -> atomicResponse(new AtomicResponseHeader().wrap(buffer, at));
            case RDMA_WRITE, READ_RESPONSE, SEND, SEND_INVALIDATE, SEND_SOLICITED, SEND_SOLICITED_INVALIDATE -> "";
        };
    }

    private static String readRequest(ReadRequestHeader header) {
        return " size " + header.readSize()
                + " from " + stag(header.sourceStag()) + " to " + taggedOffset(header.sourceTaggedOffset())
                + " into " + stag(header.sinkStag()) + " to " + taggedOffset(header.sinkTaggedOffset());
    }

    private static String terminate(TerminateMessage message) {
        TerminateReason reason = message.reason();
        TerminateReason alternative = message.alternativeReason();
        String triple =
                String.format(Locale.ROOT, " %d/%d/%02X ", message.layer(), message.errorType(), message.errorCode());
        return triple
                + (reason == null ? "unknown reason" : reason.sentence())
                + (message.siwOrder() ? " (siw bit order)" : "")
                + (alternative == null ? "" : " (or, in siw bit order: " + alternative.sentence() + ")");
    }

    private static String atomicRequest(AtomicRequestHeader header) {
        AtomicOperation operation = header.operation();
        return String.format(
                Locale.ROOT,
                " id 0x%x %s stag %s to %s",
                header.requestIdentifier(),
                operation == null ? "unknown operation" : operation.name(),
                stag(header.remoteStag()),
                taggedOffset(header.remoteTaggedOffset()));
    }

    private static String atomicResponse(AtomicResponseHeader header) {
        return String.format(
                Locale.ROOT, " id 0x%x value 0x%016x", header.originalRequestIdentifier(), header.originalRemoteData());
    }

    private static String arrow(Direction direction) {
        return direction == Direction.SENT ? ">>" : "<<";
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }

    private static String stag(int stag) {
        return String.format(Locale.ROOT, "0x%08x", stag);
    }

    private static String taggedOffset(long taggedOffset) {
        return String.format(Locale.ROOT, "0x%016x", taggedOffset);
    }
}
