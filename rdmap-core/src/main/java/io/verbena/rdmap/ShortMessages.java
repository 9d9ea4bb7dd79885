package io.verbena.rdmap;

import io.verbena.memory.AccessCheck;
import io.verbena.memory.TableEntry;
import io.verbena.queue.SendQueue;
import io.verbena.rdmap.OutboundMessage.Kind;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.verbs.AccessFlag;

/**
 * The straight way for runs of short Writes and Sends out of one region: each a single piece of the memory whose pin is kept,
 * small enough to be copied behind its header, with nothing to wait for. They are checked like all others (SYS-MEM-08) when
 * their turn comes. What is in any way different, or fails, is left on the queue untouched: {@link MessageSource} takes it, and
 * says what is wrong with it.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing.
 */
final class ShortMessages {
    private final RdmapUser user;
    private final MessageSource source;
    private final OutboundMessage message;
    private final TransmitRound round;
    private final SentMessages sent;
    private final KeptPin keptPin;

    ShortMessages(
            RdmapUser user,
            MessageSource source,
            OutboundMessage message,
            TransmitRound round,
            SentMessages sent,
            KeptPin keptPin) {
        this.user = user;
        this.source = source;
        this.message = message;
        this.round = round;
        this.sent = sent;
        this.keptPin = keptPin;
    }

    /** Frames such requests from the head of the send queue, until there is another or the round is full. No message is under way. */
    void frame() {
        if (!source.onlyRequestsGo()) {
            return;
        }
        SendQueue queue = user.sendQueue();
        CompletionOrder order = user.completionOrder();
        int slot = queue.peek();
        while (slot >= 0 && queue.plain(slot) && order.room() > 0 && !sent.isFull() && frame(queue, slot)) {
            queue.next();
            sent.add(round.framed(), SentMessages.Action.COMPLETE_REQUEST, slot, user.beginRequest(queue, slot));
            slot = queue.peek();
        }
        message.clear();
    }

    private boolean frame(SendQueue queue, int slot) {
        int stag = queue.stag(slot, 0);
        long address = queue.address(slot, 0);
        long octets = queue.lengthOctets(slot, 0);
        TableEntry entry = keptPin.find(stag);
        if (entry == null
                || octets == 0
                || octets > TransmitRound.COPY_OCTETS
                || AccessCheck.local(entry, stag, address, octets, user.protectionDomain(), AccessFlag.LOCAL_READ)
                        != null) {
            return false;
        }
        boolean write = queue.isWrite(slot);
        if (write) {
            message.beginTagged(
                    Kind.REQUEST, RdmapOpcode.RDMA_WRITE, octets, queue.remoteStag(slot), queue.remoteAddress(slot));
        } else {
            message.beginUntagged(Kind.REQUEST, RdmapOpcode.SEND, octets, source.sendSequence(), 0);
        }
        if (!round.frameKept(message, keptPin, address, (int) octets)) {
            return false;
        }
        if (!write) {
            source.sendFramed();
        }
        return true;
    }
}
