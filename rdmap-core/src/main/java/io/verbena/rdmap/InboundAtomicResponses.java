package io.verbena.rdmap;

import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.DdpUlp;
import io.verbena.ddp.PlacementTarget;
import io.verbena.memory.AccessCheck;
import io.verbena.memory.TableEntry;
import io.verbena.rdmap.wire.AtomicResponseHeader;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Inbound Atomic Responses: each has to answer the oldest own request, whose sink gets the value that was found at the peer, in
 * this machine's byte order; then the request completes (RFC 7306 section 5.2.2).
 *
 * <p>Queue 3 has as many buffers as atomic operations are outstanding, so a Response to none of them finds no buffer. One that
 * answers a request other than the oldest is wrong although it fits its queue: Responses come in the order of the requests.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing unless a rule is broken.
 */
final class InboundAtomicResponses {
    private final StreamEnd end;
    private final RdmapUser user;
    private final OutboundReadQueue ownReads;
    private final SegmentRefusals refusals;
    private final ControlPlacement placement = new ControlPlacement(AtomicResponseHeader.OCTETS);
    private final AtomicResponseHeader view = new AtomicResponseHeader();
    private final RegisteredPieces sink = new RegisteredPieces(1);
    private final ByteBuffer number = ByteBuffer.allocate(AtomicUnit.OCTETS).order(ByteOrder.nativeOrder());

    InboundAtomicResponses(StreamEnd end, RdmapUser user, OutboundReadQueue ownReads, SegmentRefusals refusals) {
        this.end = end;
        this.user = user;
        this.ownReads = ownReads;
        this.refusals = refusals;
    }

    /** Returns where the header is placed. */
    PlacementTarget placement() {
        return placement;
    }

    /** Begins an Atomic Response and returns the room for it, or {@link DdpUlp#REFUSED}. */
    long begin(DdpSegment segment) {
        if (!ownReads.hasAtomic()) {
            refusals.rule(
                    TerminateReason.DDP_UNTAGGED_NO_BUFFER,
                    FailedCheck.ATOMIC_RESPONSE,
                    RdmapOpcode.ATOMIC_RESPONSE,
                    segment);
            return DdpUlp.REFUSED;
        }
        if (segment.payloadOctets() != AtomicResponseHeader.OCTETS) {
            refusals.rule(
                    TerminateReason.DDP_LOCAL_CATASTROPHIC,
                    FailedCheck.SEGMENT_LENGTH,
                    RdmapOpcode.ATOMIC_RESPONSE,
                    segment);
            return DdpUlp.REFUSED;
        }
        placement.clear();
        return AtomicResponseHeader.OCTETS;
    }

    /** An Atomic Response is delivered: the oldest own request ends. Returns whether the stream goes on. */
    boolean deliver(DdpSegment segment) {
        view.wrap(placement.buffer(), 0);
        if (!ownReads.isAtomic() || view.originalRequestIdentifier() != ownReads.sequence()) {
            return refusals.rule(
                    TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM,
                    FailedCheck.ATOMIC_RESPONSE,
                    RdmapOpcode.ATOMIC_RESPONSE,
                    segment);
        }
        int slot = ownReads.slot();
        int position = ownReads.position();
        int stag = ownReads.sinkStag();
        long address = ownReads.nextAddress();
        ownReads.remove();
        FailedCheck failed = store(stag, address, view.originalRemoteData());
        if (failed != null) {
            failRequest(slot, position, failed, stag, address);
            return false;
        }
        user.completionOrder().done(position, WorkCompletionStatus.SUCCESS, AtomicUnit.OCTETS, null);
        user.sendQueue().done(slot);
        user.deliverSendCompletions();
        return end.takesSegments();
    }

    private FailedCheck store(int stag, long address, long value) {
        TableEntry entry = user.memory().lookup(stag);
        FailedCheck failed = AccessCheck.local(
                entry, stag, address, AtomicUnit.OCTETS, user.protectionDomain(), AccessFlag.LOCAL_WRITE);
        if (failed != null) {
            return failed;
        }
        number.putLong(0, value);
        sink.clear();
        sink.add(entry, address, AtomicUnit.OCTETS);
        boolean stored = sink.copyIn(number, 0, AtomicUnit.OCTETS);
        sink.clear();
        return stored ? null : FailedCheck.ENTRY_VALID;
    }

    /** The sink is gone. The operation was performed at the peer, but what was found there is lost. */
    private void failRequest(int slot, int position, FailedCheck failed, int stag, long address) {
        FailureCause cause = end.failRequest(
                FailureCause.of(FailureCause.End.LOCAL, failed)
                        .target(stag, address, AtomicUnit.OCTETS)
                        .right(AccessFlag.LOCAL_WRITE),
                user.sendQueue().id(slot));
        user.completionOrder().done(position, Refusals.localMemory(failed), 0, cause);
        user.deliverSendCompletions();
        StackEvents events = user.events();
        if (events != null) {
            events.onAccessRefused(user.deviceName(), user.number(), cause);
        }
    }
}
