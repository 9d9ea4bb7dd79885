package io.verbena.rdmap;

import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.DdpUlp;
import io.verbena.ddp.PlacementTarget;
import io.verbena.memory.AccessCheck;
import io.verbena.memory.TableEntry;
import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.ReceiveSource;
import io.verbena.rdmap.wire.ImmediateData;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.STag;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;

/**
 * Inbound Sends of every kind: each takes the next receive, is placed in its memory, and completes it (RFC 5040 sections
 * 5.3 and 5.5). Immediate Data takes a receive like a Send, but goes to the completion and leaves the memory alone (RFC 7306
 * section 6).
 *
 * <p>A message may draw several receives of a shared receive queue. Its length is not known before its last segment, so it
 * draws them as its segments arrive. If it cannot have one more, all go back, without a trace of it.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing unless a rule is broken.
 */
final class InboundSends {
    /** Room for a message that is dropped: more than any message can have. */
    private static final long ANY_LENGTH = Long.MAX_VALUE / 2;

    private final StreamEnd end;
    private final RdmapUser user;
    private final MemoryPlacement placement;
    private final KeptPin keptPin;
    private final ControlPlacement immediate = new ControlPlacement(ImmediateData.OCTETS);

    private final DiscardPlacement discard;

    /** Receives that a message may draw. */
    private final int mostReceives;

    private final DrawnReceives drawn;

    /** Those of messages ahead of order, or null if none may have any. */
    private final ReceivesAhead ahead;

    private boolean dropping;

    /** Which element of a receive failed a check. */
    private int failedElement;

    /** Whether a message that finds no receive waits for one. */
    private final boolean pauses;

    /** Whether the one that waits has waited for long enough. */
    private boolean tooLong;

    /** Whether the segment that was begun last waits for a receive. */
    private boolean waiting;

    InboundSends(StreamEnd end, RdmapUser user, LoopResources resources, PoolStaging staging) {
        this.end = end;
        this.user = user;
        ReceiveAccount shared = user.sharedReceives();
        mostReceives = shared == null ? 1 : shared.queue().receivesPerMessage();
        drawn = new DrawnReceives(user, mostReceives);
        ahead = shared != null && shared.mostAhead() > 0 ? new ReceivesAhead(shared) : null;
        pauses = user.pausesWithoutReceive();
        keptPin = resources.keptPin();
        placement = new MemoryPlacement(
                user.maxElements() * mostReceives, resources, resources.keptPinFor(user), this::onWithdrawn);
        discard = new DiscardPlacement(staging);
    }

    /** Returns where the payload is placed: the receive that the message has taken, or nowhere if the message is dropped. */
    PlacementTarget placement(RdmapOpcode opcode, DdpSegment segment) {
        while (mostReceives > 1 && !dropping && placement.pieces().remaining() < segment.payloadOctets()) {
            if (!drawAnother(opcode, segment)) {
                return null;
            }
        }
        return dropping ? discard : placement;
    }

    /** Returns whether the segment that was begun last waits for a receive. */
    boolean waits() {
        return waiting;
    }

    /** A segment begins; returns whether it is the one that waited. */
    boolean beginsAgain() {
        boolean again = waiting;
        waiting = false;
        return again;
    }

    /** The segment that waits for a receive waits no longer: if there is none the next time, the stream ends. */
    void waitNoLonger() {
        tooLong = true;
    }

    private int takeReceive() {
        if (ahead != null && ahead.count() > 0) {
            return takeAhead();
        }
        ReceiveSource queue = user.receiveQueue();
        boolean mayWait = pauses && !tooLong;
        tooLong = false;
        int slot = mayWait ? queue.takeOrWait() : queue.take();
        waiting = slot == ReceiveSource.WAIT;
        return slot;
    }

    /** Takes the receive that was drawn for this message, or one before it, ahead of order. */
    private int takeAhead() {
        int slot = ahead.slot(0);
        boolean touched = ahead.touched(0);
        int outcome = ahead.first();
        ahead.removeFirst();
        if (ReceivesAhead.refused(outcome)) {
            putBack(slot, touched);
        }
        return outcome;
    }

    /** Returns whether a message under way has drawn receives. */
    boolean holdsReceives() {
        return !drawn.none() || (ahead != null && ahead.count() > 0);
    }

    /** The stream has ended: flushes the receives that the message under way has drawn; those of later ones go back. */
    void flush(FailureCause cause) {
        drawn.flush(cause);
        while (ahead != null && ahead.count() > 0) {
            int slot = ahead.slot(0);
            boolean touched = ahead.touched(0);
            ahead.first();
            ahead.removeFirst();
            putBack(slot, touched);
        }
    }

    /** Puts a receive back that was drawn ahead of order, without a trace of what was placed in it. */
    private void putBack(int slot, boolean touched) {
        if (touched) {
            RegisteredPieces pieces = placement.pieces();
            pieces.clear();
            if (addMemory(slot, pieces) == null) {
                pieces.advance(pieces.remaining());
            }
            pieces.erase();
        }
        user.sharedReceives().putBack(new int[] {slot}, 1);
    }

    /** Takes the next receive and returns its room, {@link DdpUlp#NO_BUFFER} or {@link DdpUlp#REFUSED}. */
    long begin(RdmapOpcode opcode, DdpSegment segment) {
        int slot = takeReceive();
        if (slot < 0) {
            return beginWithoutReceive(slot, opcode, segment);
        }
        placement.pieces().clear();
        long room = use(slot);
        return room < 0 || mostReceives == 1 ? room : ANY_LENGTH;
    }

    /** The message goes on in another receive. Returns whether the segment is welcome. */
    private boolean drawAnother(RdmapOpcode opcode, DdpSegment segment) {
        if (drawn.full()) {
            failMessage(
                    TerminateReason.DDP_UNTAGGED_MESSAGE_TOO_LONG,
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.MESSAGE_TOO_LONG)
                            .detail("a message of at least "
                                    + (Integer.toUnsignedLong(segment.messageOffset()) + segment.payloadOctets())
                                    + " octets does not fit in " + mostReceives + " receives"),
                    opcode,
                    segment);
            return false;
        }
        int slot = takeReceive();
        if (slot >= 0) {
            return use(slot) >= 0;
        }
        if (waiting) {
            return false;
        }
        // SYS-SRQ-02: the message is admitted with all the receives that it needs, or not at all.
        placement.pieces().erase();
        drawn.putBack();
        if (beginWithoutReceive(slot, opcode, segment) == DdpUlp.NO_BUFFER) {
            end.refuse(
                    TerminateReason.DDP_UNTAGGED_NO_BUFFER,
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.NO_RECEIVE_POSTED),
                    opcode,
                    segment);
        }
        return dropping;
    }

    /** Adds the memory of a receive to the place of the message; returns its room or {@link DdpUlp#REFUSED}. */
    private long use(int slot) {
        drawn.add(slot);
        long before = placement.pieces().remaining();
        FailedCheck failed = addMemory(slot, placement.pieces());
        if (failed != null) {
            failReceive(failed, Refusals.localMemory(failed), named(slot, failed));
            return DdpUlp.REFUSED;
        }
        return placement.pieces().remaining() - before;
    }

    /** Adds the memory of a receive to {@code pieces}; returns which check the first piece fails that may not be used, or null. */
    private FailedCheck addMemory(int slot, RegisteredPieces pieces) {
        ReceiveSource queue = user.receiveQueue();
        for (int i = 0; i < queue.elementCount(slot); i++) {
            long length = queue.lengthOctets(slot, i);
            if (length == 0) {
                continue;
            }
            int stag = queue.stag(slot, i);
            TableEntry kept = keptPin.find(stag);
            TableEntry entry = kept == null ? user.memory().lookup(stag) : kept;
            FailedCheck failed = checkElement(entry, stag, queue.address(slot, i), length);
            if (failed != null) {
                failedElement = i;
                return failed;
            }
            pieces.add(entry, queue.address(slot, i), length);
        }
        return null;
    }

    private FailureCause.Builder named(int slot, FailedCheck failed) {
        ReceiveSource queue = user.receiveQueue();
        return FailureCause.of(FailureCause.End.LOCAL, failed)
                .target(
                        queue.stag(slot, failedElement),
                        queue.address(slot, failedElement),
                        queue.lengthOctets(slot, failedElement))
                .right(AccessFlag.LOCAL_WRITE);
    }

    /** A message has found no receive, or may not have one; returns what {@link #begin} does. */
    private long beginWithoutReceive(int why, RdmapOpcode opcode, DdpSegment segment) {
        if (why == ReceiveSource.WAIT) {
            return DdpUlp.REFUSED;
        }
        if (why == ReceiveSource.DROP_MESSAGE) {
            drop();
            return ANY_LENGTH;
        }
        if (why == ReceiveSource.DROP_CONNECTION) {
            ReceiveAccount account = user.sharedReceives();
            end.refuse(
                    TerminateReason.DDP_UNTAGGED_NO_BUFFER,
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.RECEIVE_LIMIT)
                            .detail("a message arrived while the queue pair held " + account.busy() + " receives of "
                                    + account.queue() + ", as many as it may"),
                    opcode,
                    segment);
            return DdpUlp.REFUSED;
        }
        return DdpUlp.NO_BUFFER;
    }

    private void drop() {
        dropping = true;
        user.sharedReceives().refused();
    }

    /** A message that was dropped has come to its end. Returns whether the stream goes on. */
    private boolean deliverNothing(long messageOctets) {
        dropping = false;
        user.sharedReceives().dropped(messageOctets);
        return end.takesSegments();
    }

    /** Takes the next receive for Immediate Data and returns the room, {@link DdpUlp#NO_BUFFER} or {@link DdpUlp#REFUSED}. */
    long beginImmediate(RdmapOpcode opcode, DdpSegment segment) {
        int slot = takeReceive();
        if (slot < 0 && slot != ReceiveSource.DROP_MESSAGE) {
            return beginWithoutReceive(slot, opcode, segment);
        }
        if (slot == ReceiveSource.DROP_MESSAGE) {
            drop();
        } else {
            drawn.add(slot);
        }
        if (!ImmediateData.isLength(segment.payloadOctets())) {
            // RFC 7306 section 6.3 wants a refusal and names none (wire formats, W10).
            failMessage(
                    TerminateReason.RDMAP_OPERATION_UNSPECIFIED,
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.SEGMENT_LENGTH)
                            .detail("Immediate Data of " + segment.payloadOctets() + " octets arrived, it has to be "
                                    + ImmediateData.OCTETS),
                    opcode,
                    segment);
            return DdpUlp.REFUSED;
        }
        immediate.clear();
        return ImmediateData.OCTETS;
    }

    /** Returns where Immediate Data is placed. */
    PlacementTarget immediatePlacement() {
        return immediate;
    }

    /** Immediate Data is delivered: its receive completes. Returns whether the stream goes on. */
    boolean deliverImmediate(RdmapOpcode opcode) {
        if (dropping) {
            return deliverNothing(ImmediateData.OCTETS);
        }
        admitted();
        user.completeImmediate(drawn.take(), ImmediateData.read(immediate.buffer(), 0), opcode.solicited());
        return end.takesSegments();
    }

    /**
     * The segment of a Send has come ahead of the stream: adds the place of its payload to {@code pieces}.
     *
     * @param messagesAhead how many Sends before its own are not delivered
     * @return whether it may be placed; if not, nobody is told before its turn
     */
    boolean placeAhead(DdpSegment segment, int messagesAhead, RegisteredPieces pieces) {
        boolean begun = !drawn.none() || dropping;
        if (begun && messagesAhead == 0) {
            return !dropping && mostReceives == 1 && mayPlace(segment, drawn.last(), pieces);
        }
        int behind = begun ? messagesAhead - 1 : messagesAhead;
        if (user.sharedReceives() == null) {
            int slot = user.receiveQueue().peek(behind);
            return slot >= 0 && mayPlace(segment, slot, pieces);
        }
        if (ahead == null) {
            return false;
        }
        int before = ahead.count();
        if (!ahead.drawFor(behind)) {
            user.sharedReceives().refusedAhead();
            return false;
        }
        if (!mayPlace(segment, ahead.slot(behind), pieces)) {
            ahead.giveBackFrom(before);
            return false;
        }
        ahead.touch(behind);
        return true;
    }

    /** Adds the memory of a receive to {@code pieces} up to the place of a segment; returns whether it may be placed there. */
    private boolean mayPlace(DdpSegment segment, int slot, RegisteredPieces pieces) {
        long offset = Integer.toUnsignedLong(segment.messageOffset());
        if (offset + segment.payloadOctets() > user.receiveQueue().totalOctets(slot)
                || addMemory(slot, pieces) != null) {
            return false;
        }
        pieces.advance(offset);
        return true;
    }

    private FailedCheck checkElement(TableEntry entry, int stag, long address, long length) {
        // VRB-PD-02: memory of a shared receive queue is of the queue's domain.
        ReceiveAccount shared = user.sharedReceives();
        int domain = shared == null ? user.protectionDomain() : shared.queue().protectionDomain();
        return AccessCheck.local(entry, stag, address, length, domain, AccessFlag.LOCAL_WRITE);
    }

    /** A receive's own memory is at fault: its completion tells, the peer hears 0/0/00 (state machines 2.5). */
    private void failReceive(FailedCheck failed, WorkCompletionStatus status, FailureCause.Builder about) {
        drawn.failing();
        FailureCause cause = end.failRequest(about, user.receiveQueue().id(drawn.last()));
        StackEvents events = user.events();
        if (events != null && failed != null) {
            events.onAccessRefused(user.deviceName(), user.number(), cause);
        }
        drawn.complete(status, 0, false, false, 0, cause);
    }

    /** A Send is delivered: its receive completes. Returns whether the stream goes on. */
    boolean deliver(RdmapOpcode opcode, DdpSegment segment, long messageOctets) {
        if (dropping) {
            return deliverNothing(messageOctets);
        }
        boolean invalidates = opcode.invalidates();
        if (invalidates) {
            keptPin.release();
            FailedCheck failed = Invalidation.byPeer(user, segment.ulpWord());
            if (failed != null) {
                refuseInvalidate(opcode, segment, failed);
                return false;
            }
        }
        admitted();
        drawn.complete(
                WorkCompletionStatus.SUCCESS,
                messageOctets,
                opcode.solicited(),
                invalidates,
                invalidates ? segment.ulpWord() : 0,
                null);
        return end.takesSegments();
    }

    /** A message is delivered: the next one that is dropped is told of again. */
    private void admitted() {
        ReceiveAccount shared = user.sharedReceives();
        if (shared != null) {
            shared.admitted();
        }
    }

    private void refuseInvalidate(RdmapOpcode opcode, DdpSegment segment, FailedCheck failed) {
        TerminateReason reason = failed == FailedCheck.ENTRY_VALID
                ? TerminateReason.RDMAP_OPERATION_CANNOT_INVALIDATE
                : TerminateReason.RDMAP_PROTECTION_CANNOT_INVALIDATE;
        drawn.failing();
        FailureCause cause = end.refuseMessage(
                reason,
                FailureCause.of(FailureCause.End.LOCAL, FailedCheck.INVALIDATE)
                        .detail("the peer may not invalidate STag " + STag.toString(segment.ulpWord()) + ": "
                                + failed.words())
                        .target(segment.ulpWord(), 0, 0),
                opcode,
                segment);
        drawn.complete(WorkCompletionStatus.INVALIDATE_REFUSED, 0, false, false, 0, cause);
    }

    /**
     * Refuses a Send that is longer than its receive, which completes in error.
     *
     * @return false if no receive was taken: nothing was done
     */
    boolean refuseTooLong(
            TerminateReason reason, FailureCause.Builder about, RdmapOpcode offending, DdpSegment segment) {
        if (drawn.none()) {
            return false;
        }
        failMessage(reason, about, offending, segment);
        return true;
    }

    /** A message does not have the length it should: the receive that it has taken tells. */
    private void failMessage(
            TerminateReason reason, FailureCause.Builder about, RdmapOpcode offending, DdpSegment segment) {
        if (dropping) {
            // No receive was taken, so no completion can tell.
            end.refuse(reason, about, offending, segment);
            return;
        }
        drawn.failing();
        FailureCause cause = end.refuseMessage(reason, about, offending, segment);
        drawn.complete(WorkCompletionStatus.LOCAL_LENGTH, 0, false, false, 0, cause);
    }

    private void onWithdrawn(TableEntry entry) {
        failReceive(
                FailedCheck.ENTRY_VALID,
                WorkCompletionStatus.LOCAL_INVALID_STAG,
                FailureCause.of(FailureCause.End.LOCAL, FailedCheck.ENTRY_VALID)
                        .target(entry.stag(), entry.startAddress(), entry.lengthOctets())
                        .right(AccessFlag.LOCAL_WRITE));
    }
}
