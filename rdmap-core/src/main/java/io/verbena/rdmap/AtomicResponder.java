package io.verbena.rdmap;

import io.verbena.memory.AccessCheck;
import io.verbena.memory.ClosedMemory;
import io.verbena.memory.TableEntry;
import io.verbena.rdmap.OutboundMessage.Kind;
import io.verbena.rdmap.wire.AtomicResponseHeader;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import java.nio.ByteBuffer;

/**
 * Performs the peer's atomic operations and answers them.
 *
 * <p>An operation is performed when its Response is made, and that is in the order of the requests, Reads among them. So the
 * second of two is not processed before the first is answered, and no Response overtakes another (RFC 7306 sections 5.2.2,
 * 5.4 and 7), without any further bookkeeping.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing in steady state.
 */
final class AtomicResponder {
    private final StreamEnd end;
    private final RdmapUser user;
    private final InboundReadQueue peerReads;
    private final ByteBuffer header = ByteBuffer.allocate(AtomicResponseHeader.OCTETS);
    private final AtomicResponseHeader view = new AtomicResponseHeader();
    private int nextSequence = 1;

    AtomicResponder(StreamEnd end, RdmapUser user, InboundReadQueue peerReads) {
        this.end = end;
        this.user = user;
        this.peerReads = peerReads;
    }

    /**
     * Performs the operation at {@code index} of the queue and begins its Response.
     *
     * @return false if it could not be performed, which has ended the stream
     */
    boolean begin(int index, OutboundMessage message) {
        int stag = peerReads.sourceStag(index);
        long address = peerReads.sourceAddress(index);
        TableEntry entry = user.memory().lookup(stag);
        FailedCheck failed =
                AccessCheck.remote(entry, stag, address, AtomicUnit.OCTETS, user, AccessFlag.REMOTE_ATOMIC);
        if (failed == null && !entry.pin(stag)) {
            failed = FailedCheck.ENTRY_VALID;
        }
        long before = 0;
        if (failed == null) {
            try {
                before = perform(index, entry, address);
            } catch (RuntimeException failure) {
                if (!ClosedMemory.isReasonOf(failure)) {
                    throw failure;
                }
                failed = FailedCheck.ENTRY_VALID;
            } finally {
                entry.unpin();
            }
        }
        if (failed != null) {
            end.refuseAtomicTarget(peerReads, index, failed);
            return false;
        }
        view.wrap(header, 0)
                .originalRequestIdentifier(peerReads.identifier(index))
                .originalRemoteData(before);
        message.beginUntagged(
                Kind.RESPONSE, RdmapOpcode.ATOMIC_RESPONSE, AtomicResponseHeader.OCTETS, nextSequence++, 0);
        message.response(index);
        message.copyFrom(header, 0);
        return true;
    }

    private long perform(int index, TableEntry pinned, long address) {
        return switch (peerReads.operation(index)) {
            case FETCH_ADD ->
                user.atomicUnit().fetchAdd(pinned, address, peerReads.data(index), peerReads.dataMask(index));
            case COMPARE_SWAP ->
                user.atomicUnit()
                        .compareSwap(
                                pinned,
                                address,
                                peerReads.compare(index),
                                peerReads.compareMask(index),
                                peerReads.data(index),
                                peerReads.dataMask(index));
        };
    }
}
