package io.verbena.rdmap;

import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.DdpUlp;
import io.verbena.ddp.PlacementTarget;
import io.verbena.memory.AccessCheck;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;

/**
 * Inbound Atomic Requests: whether the peer may ask, and whether it may change what it aims at (RFC 7306 sections 5.2.1 and
 * 8.2). What is allowed goes to the {@link InboundReadQueue}, between the Read Requests that came before and after it, and is
 * performed by {@link AtomicResponder} when its turn comes.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing unless a rule is broken.
 */
final class InboundAtomicRequests {
    private final RdmapUser user;
    private final InboundReadQueue peerReads;
    private final int depth;
    private final SegmentRefusals refusals;
    private final ControlPlacement placement = new ControlPlacement(AtomicRequestHeader.OCTETS);
    private final AtomicRequestHeader view = new AtomicRequestHeader();

    /**
     * Makes the door for the requests of one stream.
     *
     * @param depth IRD in force, which atomic operations share with Reads; 0 allows none
     */
    InboundAtomicRequests(RdmapUser user, InboundReadQueue peerReads, int depth, SegmentRefusals refusals) {
        this.user = user;
        this.peerReads = peerReads;
        this.depth = depth;
        this.refusals = refusals;
    }

    /** Returns where the header is placed. */
    PlacementTarget placement() {
        return placement;
    }

    /** Begins an Atomic Request and returns the room for it, or {@link DdpUlp#REFUSED}. */
    long begin(DdpSegment segment) {
        if (!user.remoteAtomicAllowed()) {
            // RFC 7306 section 1.1: by this a peer learns that there are no atomic operations here.
            return refused(TerminateReason.RDMAP_OPERATION_UNEXPECTED_OPCODE, FailedCheck.QUEUE_PAIR_ACCESS, segment);
        }
        if (depth == 0) {
            return refused(TerminateReason.DDP_UNTAGGED_INVALID_QUEUE_NUMBER, FailedCheck.QUEUE_PAIR_ACCESS, segment);
        }
        if (peerReads.isFull()) {
            return refused(TerminateReason.DDP_UNTAGGED_SEQUENCE_RANGE, FailedCheck.INBOUND_READ_DEPTH, segment);
        }
        if (segment.payloadOctets() != AtomicRequestHeader.OCTETS) {
            return refused(TerminateReason.DDP_LOCAL_CATASTROPHIC, FailedCheck.SEGMENT_LENGTH, segment);
        }
        placement.clear();
        return AtomicRequestHeader.OCTETS;
    }

    private long refused(TerminateReason reason, FailedCheck check, DdpSegment segment) {
        refusals.rule(reason, check, RdmapOpcode.ATOMIC_REQUEST, segment);
        return DdpUlp.REFUSED;
    }

    /** An Atomic Request is delivered: it waits for its turn. Returns whether the stream goes on. */
    boolean deliver(DdpSegment segment) {
        view.wrap(placement.buffer(), 0);
        if (view.operation() == null) {
            return refusals.rule(
                    TerminateReason.RDMAP_OPERATION_UNEXPECTED_OPCODE,
                    FailedCheck.ATOMIC_OPERATION,
                    RdmapOpcode.ATOMIC_REQUEST,
                    segment);
        }
        int stag = view.remoteStag();
        long address = view.remoteTaggedOffset();
        FailedCheck failed = AccessCheck.remote(
                user.memory().lookup(stag), stag, address, AtomicUnit.OCTETS, user, AccessFlag.REMOTE_ATOMIC);
        if (failed == null && !AtomicUnit.aligned(address)) {
            failed = FailedCheck.ALIGNMENT;
        }
        if (failed != null) {
            refusals.access(
                    Refusals.atomicTarget(failed),
                    failed,
                    RdmapOpcode.ATOMIC_REQUEST,
                    segment,
                    stag,
                    address,
                    AtomicUnit.OCTETS,
                    AccessFlag.REMOTE_ATOMIC);
            return false;
        }
        peerReads.add(segment.messageSequenceNumber(), view);
        return true;
    }
}
