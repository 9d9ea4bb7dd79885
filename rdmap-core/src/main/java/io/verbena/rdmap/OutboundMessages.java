package io.verbena.rdmap;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.memory.AccessCheck;
import io.verbena.memory.LentViews;
import io.verbena.memory.RegionEntry;
import io.verbena.mpa.FpduFramer;
import io.verbena.mpa.RtrKind;
import io.verbena.queue.SendQueue;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.transport.ByteStream;
import io.verbena.transport.GatherList;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * The way out: chooses the next message, cuts it into segments, and gives the transport as much at once as it can.
 *
 * <p>What decides the order (RFC 5040 section 5.5, state machines 7): messages go out whole, one behind the other; own
 * requests in the order of posting, Responses in the order of the requests; between the two kinds it takes turns, so that
 * neither waits for the other for ever. A request waits, and all behind it, while its Read fence is up or ORD Reads are
 * outstanding. A responder is silent until the peer's first good FPDU.
 *
 * <p>A Send or Write is done when the transport has taken its last octet (state machines 6.1, copy semantics).
 *
 * <p>Thread rule: the stream's loop. Allocates nothing in steady state.
 */
final class OutboundMessages {
    /** Payload of at most so many octets is copied behind its header: cheaper than one more buffer in the system call. */
    static final int COPY_OCTETS = 1024;

    private static final int LENT_VIEWS = 32;
    private static final int GATHER_BUFFERS = 2 * LENT_VIEWS + 4;
    private static final int MAX_SENT_MESSAGES = 256;

    /** Rounds of framing and writing in one go, before other streams of the loop have their turn. */
    private static final int ROUNDS = 4;

    /** How long a stream waits before it asks an exhausted pool again. */
    private static final long ARENA_RETRY_NS = 1_000_000;

    private static final int NOTHING = -1;

    /** What the message being cut into segments is. */
    private enum Kind {
        NONE,
        REQUEST,
        RESPONSE,
        TERMINATE,
        OPENING
    }

    private final RdmapStream stream;
    private final RdmapUser user;
    private final ByteStream bytes;
    private final LoopResources resources;
    private final StreamModes modes;
    private final OutboundReadQueue ownReads;
    private final InboundReadQueue peerReads;
    private final Runnable pumpAgain = this::pump;

    private final GatherList gather = new GatherList(GATHER_BUFFERS);
    private final LentViews views;
    private final FpduFramer framer;
    private final SentMessages sent = new SentMessages(MAX_SENT_MESSAGES);
    private final RegisteredPieces pieces;
    private final ByteBuffer control = ByteBuffer.allocate(ReadRequestHeader.OCTETS);
    private final ReadRequestHeader readRequest = new ReadRequestHeader();
    private final TaggedHeader taggedHeader = new TaggedHeader();
    private final UntaggedHeader untaggedHeader = new UntaggedHeader();

    private LoopResources.Arena arena;
    private long roundStart;
    private long taken;
    private boolean blocked;
    private boolean held;
    private boolean stopped;
    private boolean responseTurn;
    private boolean pumping;
    private RtrKind opening;
    private int outboundReadDepth;
    private int nextSendSequence = 1;
    private int nextReadSequence = 1;

    private Kind kind = Kind.NONE;
    private RdmapOpcode opcode;
    private int slot = NOTHING;
    private int position = NOTHING;
    private int response = NOTHING;
    private long total;
    private long done;
    private int stag;
    private long address;
    private int sequence;
    private int word;
    private ByteBuffer copied;
    private int copiedFrom;

    private ByteBuffer terminate;
    private int terminateOctets;

    OutboundMessages(
            RdmapStream stream,
            RdmapUser user,
            ByteStream bytes,
            LoopResources resources,
            StreamModes modes,
            OutboundReadQueue ownReads,
            InboundReadQueue peerReads) {
        this.stream = stream;
        this.user = user;
        this.bytes = bytes;
        this.resources = resources;
        this.modes = modes;
        this.ownReads = ownReads;
        this.peerReads = peerReads;
        opening = modes.opening();
        outboundReadDepth = modes.outboundReadDepth();
        views = new LentViews(resources.lender(), LENT_VIEWS);
        framer = new FpduFramer(modes.crc(), modes.sendMarkers(), gather);
        pieces = new RegisteredPieces(user.maxElements());
        // RFC 5044 section 7.1.2: the responder's first FPDU comes after the initiator's.
        held = !modes.initiator() || modes.firstMessageDelayNs() > 0;
    }

    /** Lets messages go: the peer's first FPDU was good, or the initiator's delay is over. */
    void release() {
        if (held) {
            held = false;
            pump();
        }
    }

    boolean isHeld() {
        return held;
    }

    /** Lowers the number of own Reads that may be outstanding. */
    void outboundReadDepth(int depth) {
        outboundReadDepth = depth;
    }

    /** Returns whether nothing is framed, begun or waiting to be sent. */
    boolean idle() {
        return gather.remaining() == 0 && sent.isEmpty() && kind == Kind.NONE && opening == null;
    }

    /**
     * Stops at the next segment boundary and makes a Terminate the last message (state machines 2.6).
     *
     * @param octets the Terminate header from index 0 on
     */
    void terminate(ByteBuffer octets, int length) {
        abandonMessage();
        terminate = octets;
        terminateOctets = length;
    }

    /** Stops; nothing that is not with the transport goes out any more. */
    void stop() {
        stopped = true;
        abandonMessage();
        dropRound();
        sent.dropBehind(taken);
    }

    private void abandonMessage() {
        kind = Kind.NONE;
        opening = null;
        pieces.clear();
        copied = null;
    }

    /** The transport takes octets again. */
    void onWritable() {
        blocked = false;
        pump();
    }

    /** Sends what there is to send. Called whenever something may have changed. */
    void pump() {
        // What fails while a message is being prepared ends the stream, which comes back here for its Terminate.
        if (blocked || stopped || pumping) {
            return;
        }
        pumping = true;
        try {
            if (sendRounds()) {
                resources.loop().execute(pumpAgain);
            }
        } finally {
            pumping = false;
        }
    }

    /** Returns whether there is more to send, and the transport would take it. */
    private boolean sendRounds() {
        for (int round = 0; round < ROUNDS; round++) {
            if (gather.remaining() > 0 && !flush()) {
                return false;
            }
            if (!frameRound() && (stopped || terminateOctets == 0)) {
                return false;
            }
        }
        return gather.remaining() == 0 || flush();
    }

    /** Frames messages until there is no more to send or no more room; false if nothing was framed. */
    private boolean frameRound() {
        if (kind == Kind.NONE && !nextMessage()) {
            return false;
        }
        arena = resources.acquireArena();
        ByteBuffer body = modes.sendMarkers() ? resources.markerBody() : null;
        if (arena == null || (modes.sendMarkers() && body == null)) {
            waitForArena();
            return false;
        }
        roundStart = framer.framedOctets();
        framer.beginRound(arena.transmit(), body);
        while (kind != Kind.NONE || nextMessage()) {
            if (sent.isFull() || !frameSegment()) {
                break;
            }
        }
        framer.finishRound();
        if (gather.remaining() == 0) {
            releaseRound();
            return false;
        }
        return true;
    }

    /** The pool has nothing left: this stream alone waits, and tries again. */
    private void waitForArena() {
        if (arena != null) {
            resources.releaseArena(arena);
            arena = null;
        }
        blocked = true;
        resources.loop().schedule(ARENA_RETRY_NS, this::onWritable);
    }

    /** Gives the round to the transport; true if all of it was taken. */
    private boolean flush() {
        RegionEntry gone = views.pinAll();
        if (gone != null) {
            onSourceWithdrawn(gone, true);
            return false;
        }
        long octets;
        try {
            octets = bytes.write(gather);
        } finally {
            views.unpinAll();
        }
        StackEvents events = user.events();
        if (octets > 0 && events != null) {
            events.onSocketTransfer(user.deviceName(), StackEvents.Direction.SENT, user.number(), octets);
        }
        taken += octets;
        boolean all = gather.remaining() == 0;
        if (all) {
            releaseRound();
        } else {
            blocked = true;
        }
        finishSent();
        return all && !stopped;
    }

    private void releaseRound() {
        gather.clear();
        views.giveBackAll();
        resources.releaseArena(arena);
        arena = null;
    }

    private void dropRound() {
        if (arena != null) {
            releaseRound();
        }
    }

    private void finishSent() {
        boolean completions = false;
        while (sent.headReached(taken)) {
            switch (sent.action()) {
                case COMPLETE_REQUEST -> {
                    user.completionOrder().done(sent.position(), WorkCompletionStatus.SUCCESS, 0, null);
                    user.sendQueue().done(sent.slot());
                    completions = true;
                }
                case RESPONSE_OUT -> peerReads.remove();
                case TERMINATE_OUT -> stream.onTerminateSent();
            }
            sent.remove();
        }
        if (completions) {
            user.deliverSendCompletions();
        }
        if (sent.isEmpty()) {
            stream.onOutputIdle();
        }
    }

    /** Chooses the next message; false if there is none that may go now. */
    private boolean nextMessage() {
        if (terminate != null) {
            if (terminateOctets == 0) {
                return false;
            }
            beginUntagged(Kind.TERMINATE, RdmapOpcode.TERMINATE, terminateOctets, 1, 0);
            copied = terminate;
            copiedFrom = 0;
            terminateOctets = 0;
            return true;
        }
        if (held || stopped || !stream.sendsMessages()) {
            return false;
        }
        if (opening != null) {
            return beginOpening();
        }
        responseTurn = !responseTurn;
        return responseTurn ? nextResponse() || nextRequest() : nextRequest() || nextResponse();
    }

    /** The initiator's ready-to-receive message: zero-length, nothing else goes before it (RFC 6581 section 9.2). */
    private boolean beginOpening() {
        switch (opening) {
            case WRITE -> beginTagged(Kind.OPENING, RdmapOpcode.RDMA_WRITE, 0, 1, 0);
            case SEND -> {
                beginUntagged(Kind.OPENING, RdmapOpcode.SEND, 0, nextSendSequence++, 0);
            }
            case READ -> {
                beginUntagged(Kind.OPENING, RdmapOpcode.READ_REQUEST, ReadRequestHeader.OCTETS, nextReadSequence++, 0);
                ownReads.add(OutboundReadQueue.NO_SLOT, NOTHING, 0, 0, 0, false);
                readRequest
                        .wrap(control, 0)
                        .sinkStag(0)
                        .sinkTaggedOffset(0)
                        .readSize(0)
                        .sourceStag(1)
                        .sourceTaggedOffset(0);
                copied = control;
                copiedFrom = 0;
            }
        }
        opening = null;
        return true;
    }

    private boolean nextResponse() {
        if (!peerReads.hasWaiting()) {
            return false;
        }
        response = peerReads.begin();
        beginTagged(
                Kind.RESPONSE,
                RdmapOpcode.READ_RESPONSE,
                peerReads.octets(response),
                peerReads.sinkStag(response),
                peerReads.sinkAddress(response));
        if (total > 0) {
            int source = peerReads.sourceStag(response);
            RegionEntry entry = user.memory().lookup(source);
            FailedCheck failed = AccessCheck.remote(
                    entry,
                    source,
                    peerReads.sourceAddress(response),
                    total,
                    user.protectionDomain(),
                    AccessFlag.REMOTE_READ);
            if (failed != null) {
                stream.refuseReadSource(peerReads, response, 0, failed);
                return false;
            }
            pieces.add(entry, peerReads.sourceAddress(response), total);
        }
        return true;
    }

    private boolean nextRequest() {
        SendQueue queue = user.sendQueue();
        int next = queue.peek();
        if (next < 0 || user.completionOrder().room() == 0) {
            return false;
        }
        SendOperation operation = queue.operation(next);
        if (queue.readFence(next) && !ownReads.isEmpty()) {
            return false;
        }
        if (operation.isRead()
                && outboundReadDepth > 0
                && (ownReads.size() >= outboundReadDepth || ownReads.isFull())) {
            return false;
        }
        queue.next();
        slot = next;
        position = user.beginRequest(queue, next);
        return operation.isRead() ? beginRead(queue, operation) : beginSendOrWrite(queue, operation);
    }

    private boolean beginRead(SendQueue queue, SendOperation operation) {
        if (outboundReadDepth == 0) {
            failRequest(
                    WorkCompletionStatus.ZERO_READ_RESOURCES,
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.OUTBOUND_READ_DEPTH));
            return false;
        }
        int sink = queue.stag(slot, 0);
        long sinkAddress = queue.address(slot, 0);
        long octets = queue.lengthOctets(slot, 0);
        if (octets > 0 && !admits(sink, sinkAddress, octets, AccessFlag.LOCAL_WRITE)) {
            return false;
        }
        int remoteStag = queue.remoteStag(slot);
        long remoteAddress = queue.remoteAddress(slot);
        ownReads.add(slot, position, sink, sinkAddress, octets, operation == SendOperation.READ_LOCAL_INVALIDATE);
        readRequest
                .wrap(control, 0)
                .sinkStag(sink)
                .sinkTaggedOffset(sinkAddress)
                .readSize(octets)
                .sourceStag(remoteStag)
                .sourceTaggedOffset(remoteAddress);
        beginUntagged(Kind.REQUEST, RdmapOpcode.READ_REQUEST, ReadRequestHeader.OCTETS, nextReadSequence++, 0);
        copied = control;
        copiedFrom = 0;
        return true;
    }

    private boolean beginSendOrWrite(SendQueue queue, SendOperation operation) {
        long octets = queue.totalOctets(slot);
        if (operation == SendOperation.WRITE) {
            beginTagged(
                    Kind.REQUEST, RdmapOpcode.RDMA_WRITE, octets, queue.remoteStag(slot), queue.remoteAddress(slot));
        } else {
            beginUntagged(
                    Kind.REQUEST,
                    opcodeOf(operation),
                    octets,
                    nextSendSequence,
                    operation.invalidatesRemote() ? queue.invalidateStag(slot) : 0);
        }
        if (queue.isInline(slot)) {
            copied = queue.inlineData(slot);
            copiedFrom = queue.inlineOffset(slot);
        } else if (!gatherElements(queue)) {
            return false;
        }
        if (operation != SendOperation.WRITE) {
            nextSendSequence++;
        }
        return true;
    }

    private boolean gatherElements(SendQueue queue) {
        if (total > SendRequest.MAX_MESSAGE_OCTETS) {
            failRequest(
                    WorkCompletionStatus.LOCAL_LENGTH,
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.REQUEST_LENGTH));
            return false;
        }
        for (int i = 0; i < queue.elementCount(slot); i++) {
            long length = queue.lengthOctets(slot, i);
            // VRB-PS-04: the STag of an element without octets is not looked at.
            if (length > 0) {
                int source = queue.stag(slot, i);
                long from = queue.address(slot, i);
                if (!admits(source, from, length, AccessFlag.LOCAL_READ)) {
                    return false;
                }
                pieces.add(user.memory().lookup(source), from, length);
            }
        }
        return true;
    }

    /** Checks local memory of the request in service (SYS-MEM-08); if it is refused the request has failed. */
    private boolean admits(int localStag, long localAddress, long length, AccessFlag right) {
        FailedCheck failed = AccessCheck.local(
                user.memory().lookup(localStag), localStag, localAddress, length, user.protectionDomain(), right);
        if (failed == null) {
            return true;
        }
        FailureCause cause = failRequest(
                Refusals.localMemory(failed),
                FailureCause.of(FailureCause.End.LOCAL, failed)
                        .target(localStag, localAddress, length)
                        .right(right));
        StackEvents events = user.events();
        if (events != null) {
            events.onAccessRefused(user.deviceName(), user.number(), cause);
        }
        return false;
    }

    private FailureCause failRequest(WorkCompletionStatus status, FailureCause.Builder about) {
        int failedPosition = position;
        FailureCause cause = stream.failRequest(about, user.sendQueue().id(slot));
        user.completionOrder().done(failedPosition, status, 0, cause);
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
        };
    }

    private void beginTagged(Kind nextKind, RdmapOpcode nextOpcode, long octets, int toStag, long toAddress) {
        begin(nextKind, nextOpcode, octets);
        stag = toStag;
        address = toAddress;
    }

    private void beginUntagged(Kind nextKind, RdmapOpcode nextOpcode, long octets, int messageSequence, int ulpWord) {
        begin(nextKind, nextOpcode, octets);
        sequence = messageSequence;
        word = ulpWord;
    }

    private void begin(Kind nextKind, RdmapOpcode nextOpcode, long octets) {
        kind = nextKind;
        opcode = nextOpcode;
        total = octets;
        done = 0;
        copied = null;
        pieces.clear();
    }

    /** Frames the next segment of the message; false if there is no more room in this round, or the stream has failed. */
    private boolean frameSegment() {
        boolean tagged = opcode.tagged();
        int header = tagged ? TaggedHeader.OCTETS : UntaggedHeader.OCTETS;
        int octets = (int) Math.min(total - done, modes.mulpduOctets() - header);
        boolean copy = copied != null || octets <= COPY_OCTETS || framer.copiesPayload();
        int viewsBefore = views.count();
        if (copy) {
            if (!framer.fits(header, octets, 0, 0)) {
                return false;
            }
        } else {
            if (views.room() == 0 || !framer.fits(header, 0, octets, views.room())) {
                return false;
            }
            // A segment may be shorter than MULPDU where its memory lies in too many pieces for the list.
            octets = (int) pieces.views(views, octets);
            if (modes.crc()) {
                RegionEntry gone = views.pinAll();
                if (gone != null) {
                    views.giveBackFrom(viewsBefore);
                    onSourceWithdrawn(gone, false);
                    return false;
                }
            }
        }
        boolean last = done + octets == total;
        int at = framer.begin(header, octets);
        writeHeader(framer.arena(), at, tagged, last);
        if (copy) {
            if (!copyPayload(framer.arena(), at + header, octets)) {
                return false;
            }
            framer.inlinePayload(octets);
        } else {
            for (int i = viewsBefore; i < views.count(); i++) {
                framer.gather(views.view(i));
            }
            if (modes.crc()) {
                views.unpinAll();
            }
            pieces.advance(octets);
        }
        framer.end();
        tell(framer.arena(), at, header, header + octets);
        done += octets;
        if (last) {
            endMessage();
        }
        return true;
    }

    private void writeHeader(ByteBuffer out, int at, boolean tagged, boolean last) {
        int ddpControl = DdpControl.encode(tagged, last);
        int rdmapControl = RdmapControl.encode(opcode);
        if (tagged) {
            taggedHeader
                    .wrap(out, at)
                    .control(ddpControl)
                    .ulpControl(rdmapControl)
                    .stag(stag)
                    .taggedOffset(address + done);
        } else {
            untaggedHeader
                    .wrap(out, at)
                    .control(ddpControl)
                    .ulpControl(rdmapControl)
                    .ulpWord(word)
                    .queueNumber(opcode.queueNumber())
                    .messageSequenceNumber(sequence)
                    .messageOffset((int) done);
        }
    }

    private boolean copyPayload(ByteBuffer out, int at, int octets) {
        if (copied != null) {
            out.put(at, copied, copiedFrom + (int) done, octets);
            return true;
        }
        if (octets == 0 || pieces.copyOut(out, at, octets)) {
            return true;
        }
        framer.abandon();
        onSourceWithdrawn(pieces.withdrawn(), false);
        return false;
    }

    private void tell(ByteBuffer out, int at, int header, int segmentOctets) {
        StackEvents events = user.events();
        if (events != null) {
            int headers = kind == Kind.TERMINATE || opcode == RdmapOpcode.READ_REQUEST ? segmentOctets : header;
            events.onSegment(
                    user.deviceName(), StackEvents.Direction.SENT, user.number(), out, at, headers, segmentOctets);
        }
    }

    private void endMessage() {
        long end = framer.framedOctets();
        switch (kind) {
            case REQUEST -> {
                if (opcode != RdmapOpcode.READ_REQUEST) {
                    sent.add(end, SentMessages.Action.COMPLETE_REQUEST, slot, position);
                }
            }
            case RESPONSE -> sent.add(end, SentMessages.Action.RESPONSE_OUT, NOTHING, NOTHING);
            case TERMINATE -> sent.add(end, SentMessages.Action.TERMINATE_OUT, NOTHING, NOTHING);
            case OPENING, NONE -> {
                // Nobody waits for it.
            }
        }
        kind = Kind.NONE;
    }

    /**
     * Memory that is being sent was deregistered. Between FPDUs the stream can still end with a Terminate; in the middle of
     * one it cannot be finished correctly, so the connection is reset (state machines 2.6).
     *
     * @param inGather whether the memory is part of what waits in the gather list
     */
    private void onSourceWithdrawn(RegionEntry gone, boolean inGather) {
        FailureCause.Builder about = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.ENTRY_VALID)
                .detail("memory was deregistered while it was being sent")
                .target(gone.stag(), gone.startAddress(), gone.lengthOctets());
        if (inGather && taken > roundStart) {
            stream.failByReset(about);
            return;
        }
        if (inGather) {
            sent.dropBehind(taken);
            framer.rewind(taken);
            dropRound();
        }
        if (kind == Kind.RESPONSE) {
            stream.refuseReadSource(peerReads, response, done, FailedCheck.ENTRY_VALID);
        } else if (kind == Kind.REQUEST) {
            failRequest(WorkCompletionStatus.LOCAL_INVALID_STAG, about);
        } else {
            stream.failInternally(about);
        }
    }
}
