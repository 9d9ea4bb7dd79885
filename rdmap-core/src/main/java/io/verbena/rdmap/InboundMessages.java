package io.verbena.rdmap;

import io.verbena.ddp.DdpError;
import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.DdpUlp;
import io.verbena.ddp.PlacementTarget;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * Where inbound segments come in: judges the header of each, passes it to who knows its kind of message, and hears what DDP
 * finds wrong. {@link InboundTaggedMessages}, {@link InboundReadRequests} and {@link InboundSends} find the memory that a
 * message may touch, and act when it is delivered; a Terminate goes straight to {@link StreamEnd}.
 *
 * <p>RFC 5040 section 5.5 keeps three events apart: payload is <em>placed</em> segment by segment, a message is
 * <em>delivered</em> when all of it and all before it is placed, a request is <em>completed</em> when the application can
 * be told. A Send completes a receive, a Response the Read that asked for it; Writes are seen by nobody.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing unless a rule is broken.
 */
final class InboundMessages implements DdpUlp {
    private final RdmapStream stream;
    private final StreamEnd end;
    private final RdmapUser user;
    private final SegmentRefusals refusals;
    private final InboundTaggedMessages tagged;
    private final InboundReadRequests readRequests;
    private final OutboundReadQueue ownReads;
    private final InboundReadQueue peerReads;
    private final int inboundReadDepth;
    private final InboundSends sends;

    /** Made when the first Atomic Request arrives. */
    private InboundAtomicRequests atomicRequests;

    /** Made when the first Atomic Response arrives. */
    private InboundAtomicResponses atomicResponses;

    /** Made when the Terminate arrives. */
    private ControlPlacement terminate;

    private RdmapOpcode opcode;

    InboundMessages(
            RdmapStream stream,
            StreamEnd end,
            RdmapUser user,
            LoopResources resources,
            PoolStaging staging,
            OutboundReadQueue ownReads,
            InboundReadQueue peerReads,
            int inboundReadDepth) {
        this.stream = stream;
        this.end = end;
        this.user = user;
        this.ownReads = ownReads;
        this.peerReads = peerReads;
        this.inboundReadDepth = inboundReadDepth;
        refusals = new SegmentRefusals(end, user);
        tagged = new InboundTaggedMessages(end, user, resources, ownReads, refusals);
        readRequests = new InboundReadRequests(user, peerReads, inboundReadDepth, refusals);
        sends = new InboundSends(end, user, resources, staging);
    }

    /** Returns who knows tagged messages. */
    InboundTaggedMessages tagged() {
        return tagged;
    }

    /** Returns who knows Sends. */
    InboundSends sends() {
        return sends;
    }

    /** Returns whether a Write has begun and its last segment not arrived. */
    boolean writeUnderWay() {
        return tagged.writeUnderWay();
    }

    /** The stream has ended: memory that was kept for a segment under way is given up. */
    void stop() {
        tagged.stop();
    }

    /** Returns whether a message under way has drawn receives. */
    boolean holdsReceives() {
        return sends.holdsReceives();
    }

    /** The stream has ended: flushes the receives that the message under way has drawn. */
    void flush(FailureCause cause) {
        sends.flush(cause);
    }

    /** A message has waited for a receive long enough: the next look ends the stream if there is none. */
    void waitNoLonger() {
        sends.waitNoLonger();
    }

    @Override
    public boolean waits() {
        return sends.waits();
    }

    @Override
    public boolean onSegmentHeader(DdpSegment segment, ByteBuffer lent, int offset, int available) {
        StackEvents events = user.events();
        boolean again = sends.beginsAgain();
        if (events != null && !again) {
            int headers = Math.min(available, segment.headerOctets() + TerminateMessage.MAX_OCTETS);
            events.onSegment(
                    user.deviceName(),
                    StackEvents.Direction.RECEIVED,
                    user.number(),
                    lent,
                    offset,
                    headers,
                    segment.segmentOctets());
        }
        if (!end.takesSegments()) {
            return false;
        }
        if (RdmapControl.version(segment.ulpControl()) != RdmapControl.VERSION) {
            return refusals.rule(
                    TerminateReason.RDMAP_OPERATION_INVALID_VERSION, FailedCheck.RDMAP_VERSION, null, segment);
        }
        RdmapOpcode found = RdmapControl.opcode(segment.ulpControl());
        if (found == null) {
            return refusals.rule(TerminateReason.RDMAP_OPERATION_UNEXPECTED_OPCODE, FailedCheck.OPCODE, null, segment);
        }
        if (found.tagged() != segment.tagged()) {
            // No code exists for an opcode in the wrong kind of segment (wire formats, W4).
            return refusals.rule(TerminateReason.DDP_LOCAL_CATASTROPHIC, FailedCheck.OPCODE, found, segment);
        }
        if (!found.tagged() && segment.queueNumber() != found.queueNumber()) {
            return refusals.rule(
                    TerminateReason.DDP_UNTAGGED_INVALID_QUEUE_NUMBER, FailedCheck.QUEUE_NUMBER, found, segment);
        }
        if (!found.splittable() && !segment.last()) {
            return refusals.rule(
                    TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM, FailedCheck.SEGMENT_LENGTH, found, segment);
        }
        opcode = found;
        return true;
    }

    @Override
    public PlacementTarget resolveTagged(DdpSegment segment) {
        return opcode == RdmapOpcode.RDMA_WRITE ? tagged.resolveWrite(segment) : tagged.resolveReadResponse(segment);
    }

    @Override
    public long onMessageBegin(DdpSegment segment) {
        return switch (opcode) {
            case READ_REQUEST -> readRequests.begin(segment);
            case ATOMIC_REQUEST -> beginAtomicRequest(segment);
            case ATOMIC_RESPONSE -> beginAtomicResponse(segment);
            case IMMEDIATE, IMMEDIATE_SOLICITED -> sends.beginImmediate(opcode, segment);
            case TERMINATE -> {
                terminate = new ControlPlacement(TerminateMessage.MAX_OCTETS);
                yield TerminateMessage.MAX_OCTETS;
            }
            default -> sends.begin(opcode, segment);
        };
    }

    private long beginAtomicRequest(DdpSegment segment) {
        if (atomicRequests == null) {
            atomicRequests = new InboundAtomicRequests(user, peerReads, inboundReadDepth, refusals);
        }
        return atomicRequests.begin(segment);
    }

    private long beginAtomicResponse(DdpSegment segment) {
        if (atomicResponses == null) {
            atomicResponses = new InboundAtomicResponses(end, user, ownReads, refusals);
        }
        return atomicResponses.begin(segment);
    }

    @Override
    public PlacementTarget resolveUntagged(DdpSegment segment) {
        return switch (opcode) {
            case READ_REQUEST -> readRequests.placement();
            case ATOMIC_REQUEST -> atomicRequests.placement();
            case ATOMIC_RESPONSE -> atomicResponses.placement();
            case IMMEDIATE, IMMEDIATE_SOLICITED -> sends.immediatePlacement();
            case TERMINATE -> terminate;
            default -> sends.placement(opcode, segment);
        };
    }

    @Override
    public void onSegmentPlaced(DdpSegment segment) {
        stream.onGoodSegment();
        if (opcode == RdmapOpcode.RDMA_WRITE) {
            tagged.onWritePlaced(segment);
        } else if (opcode == RdmapOpcode.READ_RESPONSE) {
            tagged.onReadResponsePlaced(segment);
        }
    }

    @Override
    public boolean onDelivered(DdpSegment segment, long messageOctets) {
        if (!end.takesSegments()) {
            // The stream ended while the segment was being placed; what is not delivered by then never is.
            return false;
        }
        return switch (opcode) {
            case RDMA_WRITE -> true;
            case READ_RESPONSE -> tagged.deliverReadResponse(segment);
            case READ_REQUEST -> readRequests.deliver(segment);
            case ATOMIC_REQUEST -> atomicRequests.deliver(segment);
            case ATOMIC_RESPONSE -> atomicResponses.deliver(segment);
            case IMMEDIATE, IMMEDIATE_SOLICITED -> sends.deliverImmediate(opcode);
            case TERMINATE -> deliverTerminate(messageOctets);
            default -> sends.deliver(opcode, segment, messageOctets);
        };
    }

    /** Returns the Read Request header that is being judged, for a Terminate that returns it. */
    ByteBuffer readRequestOctets() {
        return readRequests.octets();
    }

    private boolean deliverTerminate(long messageOctets) {
        if (messageOctets < TerminateMessage.CONTROL_OCTETS) {
            end.onTerminateReceived(null, null);
            return false;
        }
        TerminateMessage view = new TerminateMessage().wrap(terminate.buffer(), 0, (int) messageOctets);
        end.onTerminateReceived(view, terminate.buffer());
        return false;
    }

    @Override
    public void onSegmentError(DdpError error, DdpSegment segment) {
        FailedCheck check = Refusals.check(error);
        RdmapOpcode offending = RdmapControl.opcode(segment.ulpControl());
        FailureCause.Builder about = FailureCause.of(FailureCause.End.LOCAL, check);
        if (check == FailedCheck.MESSAGE_TOO_LONG) {
            about.detail("a message of at least "
                    + (Integer.toUnsignedLong(segment.messageOffset()) + segment.payloadOctets())
                    + " octets met a shorter receive");
        }
        TerminateReason reason = TerminateReason.of(error);
        boolean refused =
                error == DdpError.UNTAGGED_MESSAGE_TOO_LONG && sends.refuseTooLong(reason, about, offending, segment);
        if (!refused) {
            end.refuse(reason, about, offending, segment);
        }
    }

    @Override
    public void onMessageCutShort(DdpSegment segment) {
        refusals.rule(
                TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM, FailedCheck.MESSAGE_SEQUENCE, opcode, segment);
    }
}
