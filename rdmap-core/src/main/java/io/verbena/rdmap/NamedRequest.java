package io.verbena.rdmap;

import io.verbena.queue.SendQueue;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailureCause;
import java.nio.ByteBuffer;

/**
 * The request of this end that a Terminate of the peer names by the headers that it returns: a Read by the header of its request,
 * an atomic operation by the MSN in its DDP header, since its own header does not come back (RFC 7306 section 8.1). It fails by
 * name; all others are flushed (verbs, V7).
 *
 * <p>Thread rule: the stream's loop.
 */
final class NamedRequest {
    private static final int NONE = -1;

    private final RdmapUser user;
    private final TerminateMessage message;
    private final int position;
    private final int atomicSlot;

    /**
     * Finds the request.
     *
     * @param message the Terminate, or null if it was too short to say anything
     * @param octets what {@code message} is a view of
     */
    NamedRequest(RdmapUser user, OutboundReadQueue ownReads, TerminateMessage message, ByteBuffer octets) {
        this.user = user;
        this.message = message;
        ReadRequestHeader read = Terminates.returnedReadRequest(message, octets);
        if (read != null) {
            position = ownReads.positionOf(read.sinkStag(), read.sinkTaggedOffset());
            atomicSlot = NONE;
        } else {
            int index = Terminates.returnsAtomicRequest(message, octets)
                    ? ownReads.indexOfAtomic(Terminates.returnedSequence(message, octets))
                    : NONE;
            position = index == NONE ? NONE : ownReads.positionAt(index);
            atomicSlot = index == NONE ? NONE : ownReads.slotAt(index);
        }
    }

    /** Adds what this end knows of an atomic operation, which the Terminate does not return. */
    void describe(FailureCause.Builder about) {
        if (atomicSlot == NONE) {
            return;
        }
        SendQueue queue = user.sendQueue();
        long address = queue.remoteAddress(atomicSlot);
        about.target(queue.remoteStag(atomicSlot), address, AtomicUnit.OCTETS).right(AccessFlag.REMOTE_ATOMIC);
        TerminateReason reason = message.reason();
        if (reason == TerminateReason.RDMAP_OPERATION_UNEXPECTED_OPCODE) {
            about.detail("the peer terminated the connection because it does not allow atomic operations");
        } else if (reason == TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM && !AtomicUnit.aligned(address)) {
            about.detail("the peer terminated the connection because of an atomic operation whose address is not a"
                    + " multiple of 8");
        }
    }

    /** Ends the request because of {@code failure}, if there is one. */
    void fail(FailureCause failure) {
        if (position != NONE) {
            user.completionOrder().done(position, Refusals.remote(message.reason()), 0, failure);
            user.deliverSendCompletions();
        }
    }
}
