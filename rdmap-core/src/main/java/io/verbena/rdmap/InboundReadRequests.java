package io.verbena.rdmap;

import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.DdpUlp;
import io.verbena.ddp.PlacementTarget;
import io.verbena.memory.AccessCheck;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import java.nio.ByteBuffer;

/**
 * Inbound Read Requests: whether the peer may ask, and whether it may read what it asks for (RFC 5040 section 5.2). What is
 * allowed goes to the {@link InboundReadQueue}, from which it is answered.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing unless a rule is broken.
 */
final class InboundReadRequests {
    private final RdmapUser user;
    private final InboundReadQueue peerReads;
    private final int depth;
    private final SegmentRefusals refusals;
    private final ControlPlacement placement = new ControlPlacement(ReadRequestHeader.OCTETS);
    private final ReadRequestHeader view = new ReadRequestHeader();

    /**
     * Makes the door for the requests of one stream.
     *
     * @param depth IRD in force; 0 allows no Reads
     */
    InboundReadRequests(RdmapUser user, InboundReadQueue peerReads, int depth, SegmentRefusals refusals) {
        this.user = user;
        this.peerReads = peerReads;
        this.depth = depth;
        this.refusals = refusals;
    }

    /** Returns where the header is placed. */
    PlacementTarget placement() {
        return placement;
    }

    /** Returns the octets of the header that is being judged, for a Terminate that returns it. */
    ByteBuffer octets() {
        return placement.buffer();
    }

    /** Begins a Read Request and returns the room for it, or {@link DdpUlp#REFUSED}. */
    long begin(DdpSegment segment) {
        if (depth == 0 || !user.remoteReadAllowed()) {
            refusals.rule(
                    TerminateReason.DDP_UNTAGGED_INVALID_QUEUE_NUMBER,
                    FailedCheck.QUEUE_PAIR_ACCESS,
                    RdmapOpcode.READ_REQUEST,
                    segment);
            return DdpUlp.REFUSED;
        }
        if (peerReads.isFull()) {
            refusals.rule(
                    TerminateReason.DDP_UNTAGGED_SEQUENCE_RANGE,
                    FailedCheck.INBOUND_READ_DEPTH,
                    RdmapOpcode.READ_REQUEST,
                    segment);
            return DdpUlp.REFUSED;
        }
        if (segment.payloadOctets() != ReadRequestHeader.OCTETS) {
            refusals.rule(
                    TerminateReason.DDP_LOCAL_CATASTROPHIC,
                    FailedCheck.SEGMENT_LENGTH,
                    RdmapOpcode.READ_REQUEST,
                    segment);
            return DdpUlp.REFUSED;
        }
        placement.clear();
        return ReadRequestHeader.OCTETS;
    }

    /** A Read Request is delivered: it waits for its Response. Returns whether the stream goes on. */
    boolean deliver(DdpSegment segment) {
        view.wrap(placement.buffer(), 0);
        long octets = view.readSize();
        if (octets > 0) {
            int stag = view.sourceStag();
            long address = view.sourceTaggedOffset();
            FailedCheck failed =
                    AccessCheck.remote(user.memory().lookup(stag), stag, address, octets, user, AccessFlag.REMOTE_READ);
            if (failed != null) {
                refusals.access(
                        Refusals.readSource(failed),
                        failed,
                        RdmapOpcode.READ_REQUEST,
                        segment,
                        stag,
                        address,
                        octets,
                        AccessFlag.REMOTE_READ);
                return false;
            }
        }
        peerReads.add(segment.messageSequenceNumber(), view);
        return true;
    }
}
