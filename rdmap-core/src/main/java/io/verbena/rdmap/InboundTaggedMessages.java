package io.verbena.rdmap;

import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.PlacementTarget;
import io.verbena.memory.AccessCheck;
import io.verbena.memory.OneTouch;
import io.verbena.memory.TableEntry;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;

/**
 * Inbound tagged messages: Writes, and Responses to Reads of this end. Each segment names the memory that it goes to.
 *
 * <p>A Write is judged by what was granted to the peer. A Response grants itself nothing: it has to continue the oldest own
 * Read exactly, octet for octet (RFC 5040 section 5.2), and its end completes that Read.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing unless a rule is broken.
 */
final class InboundTaggedMessages {
    private final StreamEnd end;
    private final RdmapUser user;
    private final OutboundReadQueue ownReads;
    private final SegmentRefusals refusals;
    private final MemoryPlacement placement;
    private final KeptPin keptPin;

    private final OneTouch oneTouch;

    private TableEntry claimed;
    private boolean writeUnderWay;
    private boolean placingWrite;
    private int stag;
    private long address;

    InboundTaggedMessages(
            StreamEnd end,
            RdmapUser user,
            LoopResources resources,
            OutboundReadQueue ownReads,
            SegmentRefusals refusals) {
        this.end = end;
        this.user = user;
        this.ownReads = ownReads;
        this.refusals = refusals;
        oneTouch = new OneTouch(user.memory());
        placement = new MemoryPlacement(1, resources, resources.keptPinFor(user), this::onWithdrawn);
        keptPin = resources.keptPin();
    }

    /** Returns whether a Write has begun and its last segment not arrived. */
    boolean writeUnderWay() {
        return writeUnderWay;
    }

    /** Returns where the segment of a Write goes, or null if it was refused. */
    PlacementTarget resolveWrite(DdpSegment segment) {
        int octets = segment.payloadOctets();
        TableEntry kept = keptPin.find(segment.stag());
        TableEntry entry = kept == null ? user.memory().lookup(segment.stag()) : kept;
        FailedCheck failed = judge(entry, segment, checkWrite(entry, segment));
        if (failed != null) {
            refusals.access(
                    Refusals.taggedSegment(failed),
                    failed,
                    RdmapOpcode.RDMA_WRITE,
                    segment,
                    segment.stag(),
                    segment.taggedOffset(),
                    octets,
                    AccessFlag.REMOTE_WRITE);
            return null;
        }
        placingWrite = true;
        return placeAt(entry, segment, octets);
    }

    private FailedCheck checkWrite(TableEntry entry, DdpSegment segment) {
        FailedCheck failed = AccessCheck.remote(
                entry, segment.stag(), segment.taggedOffset(), segment.payloadOctets(), user, AccessFlag.REMOTE_WRITE);
        return failed == null && !user.remoteWriteAllowed() ? FailedCheck.QUEUE_PAIR_ACCESS : failed;
    }

    /**
     * The segment of a Write has come ahead of the stream: adds the place of its payload to {@code pieces}.
     *
     * @return whether it may be placed; if not, nobody is told before its turn
     */
    boolean placeWriteAhead(DdpSegment segment, RegisteredPieces pieces) {
        if (segment.payloadOctets() == 0) {
            return true;
        }
        TableEntry entry = user.memory().lookup(segment.stag());
        if (checkWrite(entry, segment) != null || !touchAhead(entry, segment)) {
            return false;
        }
        pieces.add(entry, segment.taggedOffset(), segment.payloadOctets());
        return true;
    }

    /**
     * The segment of a Read Response has come ahead of the stream: adds the place of its payload to {@code pieces}.
     *
     * @return whether it may be placed; if not, nobody is told before its turn
     */
    boolean placeReadResponseAhead(DdpSegment segment, RegisteredPieces pieces) {
        int octets = segment.payloadOctets();
        if (octets == 0) {
            return true;
        }
        if (!ownReads.expects(segment.stag(), segment.taggedOffset(), octets, segment.last())) {
            return false;
        }
        TableEntry entry = user.memory().lookup(segment.stag());
        if (checkSink(entry, segment) != null || !touchAhead(entry, segment)) {
            return false;
        }
        pieces.add(entry, segment.taggedOffset(), octets);
        return true;
    }

    /** The sink needs the local write right only: it fits a Read of ours, so the peer gains nothing (verbs 7.6). */
    private FailedCheck checkSink(TableEntry entry, DdpSegment segment) {
        return AccessCheck.local(
                entry,
                segment.stag(),
                segment.taggedOffset(),
                segment.payloadOctets(),
                user.protectionDomain(),
                AccessFlag.LOCAL_WRITE);
    }

    /** Returns where the segment of a Read Response goes, or null if it was refused. */
    PlacementTarget resolveReadResponse(DdpSegment segment) {
        int octets = segment.payloadOctets();
        FailedCheck failed = null;
        TerminateReason reason = null;
        if (ownReads.isEmpty() || ownReads.isAtomic() || segment.stag() != ownReads.sinkStag()) {
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
            refusals.access(
                    reason,
                    failed,
                    RdmapOpcode.READ_RESPONSE,
                    segment,
                    segment.stag(),
                    segment.taggedOffset(),
                    octets,
                    null);
            return null;
        }
        TableEntry entry = user.memory().lookup(segment.stag());
        failed = judge(entry, segment, checkSink(entry, segment));
        if (failed != null) {
            failReadSink(segment, failed);
            return null;
        }
        placingWrite = false;
        return placeAt(entry, segment, octets);
    }

    /** Adds what one-touch memory asks for to what the access check found. */
    private FailedCheck judge(TableEntry entry, DdpSegment segment, FailedCheck access) {
        if (segment.arrival() == DdpSegment.Arrival.REACHED) {
            // It was placed while the memory was good for its message. That another message has wanted it since, and
            // made
            // it invalid by that, is told of when the turn of that one comes.
            return access == FailedCheck.ALREADY_TOUCHED ? null : access;
        }
        return access == null ? touch(entry, segment) : access;
    }

    /** Decides about one-touch memory for a segment ahead of the stream; returns whether it is placed now (SYS-MEM-13). */
    private boolean touchAhead(TableEntry entry, DdpSegment segment) {
        if (!entry.oneTouch()) {
            return true;
        }
        return switch (oneTouch.decide(entry, segment.last(), OneTouch.Arrival.AHEAD, segment.streamPosition())) {
            case PLACE, PLACE_AND_TOUCH -> true;
            case PLACE_AND_INVALIDATE, REFUSE, DROP -> false;
        };
    }

    /** The stream has come to a segment that was placed ahead: memory that it touched is out of use now. */
    private void reached(DdpSegment segment) {
        if (segment.arrival() == DdpSegment.Arrival.REACHED) {
            keptPin.release();
            if (oneTouch.streamReached(segment.streamPosition()) > 0) {
                tellOneTouch(segment.stag());
            }
        }
    }

    /** The stream is over, and with it what it has touched. */
    void stop() {
        endClaim();
        keptPin.release();
        oneTouch.streamEnded();
    }

    private void tellOneTouch(int used) {
        StackEvents events = user.events();
        if (events != null) {
            events.onInvalidated(user.deviceName(), user.number(), used, StackEvents.Invalidation.ONE_TOUCH);
        }
    }

    /** Decides about one-touch memory for a segment that is the next of its stream (SYS-MEM-12). */
    private FailedCheck touch(TableEntry entry, DdpSegment segment) {
        if (!entry.oneTouch()) {
            return null;
        }
        keptPin.release();
        return switch (oneTouch.decide(entry, segment.last(), OneTouch.Arrival.NEXT, 0)) {
            case PLACE, PLACE_AND_TOUCH -> null;
            case PLACE_AND_INVALIDATE -> {
                claimed = entry;
                yield null;
            }
            case REFUSE, DROP -> FailedCheck.ALREADY_TOUCHED;
        };
    }

    /** One-touch memory is out of use when the segment that claimed it is placed, or will never be. */
    void endClaim() {
        if (claimed != null) {
            TableEntry used = claimed;
            claimed = null;
            keptPin.release();
            oneTouch.finish(used);
            tellOneTouch(used.stag());
        }
    }

    private PlacementTarget placeAt(TableEntry entry, DdpSegment segment, int octets) {
        stag = segment.stag();
        address = segment.taggedOffset();
        placement.pieces().clear();
        placement.pieces().add(entry, segment.taggedOffset(), octets);
        if (entry == claimed) {
            placement.pieces().claimed();
        }
        return placement;
    }

    /** The sink of an own Read cannot be placed in: an event, and the Read itself fails (state machines, X4). */
    private void failReadSink(DdpSegment segment, FailedCheck failed) {
        FailureCause cause = end.refuse(
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

    /** The segment of a Write was placed. */
    void onWritePlaced(DdpSegment segment) {
        writeUnderWay = !segment.last();
        endClaim();
        reached(segment);
    }

    /** The segment of a Read Response was placed. */
    void onReadResponsePlaced(DdpSegment segment) {
        if (segment.payloadOctets() > 0) {
            ownReads.advance(segment.payloadOctets());
        }
        endClaim();
        reached(segment);
    }

    /** A Read Response is delivered: the oldest own Read ends. Returns whether the stream goes on. */
    boolean deliverReadResponse(DdpSegment segment) {
        if (ownReads.isEmpty() || ownReads.isAtomic() || ownReads.missing() != 0) {
            // Only a zero-length Response gets here unchecked.
            TerminateReason reason = ownReads.isEmpty() || ownReads.isAtomic()
                    ? TerminateReason.DDP_TAGGED_INVALID_STAG
                    : TerminateReason.DDP_TAGGED_BASE_OR_BOUNDS;
            return refusals.rule(reason, FailedCheck.READ_RESPONSE, RdmapOpcode.READ_RESPONSE, segment);
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
            keptPin.release();
            FailedCheck failed = Invalidation.ofReadSink(user, sinkStag);
            if (failed != null) {
                FailureCause cause = end.failRequest(
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

    private void onWithdrawn(TableEntry entry) {
        DdpSegment none = null;
        if (placingWrite) {
            refusals.access(
                    TerminateReason.DDP_TAGGED_INVALID_STAG,
                    FailedCheck.ENTRY_VALID,
                    RdmapOpcode.RDMA_WRITE,
                    none,
                    stag,
                    address,
                    placement.pieces().remaining(),
                    AccessFlag.REMOTE_WRITE);
            return;
        }
        FailureCause cause = end.refuse(
                TerminateReason.DDP_TAGGED_INVALID_STAG,
                FailureCause.of(FailureCause.End.LOCAL, FailedCheck.ENTRY_VALID)
                        .target(stag, address, placement.pieces().remaining())
                        .right(AccessFlag.LOCAL_WRITE),
                RdmapOpcode.READ_RESPONSE,
                none);
        if (!ownReads.isEmpty() && ownReads.slot() != OutboundReadQueue.NO_SLOT) {
            user.completionOrder().done(ownReads.position(), WorkCompletionStatus.LOCAL_INVALID_STAG, 0, cause);
            user.deliverSendCompletions();
        }
    }
}
