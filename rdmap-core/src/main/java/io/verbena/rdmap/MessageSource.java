package io.verbena.rdmap;

import io.verbena.memory.AccessCheck;
import io.verbena.memory.StagingBuffer;
import io.verbena.memory.TableEntry;
import io.verbena.mpa.RtrKind;
import io.verbena.queue.SendQueue;
import io.verbena.rdmap.OutboundMessage.Kind;
import io.verbena.rdmap.wire.AtomicOperation;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import io.verbena.rdmap.wire.ImmediateData;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * Chooses which message goes out next, and begins it.
 *
 * <p>What decides (RFC 5040 section 5.5, state machines 7): messages go out whole, one behind the other; own requests in the
 * order of posting, Responses in the order of the requests; between the two kinds it takes turns, so that neither waits for
 * the other for ever. A request waits, and all behind it, while its Read fence is up or ORD Reads and atomic operations are
 * outstanding. A responder is silent until the peer's first good FPDU.
 *
 * <p>Local memory is checked when its request begins (SYS-MEM-08), not when it is posted. Requests that send nothing are
 * {@link MemoryRequests}.
 *
 * <p>Thread rule: the stream's loop.
 */
final class MessageSource {
    private final StreamEnd end;
    private final RdmapUser user;
    private final KeptPin keptPin;
    private final OutboundMessage message;
    private final OutboundReadQueue ownReads;
    private final InboundReadQueue peerReads;
    private final MemoryRequests memoryRequests;
    private final ByteBuffer control = ByteBuffer.allocate(AtomicRequestHeader.OCTETS);
    private final ReadRequestHeader readRequest = new ReadRequestHeader();

    /** Made for the first own atomic operation. */
    private AtomicRequestHeader atomicRequest;

    /** Made when the first atomic operation of the peer is due. */
    private AtomicResponder atomics;

    private boolean held;
    private boolean responseTurn;
    private RtrKind opening;
    private int outboundReadDepth;
    private int nextSendSequence = 1;
    private int nextReadSequence = 1;

    MessageSource(
            StreamEnd end,
            RdmapUser user,
            LoopResources resources,
            StreamModes modes,
            OutboundMessage message,
            OutboundReadQueue ownReads,
            InboundReadQueue peerReads) {
        this.end = end;
        this.user = user;
        keptPin = resources.keptPin();
        this.message = message;
        this.ownReads = ownReads;
        this.peerReads = peerReads;
        memoryRequests = new MemoryRequests(end, user, ownReads, this);
        opening = modes.opening();
        outboundReadDepth = modes.outboundReadDepth();
        // RFC 5044 section 7.1.2: the responder's first FPDU comes after the initiator's.
        held = !modes.initiator() || modes.firstMessageDelayNs() > 0;
    }

    /** Returns whether nothing may be sent yet. */
    boolean held() {
        return held;
    }

    /** Lets messages go. */
    void release() {
        held = false;
    }

    /** Lowers the number of own Reads that may be outstanding. */
    void outboundReadDepth(int depth) {
        outboundReadDepth = depth;
    }

    /** Returns the requests that need no message. */
    MemoryRequests memoryRequests() {
        return memoryRequests;
    }

    /** Returns whether the ready-to-receive message has to go out first. */
    boolean openingDue() {
        return opening != null;
    }

    /** Gives the ready-to-receive message up. */
    void abandonOpening() {
        opening = null;
    }

    /** Begins the next message; false if there is none that may go now, or the attempt has ended the stream. */
    boolean next() {
        if (held || !end.inOperation()) {
            return false;
        }
        if (opening != null) {
            beginOpening();
            return true;
        }
        responseTurn = !responseTurn;
        return responseTurn ? nextResponse() || nextRequest() : nextRequest() || nextResponse();
    }

    /** The initiator's ready-to-receive message: zero-length, nothing else goes before it (RFC 6581 section 9.2). */
    private void beginOpening() {
        switch (opening) {
            case WRITE -> message.beginTagged(Kind.OPENING, RdmapOpcode.RDMA_WRITE, 0, 1, 0);
            case SEND -> message.beginUntagged(Kind.OPENING, RdmapOpcode.SEND, 0, nextSendSequence++, 0);
            case READ -> {
                ownReads.add(OutboundReadQueue.NO_SLOT, OutboundMessage.NOTHING, 0, 0, 0, false);
                beginReadRequest(Kind.OPENING, 0, 0, 0, 1, 0);
            }
        }
        opening = null;
    }

    /** Returns whether the next message can only be the next request of the send queue, if that may go. */
    boolean onlyRequestsGo() {
        return !held
                && opening == null
                && end.inOperation()
                && !peerReads.hasWaiting()
                && !memoryRequests.drain().flushing();
    }

    /** Returns the message sequence number of the next Send. */
    int sendSequence() {
        return nextSendSequence;
    }

    /** The Send of that number has been framed. */
    void sendFramed() {
        nextSendSequence++;
    }

    private boolean nextResponse() {
        if (!end.inOperation() || !peerReads.hasWaiting()) {
            return false;
        }
        int read = peerReads.begin();
        if (peerReads.isAtomic(read)) {
            if (atomics == null) {
                atomics = new AtomicResponder(end, user, peerReads);
            }
            return atomics.begin(read, message);
        }
        long octets = peerReads.octets(read);
        message.beginTagged(
                Kind.RESPONSE,
                RdmapOpcode.READ_RESPONSE,
                octets,
                peerReads.sinkStag(read),
                peerReads.sinkAddress(read));
        message.response(read);
        if (octets > 0) {
            int stag = peerReads.sourceStag(read);
            long address = peerReads.sourceAddress(read);
            TableEntry entry = user.memory().lookup(stag);
            FailedCheck failed = AccessCheck.remote(entry, stag, address, octets, user, AccessFlag.REMOTE_READ);
            if (failed != null) {
                end.refuseReadSource(peerReads, read, 0, failed);
                return false;
            }
            message.pieces().add(entry, address, octets);
        }
        return true;
    }

    private boolean nextRequest() {
        SendQueue queue = user.sendQueue();
        int slot = memoryRequests.nextToSend();
        if (slot < 0) {
            return false;
        }
        SendOperation operation = queue.operation(slot);
        boolean asks = operation.isRead() || operation.isAtomic();
        if (asks && outboundReadDepth > 0 && (ownReads.size() >= outboundReadDepth || ownReads.isFull())) {
            return false;
        }
        queue.next();
        int position = user.beginRequest(queue, slot);
        if (!memoryRequests.expose(slot, position)) {
            // Behind a drain there may be more to do, behind a Terminate there is not.
            return nextRequest();
        }
        if (asks && outboundReadDepth == 0) {
            failRequest(
                    slot,
                    position,
                    WorkCompletionStatus.ZERO_READ_RESOURCES,
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.OUTBOUND_READ_DEPTH));
            return false;
        }
        if (operation.isAtomic()) {
            return beginAtomic(queue, slot, position, operation);
        }
        if (operation.isImmediate()) {
            return beginImmediate(queue, slot, position, operation);
        }
        return operation.isRead()
                ? beginRead(queue, slot, position, operation)
                : beginSendOrWrite(queue, slot, position, operation);
    }

    private boolean beginAtomic(SendQueue queue, int slot, int position, SendOperation operation) {
        int sink = queue.stag(slot, 0);
        long sinkAddress = queue.address(slot, 0);
        if (admitted(slot, position, sink, sinkAddress, AtomicUnit.OCTETS, AccessFlag.LOCAL_WRITE) == null) {
            return false;
        }
        int sequence = nextReadSequence++;
        ownReads.addAtomic(slot, position, sink, sinkAddress, sequence);
        if (atomicRequest == null) {
            atomicRequest = new AtomicRequestHeader();
        }
        atomicRequest
                .wrap(control, 0)
                .operation(
                        operation == SendOperation.FETCH_ADD ? AtomicOperation.FETCH_ADD : AtomicOperation.COMPARE_SWAP)
                .requestIdentifier(sequence)
                .remoteStag(queue.remoteStag(slot))
                .remoteTaggedOffset(queue.remoteAddress(slot))
                .addOrSwapData(queue.data(slot))
                .addOrSwapMask(queue.dataMask(slot))
                .compareData(queue.compare(slot))
                .compareMask(queue.compareMask(slot));
        message.beginUntagged(Kind.REQUEST, RdmapOpcode.ATOMIC_REQUEST, AtomicRequestHeader.OCTETS, sequence, 0);
        message.copyFrom(control, 0);
        message.request(slot, position);
        return true;
    }

    private boolean beginImmediate(SendQueue queue, int slot, int position, SendOperation operation) {
        ImmediateData.write(control, 0, queue.data(slot));
        message.beginUntagged(Kind.REQUEST, opcodeOf(operation), ImmediateData.OCTETS, nextSendSequence++, 0);
        message.copyFrom(control, 0);
        message.request(slot, position);
        return true;
    }

    private boolean beginRead(SendQueue queue, int slot, int position, SendOperation operation) {
        int sink = queue.stag(slot, 0);
        long sinkAddress = queue.address(slot, 0);
        long octets = queue.lengthOctets(slot, 0);
        if (octets > 0 && admitted(slot, position, sink, sinkAddress, octets, AccessFlag.LOCAL_WRITE) == null) {
            return false;
        }
        ownReads.add(slot, position, sink, sinkAddress, octets, operation == SendOperation.READ_LOCAL_INVALIDATE);
        beginReadRequest(Kind.REQUEST, sink, sinkAddress, octets, queue.remoteStag(slot), queue.remoteAddress(slot));
        message.request(slot, position);
        return true;
    }

    private void beginReadRequest(
            Kind kind, int sink, long sinkAddress, long octets, int remoteStag, long remoteAddress) {
        readRequest
                .wrap(control, 0)
                .sinkStag(sink)
                .sinkTaggedOffset(sinkAddress)
                .readSize(octets)
                .sourceStag(remoteStag)
                .sourceTaggedOffset(remoteAddress);
        message.beginUntagged(kind, RdmapOpcode.READ_REQUEST, ReadRequestHeader.OCTETS, nextReadSequence++, 0);
        message.copyFrom(control, 0);
    }

    private boolean beginSendOrWrite(SendQueue queue, int slot, int position, SendOperation operation) {
        long octets = queue.totalOctets(slot);
        if (operation == SendOperation.WRITE) {
            message.beginTagged(
                    Kind.REQUEST, RdmapOpcode.RDMA_WRITE, octets, queue.remoteStag(slot), queue.remoteAddress(slot));
        } else {
            message.beginUntagged(
                    Kind.REQUEST,
                    opcodeOf(operation),
                    octets,
                    nextSendSequence,
                    operation.invalidatesRemote() ? queue.invalidateStag(slot) : 0);
        }
        message.request(slot, position);
        if (queue.isInline(slot)) {
            StagingBuffer inline = queue.inlineBuffer(slot);
            if (!inline.admits(user.number(), BufferUse.INLINE.bit())) {
                // The request is in service and will be flushed.
                message.clear();
                end.onBufferRefused(inline, true);
                return false;
            }
            message.copyFrom(inline.octets(), queue.inlineOffset(slot));
        } else if (!gatherElements(queue, slot, position, octets)) {
            return false;
        }
        if (operation != SendOperation.WRITE) {
            nextSendSequence++;
        }
        return true;
    }

    private boolean gatherElements(SendQueue queue, int slot, int position, long octets) {
        if (octets > SendRequest.MAX_MESSAGE_OCTETS) {
            failRequest(
                    slot,
                    position,
                    WorkCompletionStatus.LOCAL_LENGTH,
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.REQUEST_LENGTH));
            return false;
        }
        for (int i = 0; i < queue.elementCount(slot); i++) {
            long length = queue.lengthOctets(slot, i);
            // VRB-PS-04: the STag of an element without octets is not looked at.
            if (length > 0) {
                long from = queue.address(slot, i);
                TableEntry entry = admitted(slot, position, queue.stag(slot, i), from, length, AccessFlag.LOCAL_READ);
                if (entry == null) {
                    return false;
                }
                message.pieces().add(entry, from, length);
            }
        }
        return true;
    }

    /** Returns the entry of local memory that may be used (SYS-MEM-08); if null the request has failed. */
    private TableEntry admitted(int slot, int position, int stag, long address, long length, AccessFlag right) {
        TableEntry kept = keptPin.find(stag);
        TableEntry entry = kept == null ? user.memory().lookup(stag) : kept;
        FailedCheck failed = AccessCheck.local(entry, stag, address, length, user.protectionDomain(), right);
        if (failed == null) {
            return entry;
        }
        FailureCause cause = failRequest(
                slot,
                position,
                Refusals.localMemory(failed),
                FailureCause.of(FailureCause.End.LOCAL, failed)
                        .target(stag, address, length)
                        .right(right));
        StackEvents events = user.events();
        if (events != null) {
            events.onAccessRefused(user.deviceName(), user.number(), cause);
        }
        return null;
    }

    /** Fails a request that was taken into service: its completion tells, the stream ends (state machines T9). */
    FailureCause failRequest(int slot, int position, WorkCompletionStatus status, FailureCause.Builder about) {
        if (held) {
            // Nothing may be sent yet, not even a Terminate (state machines X6).
            FailureCause cause =
                    about.startedBy(null, user.sendQueue().id(slot)).build();
            user.completionOrder().done(position, status, 0, cause);
            end.reset(cause);
            return cause;
        }
        FailureCause cause = end.failRequest(about, user.sendQueue().id(slot));
        user.completionOrder().done(position, status, 0, cause);
        user.deliverSendCompletions();
        return cause;
    }

    private static RdmapOpcode opcodeOf(SendOperation operation) {
        return switch (operation) {
            case SEND -> RdmapOpcode.SEND;
            case SEND_SOLICITED -> RdmapOpcode.SEND_SOLICITED;
            case SEND_INVALIDATE -> RdmapOpcode.SEND_INVALIDATE;
            case SEND_SOLICITED_INVALIDATE -> RdmapOpcode.SEND_SOLICITED_INVALIDATE;
            case WRITE -> RdmapOpcode.RDMA_WRITE;
            case READ, READ_LOCAL_INVALIDATE -> RdmapOpcode.READ_REQUEST;
            case IMMEDIATE -> RdmapOpcode.IMMEDIATE;
            case IMMEDIATE_SOLICITED -> RdmapOpcode.IMMEDIATE_SOLICITED;
            case FETCH_ADD, COMPARE_SWAP -> RdmapOpcode.ATOMIC_REQUEST;
            case FAST_REGISTER, BIND_WINDOW, LOCAL_INVALIDATE ->
                throw new IllegalArgumentException(operation + " sends no message");
        };
    }
}
