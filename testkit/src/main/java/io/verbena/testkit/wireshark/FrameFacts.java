package io.verbena.testkit.wireshark;

import io.verbena.capture.decode.DecodedFrame;
import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.rdmap.wire.AtomicOperation;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import io.verbena.rdmap.wire.AtomicResponseHeader;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.TerminateMessage;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;

/** Every field of a frame on one line, as our decoder reads it and as tshark does: equal lines, equal opinions. Any thread. */
final class FrameFacts {
    private static final HexFormat HEX = HexFormat.of();

    private FrameFacts() {}

    // --- as we read it
    // -------------------------------------------------------------------------------------------------

    static String of(DecodedFrame frame) {
        ByteBuffer octets = frame.octets();
        if (frame.kind() != DecodedFrame.Kind.FPDU) {
            MpaFrame mpa = new MpaFrame().wrap(octets, 0);
            int length = mpa.privateDataLength();
            return frame.kind() + " rev " + mpa.revision() + " markers " + mpa.markers() + " crc " + mpa.crc()
                    + " rejected " + mpa.rejected() + " private " + length + " "
                    + hex(octets, MpaFrame.PRIVATE_DATA, length);
        }
        int ulpdu = FpduLayout.ulpduLength(octets, 0);
        int control = octets.get(FpduLayout.ULPDU);
        int opcode = octets.get(FpduLayout.ULPDU + 1) & 0x0F;
        String start = "length " + ulpdu + " last " + DdpControl.isLast(control) + " opcode " + opcode;
        if (DdpControl.isTagged(control)) {
            TaggedHeader header = new TaggedHeader().wrap(octets, FpduLayout.ULPDU);
            return start + " stag " + unsigned(header.stag()) + " to " + Long.toUnsignedString(header.taggedOffset());
        }
        UntaggedHeader header = new UntaggedHeader().wrap(octets, FpduLayout.ULPDU);
        return start + " qn " + unsigned(header.queueNumber()) + " msn " + unsigned(header.messageSequenceNumber())
                + " mo " + unsigned(header.messageOffset()) + payload(header, octets, ulpdu, frame.siwOrder());
    }

    private static String payload(UntaggedHeader header, ByteBuffer octets, int ulpdu, boolean siwOrder) {
        int at = FpduLayout.ULPDU + UntaggedHeader.OCTETS;
        int count = ulpdu - UntaggedHeader.OCTETS;
        RdmapOpcode opcode = RdmapOpcode.of(header.ulpControl());
        if (opcode == null) {
            return "";
        }
        return switch (opcode) {
            case SEND_INVALIDATE, SEND_SOLICITED_INVALIDATE -> " invalidates " + unsigned(header.ulpWord());
            case READ_REQUEST -> readRequest(new ReadRequestHeader().wrap(octets, at));
            case ATOMIC_REQUEST -> atomic(new AtomicRequestHeader().wrap(octets, at));
            case ATOMIC_RESPONSE -> {
                AtomicResponseHeader response = new AtomicResponseHeader().wrap(octets, at);
                yield " answers " + unsigned(response.originalRequestIdentifier()) + " with "
                        + Long.toUnsignedString(response.originalRemoteData());
            }
            case TERMINATE -> siwOrder ? "" : terminate(new TerminateMessage().wrap(octets, at, count), octets, at);
            case RDMA_WRITE, READ_RESPONSE, SEND, SEND_SOLICITED, IMMEDIATE, IMMEDIATE_SOLICITED -> "";
        };
    }

    private static String readRequest(ReadRequestHeader read) {
        return " sink " + unsigned(read.sinkStag()) + " " + Long.toUnsignedString(read.sinkTaggedOffset()) + " size "
                + read.readSize() + " source " + unsigned(read.sourceStag()) + " "
                + Long.toUnsignedString(read.sourceTaggedOffset());
    }

    private static String atomic(AtomicRequestHeader atomic) {
        String start = " operation " + atomic.operation().value() + " identifier "
                + unsigned(atomic.requestIdentifier()) + " stag " + unsigned(atomic.remoteStag()) + " to "
                + Long.toUnsignedString(atomic.remoteTaggedOffset()) + " data "
                + Long.toUnsignedString(atomic.addOrSwapData()) + " mask "
                + Long.toUnsignedString(atomic.addOrSwapMask());
        return atomic.operation() == AtomicOperation.FETCH_ADD
                ? start
                : start + " compare " + Long.toUnsignedString(atomic.compareData()) + " mask "
                        + Long.toUnsignedString(atomic.compareMask());
    }

    private static String terminate(TerminateMessage terminate, ByteBuffer octets, int at) {
        String text = " layer " + terminate.layer() + " type " + terminate.errorType() + " code "
                + terminate.errorCode() + " M " + terminate.hasSegmentLength() + " D " + terminate.hasDdpHeader()
                + " R " + terminate.hasRdmapHeader();
        if (terminate.hasSegmentLength()) {
            text += " segment " + HEX.toHexDigits((short) terminate.segmentLength());
        }
        return text + " returned "
                + hex(octets, at + TerminateMessage.DDP_HEADER, returnedOctets(terminate, octets, at));
    }

    /**
     * Returns how many octets of returned headers tshark shows. The length of the DDP header it takes from the error type, not
     * from the header: 1 is tagged, all others are untagged, whatever the layer.
     */
    private static int returnedOctets(TerminateMessage terminate, ByteBuffer octets, int at) {
        if (!terminate.hasDdpHeader()) {
            return 0;
        }
        boolean tagged = DdpControl.isTagged(octets.get(at + TerminateMessage.DDP_HEADER));
        int there = tagged ? TaggedHeader.OCTETS : UntaggedHeader.OCTETS;
        int taken = terminate.errorType() == 1 ? TaggedHeader.OCTETS : UntaggedHeader.OCTETS;
        if (taken > there) {
            return 0;
        }
        return taken + (terminate.hasRdmapHeader() ? ReadRequestHeader.OCTETS : 0);
    }

    private static String unsigned(int value) {
        return Integer.toUnsignedString(value);
    }

    private static String hex(ByteBuffer octets, int at, int count) {
        byte[] copy = new byte[count];
        octets.get(at, copy);
        return HEX.formatHex(copy);
    }

    // --- as tshark reads it
    // --------------------------------------------------------------------------------------------

    static String of(Tshark.Frame frame) {
        if (frame.field("iwarp_mpa.req") != null || frame.field("iwarp_mpa.rep") != null) {
            return (frame.field("iwarp_mpa.req") != null ? "REQUEST" : "REPLY") + " rev "
                    + frame.number("iwarp_mpa.rev") + " markers " + frame.flag("iwarp_mpa.marker_flag") + " crc "
                    + frame.flag("iwarp_mpa.crc_flag") + " rejected " + frame.flag("iwarp_mpa.rej_flag") + " private "
                    + frame.number("iwarp_mpa.pdlength") + " " + octets(frame, "iwarp_mpa.privatedata");
        }
        if (frame.field("iwarp_mpa.ulpdulength") == null || frame.field("iwarp_rdma.opcode") == null) {
            return "no frame that tshark knows: " + frame.fields();
        }
        int opcode = (int) frame.number("iwarp_rdma.opcode");
        String start = "length " + frame.number("iwarp_mpa.ulpdulength") + " last " + frame.flag("iwarp_ddp.last_flag")
                + " opcode " + opcode;
        if (frame.flag("iwarp_ddp.tagged_flag")) {
            return start + " stag " + shown(frame, "iwarp_ddp.stag") + " to " + shown(frame, "iwarp_ddp.tagged_offset");
        }
        return start + " qn " + shown(frame, "iwarp_ddp.qn") + " msn " + shown(frame, "iwarp_ddp.msn") + " mo "
                + shown(frame, "iwarp_ddp.mo") + payload(frame, opcode);
    }

    private static String payload(Tshark.Frame frame, int value) {
        RdmapOpcode opcode = RdmapOpcode.of(value);
        if (opcode == null) {
            return "";
        }
        return switch (opcode) {
            case SEND_INVALIDATE, SEND_SOLICITED_INVALIDATE -> " invalidates " + shown(frame, "iwarp_rdma.inval_stag");
            case READ_REQUEST ->
                " sink " + shown(frame, "iwarp_rdma.sinkstag") + " "
                        + shown(frame, "iwarp_rdma.sinkto") + " size " + shown(frame, "iwarp_rdma.rdmardsz")
                        + " source "
                        + shown(frame, "iwarp_rdma.srcstag") + " " + shown(frame, "iwarp_rdma.srcto");
            case ATOMIC_REQUEST -> atomic(frame);
            case ATOMIC_RESPONSE ->
                " answers " + shown(frame, "iwarp_rdma.atomic.original_request_identifier") + " with "
                        + shown(frame, "iwarp_rdma.atomic.original_remote_data_value");
            case TERMINATE -> terminate(frame);
            case RDMA_WRITE, READ_RESPONSE, SEND, SEND_SOLICITED, IMMEDIATE, IMMEDIATE_SOLICITED -> "";
        };
    }

    private static String atomic(Tshark.Frame frame) {
        String prefix = "iwarp_rdma.atomic.";
        boolean adds = frame.number(prefix + "opcode") == AtomicOperation.FETCH_ADD.value();
        String start = " operation " + shown(frame, prefix + "opcode") + " identifier "
                + shown(frame, prefix + "request_identifier") + " stag " + shown(frame, prefix + "remote_stag")
                + " to " + shown(frame, prefix + "remote_tagged_offset") + " data "
                + shown(frame, prefix + (adds ? "add_data" : "swap_data")) + " mask "
                + shown(frame, prefix + (adds ? "add_mask" : "swap_mask"));
        return adds
                ? start
                : start + " compare " + shown(frame, prefix + "compare_data") + " mask "
                        + shown(frame, prefix + "compare_mask");
    }

    private static String terminate(Tshark.Frame frame) {
        String text = " layer " + shown(frame, "iwarp_rdma.term_layer") + " type "
                + first(frame, "term_etype_rdma", "term_etype_ddp", "term_etype_llp", "term_etype") + " code "
                + first(
                        frame,
                        "term_errcode_rdma",
                        "term_errcode_ddp_tagged",
                        "term_errcode_ddp_untagged",
                        "term_errcode_llp",
                        "term_errcode")
                + " M " + frame.flag("iwarp_rdma.term_hdrct_m") + " D " + frame.flag("iwarp_rdma.hdrct_d") + " R "
                + frame.flag("iwarp_rdma.hdrct_r");
        if (frame.field("iwarp_rdma.term_ddp_seg_len") != null) {
            text += " segment " + octets(frame, "iwarp_rdma.term_ddp_seg_len");
        }
        return text + " returned " + octets(frame, "iwarp_rdma.term_ddp_h") + octets(frame, "iwarp_rdma.term_rdma_h");
    }

    private static long first(Tshark.Frame frame, String... names) {
        return Stream.of(names)
                .map(name -> "iwarp_rdma." + name)
                .filter(name -> frame.field(name) != null)
                .findFirst()
                .map(frame::number)
                .orElse(-1L);
    }

    private static String shown(Tshark.Frame frame, String name) {
        return Long.toUnsignedString(frame.number(name));
    }

    private static String octets(Tshark.Frame frame, String name) {
        String shown = frame.field(name);
        return shown == null ? "" : shown.replace(":", "");
    }
}
