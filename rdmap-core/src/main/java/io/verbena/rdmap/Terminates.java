package io.verbena.rdmap;

import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.ReturnedHeaders;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.TerminateInformation;
import java.nio.ByteBuffer;

/** Makes Terminate messages, and turns those of both ends into what applications are told. */
final class Terminates {
    private static final byte[] NOTHING = {};

    private Terminates() {}

    /** Returns a Terminate header that returns nothing, from index 0 to the limit. */
    static ByteBuffer plain(TerminateReason reason) {
        ByteBuffer message = ByteBuffer.allocate(TerminateMessage.MAX_OCTETS);
        return message.limit(TerminateMessage.encode(message, 0, reason));
    }

    /**
     * Returns a Terminate header that returns what it should of the segment that is refused.
     *
     * @param offending the segment's message, or null if its opcode is not known
     * @param readRequest holds the Read Request header if the segment is one
     */
    static ByteBuffer refusing(
            TerminateReason reason, RdmapOpcode offending, DdpSegment segment, ByteBuffer readRequest) {
        ReturnedHeaders returned = reason.returnedHeaders(offending);
        ByteBuffer headers = ByteBuffer.allocate(UntaggedHeader.OCTETS + ReadRequestHeader.OCTETS);
        headers.put(0, segment.header(), 0, segment.headerOctets());
        if (returned == ReturnedHeaders.DDP_AND_RDMAP) {
            headers.put(segment.headerOctets(), readRequest, 0, ReadRequestHeader.OCTETS);
        }
        ByteBuffer message = ByteBuffer.allocate(TerminateMessage.MAX_OCTETS);
        return message.limit(
                TerminateMessage.encode(message, 0, reason, returned, headers, 0, segment.segmentOctets()));
    }

    /**
     * Returns a Terminate header for an inbound Read that cannot be answered any further: the Read Request header comes back
     * advanced by the {@code answered} octets that were sent (RFC 5040 section 4.8).
     */
    static ByteBuffer unanswered(TerminateReason reason, InboundReadQueue reads, int at, long answered) {
        ByteBuffer request = ByteBuffer.allocate(UntaggedHeader.OCTETS + ReadRequestHeader.OCTETS);
        writeRequestHeader(request, RdmapOpcode.READ_REQUEST, reads.sequenceNumber(at));
        new ReadRequestHeader()
                .wrap(request, UntaggedHeader.OCTETS)
                .sinkStag(reads.sinkStag(at))
                .sinkTaggedOffset(reads.sinkAddress(at) + answered)
                .readSize(reads.octets(at) - answered)
                .sourceStag(reads.sourceStag(at))
                .sourceTaggedOffset(reads.sourceAddress(at) + answered);
        ByteBuffer message = ByteBuffer.allocate(TerminateMessage.MAX_OCTETS);
        return message.limit(TerminateMessage.encode(
                message, 0, reason, ReturnedHeaders.DDP_AND_RDMAP, request, 0, request.capacity()));
    }

    /** Returns a Terminate header for an inbound atomic operation whose target was withdrawn before its turn came. */
    static ByteBuffer unperformed(TerminateReason reason, InboundReadQueue requests, int at) {
        ByteBuffer header = ByteBuffer.allocate(UntaggedHeader.OCTETS);
        writeRequestHeader(header, RdmapOpcode.ATOMIC_REQUEST, requests.sequenceNumber(at));
        ByteBuffer message = ByteBuffer.allocate(TerminateMessage.MAX_OCTETS);
        return message.limit(TerminateMessage.encode(
                message,
                0,
                reason,
                reason.returnedHeaders(RdmapOpcode.ATOMIC_REQUEST),
                header,
                0,
                UntaggedHeader.OCTETS + AtomicRequestHeader.OCTETS));
    }

    /** Writes the DDP header that a request on queue 1 had. */
    private static void writeRequestHeader(ByteBuffer into, RdmapOpcode opcode, int sequenceNumber) {
        new UntaggedHeader()
                .wrap(into, 0)
                .control(DdpControl.encode(false, true))
                .ulpControl(RdmapControl.encode(opcode))
                .ulpWord(0)
                .queueNumber(opcode.queueNumber())
                .messageSequenceNumber(sequenceNumber)
                .messageOffset(0);
    }

    /** Returns what a Terminate of ours says. */
    static TerminateInformation sent(TerminateReason reason, ByteBuffer message) {
        return information(true, new TerminateMessage().wrap(message, 0, message.limit()), message, reason);
    }

    /** Returns what a received Terminate says; {@code message} is null if it was too short to say anything. */
    static TerminateInformation received(TerminateMessage message, ByteBuffer octets) {
        if (message == null) {
            return new TerminateInformation(
                    false, 0, 0, 0, "a Terminate message without its control field", -1, NOTHING, NOTHING);
        }
        return information(false, message, octets, message.reason());
    }

    /** Returns what {@code message} says. */
    private static TerminateInformation information(
            boolean sent, TerminateMessage message, ByteBuffer octets, TerminateReason reason) {
        return new TerminateInformation(
                sent,
                message.layer(),
                message.errorType(),
                message.errorCode(),
                words(reason, sent ? null : message.alternativeReason()),
                message.hasSegmentLength() ? message.segmentLength() : -1,
                message.hasDdpHeader()
                        ? copy(octets, message.ddpHeaderOffset(), ddpHeaderOctets(message, octets))
                        : NOTHING,
                message.hasRdmapHeader()
                        ? copy(octets, message.rdmapHeaderOffset(), ReadRequestHeader.OCTETS)
                        : NOTHING);
    }

    private static String words(TerminateReason reason, TerminateReason alternative) {
        String words = reason == null ? "a reason that is not registered" : reason.sentence();
        return alternative == null ? words : words + " (or, if the peer is Linux siw, " + alternative.sentence() + ")";
    }

    private static int ddpHeaderOctets(TerminateMessage message, ByteBuffer octets) {
        return DdpControl.headerOctets(octets.get(message.ddpHeaderOffset()));
    }

    private static byte[] copy(ByteBuffer octets, int offset, int length) {
        byte[] copy = new byte[length];
        octets.get(offset, copy);
        return copy;
    }

    /** Adds the memory of this stream's peer that a received Terminate is about, as far as it returns the headers. */
    static void nameTarget(FailureCause.Builder about, TerminateMessage message, ByteBuffer octets) {
        if (message == null || !message.hasDdpHeader()) {
            return;
        }
        ReadRequestHeader readRequest = returnedReadRequest(message, octets);
        if (readRequest != null) {
            about.target(readRequest.sourceStag(), readRequest.sourceTaggedOffset(), readRequest.readSize());
        } else if (DdpControl.isTagged(octets.get(message.ddpHeaderOffset()))) {
            TaggedHeader header = new TaggedHeader().wrap(octets, message.ddpHeaderOffset());
            // siw counts the payload only, the RFC the whole segment.
            int payload = message.segmentLength() - (message.siwOrder() ? 0 : TaggedHeader.OCTETS);
            about.target(header.stag(), header.taggedOffset(), Math.max(0, payload));
        }
    }

    /** Returns the Read Request that a Terminate returns, or null. */
    static ReadRequestHeader returnedReadRequest(TerminateMessage message, ByteBuffer octets) {
        if (message == null || !message.hasRdmapHeader()) {
            return null;
        }
        boolean readRequest = returns(RdmapOpcode.READ_REQUEST, message, octets);
        return readRequest ? new ReadRequestHeader().wrap(octets, message.rdmapHeaderOffset()) : null;
    }

    /** Tells whether a Terminate, which may be null, returns the DDP header of an Atomic Request. */
    static boolean returnsAtomicRequest(TerminateMessage message, ByteBuffer octets) {
        return message != null && message.hasDdpHeader() && returns(RdmapOpcode.ATOMIC_REQUEST, message, octets);
    }

    private static boolean returns(RdmapOpcode opcode, TerminateMessage message, ByteBuffer octets) {
        int ddpHeader = message.ddpHeaderOffset();
        return !DdpControl.isTagged(octets.get(ddpHeader)) && RdmapControl.opcode(octets.get(ddpHeader + 1)) == opcode;
    }

    /** Returns the MSN in the untagged DDP header that a Terminate returns. */
    static int returnedSequence(TerminateMessage message, ByteBuffer octets) {
        return new UntaggedHeader().wrap(octets, message.ddpHeaderOffset()).messageSequenceNumber();
    }
}
