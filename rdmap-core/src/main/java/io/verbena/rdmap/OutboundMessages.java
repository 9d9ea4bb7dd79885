package io.verbena.rdmap;

import io.verbena.memory.TableEntry;
import io.verbena.queue.SendQueue;
import io.verbena.rdmap.OutboundMessage.Kind;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.transport.ByteStream;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;

/**
 * The way out: takes messages as {@link MessageSource} chooses them, has them cut into segments, gives the transport as
 * much at once as it can, and finishes what was sent.
 *
 * <p>A Send, Write or Immediate Data is done when the transport has taken its last octet (state machines 6.1, copy semantics). A
 * Read or atomic operation is done when its Response is.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing in steady state.
 */
final class OutboundMessages {
    private static final int MAX_SENT_MESSAGES = 256;

    /** Rounds of framing and writing in one go, before other streams of the loop have their turn. */
    private static final int ROUNDS = 4;

    private final StreamEnd end;
    private final RdmapUser user;
    private final LoopResources resources;
    private final InboundReadQueue peerReads;
    private final OutboundMessage message;
    private final MessageSource source;
    private final TransmitRound round;
    private final ArenaSource arenas;
    private final ShortMessages shortMessages;
    private final SentMessages sent;
    private final Runnable pumpAgain = this::pump;

    private boolean blocked;
    private boolean stopped;
    private boolean pumping;
    private boolean carriedOver;
    private long carriedDone;
    private ByteBuffer terminate;
    private int terminateOctets;

    OutboundMessages(
            StreamEnd end,
            RdmapUser user,
            ByteStream bytes,
            LoopResources resources,
            BufferQuota quota,
            BufferWatcher watcher,
            StreamModes modes,
            OutboundReadQueue ownReads,
            InboundReadQueue peerReads) {
        this.end = end;
        this.user = user;
        this.resources = resources;
        this.peerReads = peerReads;
        message = new OutboundMessage(user.maxElements(), resources.keptPinFor(user));
        // A request keeps its slot and a Response its place until it is out; a Terminate is the last message.
        sent = new SentMessages(Math.min(MAX_SENT_MESSAGES, user.sendQueue().depth() + peerReads.capacity() + 1));
        source = new MessageSource(end, user, resources, modes, message, ownReads, peerReads);
        arenas = new ArenaSource(resources, quota, watcher, this::onWritable);
        round = new TransmitRound(user, bytes, arenas, modes);
        shortMessages = new ShortMessages(user, source, message, round, sent, resources.keptPin());
    }

    /** Lets messages go: the peer's first FPDU was good, or the initiator's delay is over. */
    void release() {
        if (source.held()) {
            source.release();
            pump();
        }
    }

    boolean isHeld() {
        return source.held();
    }

    /** Lowers the number of own Reads that may be outstanding. */
    void outboundReadDepth(int depth) {
        source.outboundReadDepth(depth);
    }

    /** Returns whether nothing is framed, begun or waiting to be sent, but for the send queue. */
    boolean idle() {
        return !round.pending() && sent.isEmpty() && !message.underWay() && !source.openingDue();
    }

    /**
     * Stops at the next segment boundary and makes a Terminate the last message (state machines 2.6).
     *
     * @param given the Terminate header, from index 0 to the limit
     */
    void terminate(ByteBuffer given) {
        abandonMessage();
        terminate = given;
        terminateOctets = given.limit();
    }

    /** Stops; nothing that is not with the transport goes out any more. */
    void stop() {
        stopped = true;
        abandonMessage();
        round.drop();
        arenas.stopWaiting();
        sent.dropBehind(round.taken());
    }

    private void abandonMessage() {
        message.clear();
        source.abandonOpening();
    }

    /** The transport takes octets again. */
    void onWritable() {
        blocked = false;
        pump();
    }

    /** Sends what there is to send, and does what needs no message. Called whenever something may have changed. */
    void pump() {
        // What fails while a message is being prepared ends the stream, which comes back here for its Terminate.
        if (stopped || pumping) {
            return;
        }
        MemoryRequests memoryRequests = source.memoryRequests();
        pumping = true;
        try {
            memoryRequests.beginTurn();
            boolean more = !blocked && !stopped && sendRounds();
            if (more || memoryRequests.more()) {
                resources.loop().execute(pumpAgain);
            }
        } finally {
            pumping = false;
        }
        if (memoryRequests.endedSome() && sent.isEmpty()) {
            end.onOutputIdle();
        }
    }

    /** Returns whether the send queue is drained. Any thread; a snapshot. */
    boolean sendQueueDrained() {
        return source.memoryRequests().drain().drained();
    }

    /** Puts a drained send queue back to work. */
    void resumeSendQueue() {
        source.memoryRequests().drain().resume();
        pump();
    }

    /** Returns whether there is more to send, and the transport would take it. */
    private boolean sendRounds() {
        for (int i = 0; i < ROUNDS; i++) {
            if (round.pending() && !write()) {
                return false;
            }
            if (!frameRound() && (blocked || stopped || terminateOctets == 0)) {
                return false;
            }
        }
        return !round.pending() || write();
    }

    /** Frames messages until there is no more to send or no more room; false if nothing was framed. */
    private boolean frameRound() {
        carriedOver = message.underWay();
        carriedDone = message.done();
        if (!carriedOver && !nextMessage()) {
            return false;
        }
        if (!round.begin(message)) {
            // There is no buffer for it: this stream alone waits, and comes back when it has been given one.
            blocked = true;
            return false;
        }
        try {
            boolean more = true;
            while (more) {
                more = frameSegment();
                if (more && !message.underWay()) {
                    shortMessages.frame();
                    more = nextMessage();
                }
            }
        } finally {
            resources.keptPin().release();
        }
        round.end();
        return round.pending();
    }

    private boolean frameSegment() {
        if (sent.isFull()) {
            return false;
        }
        return switch (round.frame(message)) {
            case YES -> {
                if (message.left() == 0) {
                    endMessage();
                }
                yield true;
            }
            case NO_ROOM -> false;
            case MEMORY_GONE -> {
                blame(message.kind(), message.slot(), message.position(), message.response(), message.done());
                yield false;
            }
            case ROUND_BROKEN -> {
                onRoundBroken();
                yield false;
            }
            case REFUSED -> {
                onRoundRefused();
                yield false;
            }
        };
    }

    private boolean nextMessage() {
        if (terminate == null) {
            return !stopped && source.next();
        }
        if (terminateOctets == 0) {
            return false;
        }
        message.beginUntagged(Kind.TERMINATE, RdmapOpcode.TERMINATE, terminateOctets, 1, 0);
        message.copyFrom(terminate, 0);
        terminateOctets = 0;
        return true;
    }

    private void endMessage() {
        long framed = round.framed();
        switch (message.kind()) {
            case REQUEST -> {
                if (!message.opcode().asksForResponse()) {
                    sent.add(framed, SentMessages.Action.COMPLETE_REQUEST, message.slot(), message.position());
                }
            }
            case RESPONSE ->
                sent.add(framed, SentMessages.Action.RESPONSE_OUT, message.response(), OutboundMessage.NOTHING);
            case TERMINATE ->
                sent.add(framed, SentMessages.Action.TERMINATE_OUT, OutboundMessage.NOTHING, OutboundMessage.NOTHING);
            case OPENING, NONE -> {
                // Nobody waits for it.
            }
        }
        message.clear();
    }

    /** Gives the round to the transport; true if all of it was taken. */
    private boolean write() {
        TransmitRound.Written written = round.write();
        if (written == TransmitRound.Written.REFUSED) {
            onRoundRefused();
            return !stopped;
        }
        if (written == TransmitRound.Written.ROUND_BROKEN) {
            onRoundBroken();
            // Between FPDUs a Terminate can still be framed.
            return !stopped;
        }
        blocked = written == TransmitRound.Written.PART;
        finishSent();
        return !blocked && !stopped;
    }

    private void finishSent() {
        boolean completions = false;
        while (sent.headReached(round.taken())) {
            switch (sent.action()) {
                case COMPLETE_REQUEST -> {
                    user.completionOrder().done(sent.position(), WorkCompletionStatus.SUCCESS, 0, null);
                    user.sendQueue().done(sent.slot());
                    completions = true;
                }
                case RESPONSE_OUT -> peerReads.remove();
                case TERMINATE_OUT -> end.onTerminateSent();
            }
            sent.remove();
        }
        if (completions) {
            user.deliverSendCompletions();
        }
        if (sent.isEmpty()) {
            end.onOutputIdle();
        }
    }

    /**
     * Memory that this round points at was deregistered. The oldest message that uses it is to blame. Between FPDUs the
     * stream can still end with a Terminate; in the middle of one, that one cannot be finished correctly, so the connection
     * is reset (state machines 2.6).
     */
    private void onRoundBroken() {
        TableEntry gone = round.gone();
        long answered = carriedOver ? carriedDone : 0;
        for (int i = 0; i < sent.size(); i++) {
            if (sent.end(i) > round.taken()) {
                int slot = sent.slot(i);
                if (sent.action(i) == SentMessages.Action.COMPLETE_REQUEST && uses(slot, gone.stag())) {
                    blameInRound(Kind.REQUEST, slot, sent.position(i), OutboundMessage.NOTHING, answered);
                    return;
                }
                if (sent.action(i) == SentMessages.Action.RESPONSE_OUT
                        && !peerReads.isAtomic(slot)
                        && peerReads.sourceStag(slot) == gone.stag()) {
                    blameInRound(Kind.RESPONSE, OutboundMessage.NOTHING, OutboundMessage.NOTHING, slot, answered);
                    return;
                }
                answered = 0;
            }
        }
        blameInRound(message.kind(), message.slot(), message.position(), message.response(), answered);
    }

    /** The round's buffer has gone astray: what is in it must not be sent (SYS-POOL-03). */
    private void onRoundRefused() {
        boolean undone = round.canBeUndone();
        if (undone) {
            sent.dropBehind(round.taken());
            round.undo();
        }
        end.onBufferRefused(round.strayed(), undone && terminate == null);
    }

    private boolean uses(int slot, int stag) {
        SendQueue queue = user.sendQueue();
        for (int i = 0; i < queue.elementCount(slot); i++) {
            if (queue.stag(slot, i) == stag && queue.lengthOctets(slot, i) > 0) {
                return true;
            }
        }
        return false;
    }

    private void blameInRound(Kind kind, int slot, int position, int response, long answered) {
        if (round.untouched()) {
            sent.dropBehind(round.taken());
            round.undo();
            // Behind a Terminate nobody is to blame any more: the first error has won.
            if (terminate == null) {
                blame(kind, slot, position, response, answered);
            }
        } else if (terminate == null && kind == Kind.REQUEST) {
            FailureCause cause =
                    withdrawn().startedBy(null, user.sendQueue().id(slot)).build();
            user.completionOrder().done(position, WorkCompletionStatus.LOCAL_INVALID_STAG, 0, cause);
            end.reset(cause);
        } else {
            end.failByReset(withdrawn());
        }
    }

    private void blame(Kind kind, int slot, int position, int response, long answered) {
        if (kind == Kind.RESPONSE) {
            end.refuseReadSource(peerReads, response, answered, FailedCheck.ENTRY_VALID);
        } else {
            source.failRequest(slot, position, WorkCompletionStatus.LOCAL_INVALID_STAG, withdrawn());
        }
    }

    private FailureCause.Builder withdrawn() {
        TableEntry gone = round.gone();
        return FailureCause.of(FailureCause.End.LOCAL, FailedCheck.ENTRY_VALID)
                .detail("memory was deregistered while it was being sent")
                .target(gone.stag(), gone.startAddress(), gone.lengthOctets());
    }
}
