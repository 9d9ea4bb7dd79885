package io.verbena.rdmap;

import io.verbena.ddp.DdpError;
import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.DdpUlp;
import io.verbena.ddp.PlacementTarget;
import io.verbena.memory.AccessCheck;
import io.verbena.memory.RegionEntry;
import io.verbena.queue.ReceiveQueue;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.STag;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * What inbound messages do: judges each segment's opcode, finds the memory it may touch, and acts when a message is
 * delivered.
 *
 * <p>RFC 5040 section 5.5 keeps three events apart: payload is <em>placed</em> segment by segment, a message is
 * <em>delivered</em> when all of it and all before it is placed, a request is <em>completed</em> when the application can
 * be told. Only Sends complete something here; Writes are seen by nobody.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing unless a rule is broken.
 */
final class InboundMessages implements DdpUlp {
    private static final int NO_RECEIVE = -1;

    private final RdmapStream stream;
    private final RdmapUser user;
    private final OutboundReadQueue ownReads;
    private final InboundReadQueue peerReads;
    private final int inboundReadDepth;

    private final MemoryPlacement tagged;
    private final MemoryPlacement receive;
    private final ControlPlacement readRequest = new ControlPlacement(ReadRequestHeader.OCTETS);
    private final ControlPlacement terminate = new ControlPlacement(TerminateMessage.MAX_OCTETS);
    private final ReadRequestHeader readRequestView = new ReadRequestHeader();
    private final TerminateMessage terminateView = new TerminateMessage();

    private RdmapOpcode opcode;
    private int receiveSlot = NO_RECEIVE;
    private boolean writeUnderWay;
    private int taggedStag;
    private long taggedAddress;

    InboundMessages(
            RdmapStream stream,
            RdmapUser user,
            LoopResources resources,
            OutboundReadQueue ownReads,
            InboundReadQueue peerReads,
            int inboundReadDepth) {
        this.stream = stream;
        this.user = user;
        this.ownReads = ownReads;
        this.peerReads = peerReads;
        this.inboundReadDepth = inboundReadDepth;
        tagged = new MemoryPlacement(1, resources, this::onTaggedWithdrawn);
        receive = new MemoryPlacement(user.maxElements(), resources, this::onReceiveWithdrawn);
    }

    /** Returns whether a Write has begun and its last segment not arrived. */
    boolean writeUnderWay() {
        return writeUnderWay;
    }

    /** Takes the receive that a message was being placed in, if there is one: it will not be completed by a message. */
    int takeReceiveUnderWay() {
        int slot = receiveSlot;
        receiveSlot = NO_RECEIVE;
        return slot;
    }

    @Override
    public boolean onSegmentHeader(DdpSegment segment, ByteBuffer lent, int offset, int available) {
        StackEvents events = user.events();
        if (events != null) {
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
        if (!stream.takesSegments()) {
            return false;
        }
        if (RdmapControl.version(segment.ulpControl()) != RdmapControl.VERSION) {
            return refuse(TerminateReason.RDMAP_OPERATION_INVALID_VERSION, FailedCheck.RDMAP_VERSION, null, segment);
        }
        RdmapOpcode found = RdmapControl.opcode(segment.ulpControl());
        if (found == null || found.compareTo(RdmapOpcode.TERMINATE) > 0) {
            return refuse(TerminateReason.RDMAP_OPERATION_UNEXPECTED_OPCODE, FailedCheck.OPCODE, null, segment);
        }
        if (found.tagged() != segment.tagged()) {
            // No code exists for an opcode in the wrong kind of segment (wire formats, W4).
            return refuse(TerminateReason.DDP_LOCAL_CATASTROPHIC, FailedCheck.OPCODE, found, segment);
        }
        if (!found.tagged() && segment.queueNumber() != found.queueNumber()) {
            return refuse(TerminateReason.DDP_UNTAGGED_INVALID_QUEUE_NUMBER, FailedCheck.QUEUE_NUMBER, found, segment);
        }
        if (!found.splittable() && !segment.last()) {
            return refuse(
                    TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM, FailedCheck.SEGMENT_LENGTH, found, segment);
        }
        opcode = found;
        return true;
    }

    @Override
    public PlacementTarget resolveTagged(DdpSegment segment) {
        return opcode == RdmapOpcode.RDMA_WRITE ? resolveWrite(segment) : resolveReadResponse(segment);
    }

    private PlacementTarget resolveWrite(DdpSegment segment) {
        int octets = segment.payloadOctets();
        RegionEntry entry = user.memory().lookup(segment.stag());
        FailedCheck failed = AccessCheck.remote(
                entry,
                segment.stag(),
                segment.taggedOffset(),
                octets,
                user.protectionDomain(),
                AccessFlag.REMOTE_WRITE);
        if (failed == null && !user.remoteWriteAllowed()) {
            failed = FailedCheck.QUEUE_PAIR_ACCESS;
        }
        if (failed != null) {
            refuseAccess(
                    Refusals.taggedSegment(failed),
                    failed,
                    segment,
                    segment.stag(),
                    segment.taggedOffset(),
                    octets,
                    AccessFlag.REMOTE_WRITE);
            return null;
        }
        return placeTagged(entry, segment, octets);
    }

    private PlacementTarget resolveReadResponse(DdpSegment segment) {
        int octets = segment.payloadOctets();
        FailedCheck failed = null;
        TerminateReason reason = null;
        if (ownReads.isEmpty() || segment.stag() != ownReads.sinkStag()) {
            failed = FailedCheck.READ_RESPONSE;
            reason = TerminateReason.DDP_TAGGED_INVALID_STAG;
        } else if (segment.taggedOffset() != ownReads.nextAddress()
                || octets > ownReads.missing()
                || segment.last() != (octets == ownReads.missing())) {
            // Every segment is bounded by what the Read still expects, not only the last one.
            failed = FailedCheck.READ_RESPONSE;
            reason = TerminateReason.DDP_TAGGED_BASE_OR_BOUNDS;
        }
        if (failed != null) {
            refuseAccess(reason, failed, segment, segment.stag(), segment.taggedOffset(), octets, null);
            return null;
        }
        RegionEntry entry = user.memory().lookup(segment.stag());
        // The sink needs the local write right only: it fits a Read of ours, so the peer gains nothing (verbs 7.6).
        failed = AccessCheck.local(
                entry, segment.stag(), segment.taggedOffset(), octets, user.protectionDomain(), AccessFlag.LOCAL_WRITE);
        if (failed != null) {
            failReadSink(segment, failed);
            return null;
        }
        return placeTagged(entry, segment, octets);
    }

    private PlacementTarget placeTagged(RegionEntry entry, DdpSegment segment, int octets) {
        taggedStag = segment.stag();
        taggedAddress = segment.taggedOffset();
        tagged.pieces().clear();
        tagged.pieces().add(entry, segment.taggedOffset(), octets);
        return tagged;
    }

    /** The sink of an own Read cannot be placed in: an event, and the Read itself fails (state machines, X4). */
    private void failReadSink(DdpSegment segment, FailedCheck failed) {
        FailureCause cause = stream.refuse(
                Refusals.taggedSegment(failed),
                FailureCause.of(FailureCause.End.LOCAL, failed)
                        .target(segment.stag(), segment.taggedOffset(), segment.payloadOctets())
                        .right(AccessFlag.LOCAL_WRITE),
                RdmapOpcode.READ_RESPONSE,
                segment);
        if (!ownReads.isEmpty() && ownReads.slot() != OutboundReadQueue.NO_SLOT) {
            user.completionOrder().done(ownReads.position(), Refusals.localMemory(failed), 0, cause);
            user.deliverSendCompletions();
        }
    }

    @Override
    public long onMessageBegin(DdpSegment segment) {
        return switch (opcode) {
            case READ_REQUEST -> beginReadRequest(segment);
            case TERMINATE -> {
                terminate.clear();
                yield TerminateMessage.MAX_OCTETS;
            }
            default -> beginReceive();
        };
    }

    private long beginReadRequest(DdpSegment segment) {
        if (inboundReadDepth == 0 || !user.remoteReadAllowed()) {
            refuse(
                    TerminateReason.DDP_UNTAGGED_INVALID_QUEUE_NUMBER,
                    FailedCheck.QUEUE_PAIR_ACCESS,
                    RdmapOpcode.READ_REQUEST,
                    segment);
            return REFUSED;
        }
        if (peerReads.isFull()) {
            refuse(
                    TerminateReason.DDP_UNTAGGED_SEQUENCE_RANGE,
                    FailedCheck.INBOUND_READ_DEPTH,
                    RdmapOpcode.READ_REQUEST,
                    segment);
            return REFUSED;
        }
        if (segment.payloadOctets() != ReadRequestHeader.OCTETS) {
            refuse(
                    TerminateReason.DDP_LOCAL_CATASTROPHIC,
                    FailedCheck.SEGMENT_LENGTH,
                    RdmapOpcode.READ_REQUEST,
                    segment);
            return REFUSED;
        }
        readRequest.clear();
        return ReadRequestHeader.OCTETS;
    }

    private long beginReceive() {
        ReceiveQueue queue = user.receiveQueue();
        int slot = queue.take();
        if (slot < 0) {
            return NO_BUFFER;
        }
        receiveSlot = slot;
        receive.pieces().clear();
        long room = 0;
        for (int i = 0; i < queue.elementCount(slot); i++) {
            long length = queue.lengthOctets(slot, i);
            if (length == 0) {
                continue;
            }
            int stag = queue.stag(slot, i);
            RegionEntry entry = user.memory().lookup(stag);
            FailedCheck failed = AccessCheck.local(
                    entry, stag, queue.address(slot, i), length, user.protectionDomain(), AccessFlag.LOCAL_WRITE);
            if (failed != null) {
                failReceive(
                        failed,
                        Refusals.localMemory(failed),
                        FailureCause.of(FailureCause.End.LOCAL, failed)
                                .target(stag, queue.address(slot, i), length)
                                .right(AccessFlag.LOCAL_WRITE));
                return REFUSED;
            }
            receive.pieces().add(entry, queue.address(slot, i), length);
            room += length;
        }
        return room;
    }

    /** A receive's own memory is at fault: its completion tells, the peer hears 0/0/00 (state machines 2.5). */
    private void failReceive(FailedCheck failed, WorkCompletionStatus status, FailureCause.Builder about) {
        int slot = takeReceiveUnderWay();
        long id = user.receiveQueue().id(slot);
        FailureCause cause = stream.failRequest(about, id);
        StackEvents events = user.events();
        if (events != null && failed != null) {
            events.onAccessRefused(user.deviceName(), user.number(), cause);
        }
        user.completeReceive(slot, status, 0, false, false, 0, cause);
    }

    @Override
    public PlacementTarget resolveUntagged(DdpSegment segment) {
        return switch (opcode) {
            case READ_REQUEST -> readRequest;
            case TERMINATE -> terminate;
            default -> receive;
        };
    }

    @Override
    public void onSegmentPlaced(DdpSegment segment) {
        stream.onGoodSegment();
        if (opcode == RdmapOpcode.RDMA_WRITE) {
            writeUnderWay = !segment.last();
        } else if (opcode == RdmapOpcode.READ_RESPONSE && segment.payloadOctets() > 0) {
            ownReads.advance(segment.payloadOctets());
        }
    }

    @Override
    public boolean onDelivered(DdpSegment segment, long messageOctets) {
        if (!stream.takesSegments()) {
            // The stream ended while the segment was being placed; what is not delivered by then never is.
            return false;
        }
        return switch (opcode) {
            case RDMA_WRITE -> true;
            case READ_RESPONSE -> deliverReadResponse(segment);
            case READ_REQUEST -> deliverReadRequest(segment);
            case TERMINATE -> deliverTerminate(messageOctets);
            default -> deliverSend(segment, messageOctets);
        };
    }

    private boolean deliverReadResponse(DdpSegment segment) {
        if (ownReads.isEmpty() || ownReads.missing() != 0) {
            // Only a zero-length Response gets here unchecked.
            TerminateReason reason = ownReads.isEmpty()
                    ? TerminateReason.DDP_TAGGED_INVALID_STAG
                    : TerminateReason.DDP_TAGGED_BASE_OR_BOUNDS;
            return refuse(reason, FailedCheck.READ_RESPONSE, RdmapOpcode.READ_RESPONSE, segment);
        }
        int slot = ownReads.slot();
        int position = ownReads.position();
        long octets = ownReads.length();
        boolean invalidates = ownReads.invalidates();
        int sinkStag = ownReads.sinkStag();
        ownReads.remove();
        if (slot == OutboundReadQueue.NO_SLOT) {
            return true;
        }
        if (invalidates) {
            FailedCheck failed = invalidate(sinkStag, false);
            if (failed != null) {
                FailureCause cause = stream.failRequest(
                        FailureCause.of(FailureCause.End.LOCAL, FailedCheck.INVALIDATE)
                                .detail("the sink of a Read with Local Invalidate cannot be invalidated: "
                                        + failed.words())
                                .target(sinkStag, 0, octets),
                        user.sendQueue().id(slot));
                user.completionOrder().done(position, WorkCompletionStatus.INVALIDATE_REFUSED, 0, cause);
                user.deliverSendCompletions();
                return false;
            }
        }
        user.completionOrder().done(position, WorkCompletionStatus.SUCCESS, octets, null);
        user.sendQueue().done(slot);
        user.deliverSendCompletions();
        return true;
    }

    private boolean deliverReadRequest(DdpSegment segment) {
        readRequestView.wrap(readRequest.buffer(), 0);
        long octets = readRequestView.readSize();
        if (octets > 0) {
            int stag = readRequestView.sourceStag();
            long address = readRequestView.sourceTaggedOffset();
            FailedCheck failed = AccessCheck.remote(
                    user.memory().lookup(stag), stag, address, octets, user.protectionDomain(), AccessFlag.REMOTE_READ);
            if (failed != null) {
                refuseAccess(
                        Refusals.readSource(failed), failed, segment, stag, address, octets, AccessFlag.REMOTE_READ);
                return false;
            }
        }
        peerReads.add(segment.messageSequenceNumber(), readRequestView);
        return true;
    }

    /** Returns the Read Request header that is being judged, for a Terminate that returns it. */
    ByteBuffer readRequestOctets() {
        return readRequest.buffer();
    }

    private boolean deliverTerminate(long messageOctets) {
        if (messageOctets < TerminateMessage.CONTROL_OCTETS) {
            stream.onTerminateReceived(null, null);
            return false;
        }
        stream.onTerminateReceived(terminateView.wrap(terminate.buffer(), 0, (int) messageOctets), terminate.buffer());
        return false;
    }

    private boolean deliverSend(DdpSegment segment, long messageOctets) {
        boolean invalidates = opcode.invalidates();
        if (invalidates) {
            FailedCheck failed = invalidate(segment.ulpWord(), true);
            if (failed != null) {
                refuseInvalidate(segment, failed);
                return false;
            }
        }
        int slot = takeReceiveUnderWay();
        user.completeReceive(
                slot,
                WorkCompletionStatus.SUCCESS,
                messageOctets,
                opcode.solicited(),
                invalidates,
                invalidates ? segment.ulpWord() : 0,
                null);
        return stream.takesSegments();
    }

    /**
     * Invalidates an STag at the moment a message is delivered (state machines 8.2).
     *
     * @return null if it is invalid now, else why it may not be invalidated
     */
    private FailedCheck invalidate(int stag, boolean byPeer) {
        RegionEntry entry = user.memory().lookup(stag);
        if (entry == null) {
            return FailedCheck.ENTRY_VALID;
        }
        if (entry.protectionDomain() != user.protectionDomain()) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        if (!entry.valid()) {
            // Invalidating what is already invalid succeeds (wire formats, W15).
            return null;
        }
        if (entry.stag() != stag) {
            return FailedCheck.TAG_INSTANCE;
        }
        if (byPeer && !entry.remotelyAccessible()) {
            return FailedCheck.ACCESS_RIGHT;
        }
        entry.invalidate();
        return null;
    }

    private void refuseInvalidate(DdpSegment segment, FailedCheck failed) {
        TerminateReason reason = failed == FailedCheck.ENTRY_VALID
                ? TerminateReason.RDMAP_OPERATION_CANNOT_INVALIDATE
                : TerminateReason.RDMAP_PROTECTION_CANNOT_INVALIDATE;
        int slot = takeReceiveUnderWay();
        FailureCause cause = stream.refuseMessage(
                reason,
                FailureCause.of(FailureCause.End.LOCAL, FailedCheck.INVALIDATE)
                        .detail("the peer may not invalidate STag " + STag.toString(segment.ulpWord()) + ": "
                                + failed.words())
                        .target(segment.ulpWord(), 0, 0),
                opcode,
                segment);
        user.completeReceive(slot, WorkCompletionStatus.INVALIDATE_REFUSED, 0, false, false, 0, cause);
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
        if (error == DdpError.UNTAGGED_MESSAGE_TOO_LONG && receiveSlot != NO_RECEIVE) {
            int slot = takeReceiveUnderWay();
            FailureCause cause = stream.refuseMessage(TerminateReason.of(error), about, offending, segment);
            user.completeReceive(slot, WorkCompletionStatus.LOCAL_LENGTH, 0, false, false, 0, cause);
        } else {
            stream.refuse(TerminateReason.of(error), about, offending, segment);
        }
    }

    @Override
    public void onMessageCutShort(DdpSegment segment) {
        refuse(TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM, FailedCheck.MESSAGE_SEQUENCE, opcode, segment);
    }

    private void onTaggedWithdrawn(RegionEntry entry) {
        DdpSegment none = null;
        if (opcode == RdmapOpcode.RDMA_WRITE) {
            refuseAccess(
                    TerminateReason.DDP_TAGGED_INVALID_STAG,
                    FailedCheck.ENTRY_VALID,
                    none,
                    taggedStag,
                    taggedAddress,
                    tagged.pieces().remaining(),
                    AccessFlag.REMOTE_WRITE);
            return;
        }
        FailureCause cause = stream.refuse(
                TerminateReason.DDP_TAGGED_INVALID_STAG,
                FailureCause.of(FailureCause.End.LOCAL, FailedCheck.ENTRY_VALID)
                        .target(taggedStag, taggedAddress, tagged.pieces().remaining())
                        .right(AccessFlag.LOCAL_WRITE),
                RdmapOpcode.READ_RESPONSE,
                none);
        if (!ownReads.isEmpty() && ownReads.slot() != OutboundReadQueue.NO_SLOT) {
            user.completionOrder().done(ownReads.position(), WorkCompletionStatus.LOCAL_INVALID_STAG, 0, cause);
            user.deliverSendCompletions();
        }
    }

    private void onReceiveWithdrawn(RegionEntry entry) {
        failReceive(
                FailedCheck.ENTRY_VALID,
                WorkCompletionStatus.LOCAL_INVALID_STAG,
                FailureCause.of(FailureCause.End.LOCAL, FailedCheck.ENTRY_VALID)
                        .target(entry.stag(), entry.startAddress(), entry.lengthOctets())
                        .right(AccessFlag.LOCAL_WRITE));
    }

    private boolean refuse(TerminateReason reason, FailedCheck check, RdmapOpcode offending, DdpSegment segment) {
        stream.refuse(reason, FailureCause.of(FailureCause.End.LOCAL, check), offending, segment);
        return false;
    }

    private void refuseAccess(
            TerminateReason reason,
            FailedCheck check,
            DdpSegment segment,
            int stag,
            long address,
            long octets,
            AccessFlag right) {
        FailureCause cause = stream.refuse(
                reason,
                FailureCause.of(FailureCause.End.LOCAL, check)
                        .target(stag, address, octets)
                        .right(right),
                opcode,
                segment);
        StackEvents events = user.events();
        if (events != null) {
            events.onAccessRefused(user.deviceName(), user.number(), cause);
        }
    }
}
