package io.verbena.rdmap;

import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.memory.PreparedBinding;
import io.verbena.memory.PreparedRegistration;
import io.verbena.queue.SendQueue;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.PreparedAccess;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;

/**
 * The requests of the send queue that change memory: fast registrations, bindings, local invalidates, and messages that
 * expose memory first (SYS-MEM-05, -11, -14).
 *
 * <p>Such a request is carried out when its turn on the send queue comes: behind it everything sees what it did
 * (VRB-MO-02, -08), and in front of it everything has begun. It needs nothing of the wire, so it waits neither for a transport
 * that is full nor for the first FPDU of the peer: the memory of a responder is there before the peer's first message, and
 * access is revoked although the peer stands still. Only a fence makes it wait for earlier requests to be complete.
 *
 * <p>If it fails, the queue pair's {@link RegistrationFailurePolicy} says what else does.
 *
 * <p>Thread rule: the stream's loop, which lets go of the pin it keeps first: invalidating waits for pins. Allocates nothing of
 * its own unless a request fails.
 */
final class MemoryRequests {
    /** Requests carried out in one go, before other streams of the loop have their turn. */
    static final int MAX_IN_A_TURN = 64;

    private final StreamEnd end;
    private final RdmapUser user;
    private final OutboundReadQueue ownReads;
    private final SendQueueDrain drain;
    private final MessageSource source;

    private int left;
    private int flushesLeft;
    private boolean more;
    private boolean endedSome;

    MemoryRequests(StreamEnd end, RdmapUser user, OutboundReadQueue ownReads, MessageSource source) {
        this.end = end;
        this.user = user;
        this.ownReads = ownReads;
        this.source = source;
        drain = new SendQueueDrain(user);
    }

    /** Returns the drain of the send queue. */
    SendQueueDrain drain() {
        return drain;
    }

    /** Carries out what is at the head of the send queue, as much as one turn of the stream allows. */
    void beginTurn() {
        left = MAX_IN_A_TURN;
        flushesLeft = user.sendQueue().depth();
        more = false;
        endedSome = false;
        nextToSend();
    }

    /** Returns whether the turn was used up: there is more that could be done without the wire. */
    boolean more() {
        return more;
    }

    /** Returns whether a request has ended in this turn without a message. */
    boolean endedSome() {
        return endedSome;
    }

    /**
     * Carries out, or flushes if the send queue is drained, what stands in front of the next request that sends a message.
     *
     * @return the slot of that request, which is not taken yet, or -1 if there is none that may go now
     */
    int nextToSend() {
        SendQueue queue = user.sendQueue();
        int slot = queue.peek();
        while (slot >= 0 && user.completionOrder().room() > 0 && end.inOperation()) {
            if (drain.flushing()) {
                if (flushesLeft == 0) {
                    more = true;
                    return -1;
                }
                flushesLeft--;
                end.releasePin();
                drain.flushNext();
                ended();
            } else {
                SendOperation operation = queue.operation(slot);
                if (fenced(queue, slot, operation)) {
                    return -1;
                }
                if (!operation.isMemoryOperation()) {
                    return slot;
                }
                if (left == 0) {
                    more = true;
                    return -1;
                }
                left--;
                carryOut(queue, slot, operation);
            }
            slot = queue.peek();
        }
        return -1;
    }

    private boolean fenced(SendQueue queue, int slot, SendOperation operation) {
        if (queue.readFence(slot) && !ownReads.isEmpty()) {
            return true;
        }
        // VRB-PS-06: a modifier that is not meant for an operation is ignored.
        return operation == SendOperation.LOCAL_INVALIDATE
                && queue.localFence(slot)
                && user.completionOrder().size() > 0;
    }

    private void carryOut(SendQueue queue, int slot, SendOperation operation) {
        end.releasePin();
        queue.next();
        int position = user.beginRequest(queue, slot);
        if (operation == SendOperation.LOCAL_INVALIDATE) {
            int stag = queue.invalidateStag(slot);
            FailedCheck failed = Invalidation.local(user, stag);
            if (failed != null) {
                fail(slot, position, failed, "the local invalidate was refused: ", stag, 0, 0);
                return;
            }
        } else if (!expose(slot, position)) {
            return;
        }
        user.completionOrder().done(position, WorkCompletionStatus.SUCCESS, 0, null);
        queue.done(slot);
        ended();
    }

    private void ended() {
        endedSome = true;
        user.deliverSendCompletions();
    }

    /**
     * Registers or binds what the request in {@code slot} was prepared with, if anything.
     *
     * @return false if that failed: so has the request, and nothing of it may be sent
     */
    boolean expose(int slot, int position) {
        PreparedAccess prepared = user.sendQueue().prepared(slot);
        if (prepared == null) {
            return true;
        }
        end.releasePin();
        boolean registers = prepared instanceof PreparedRegistration;
        FailedCheck failed = registers ? register((PreparedRegistration) prepared) : bind((PreparedBinding) prepared);
        if (failed == null) {
            return true;
        }
        fail(
                slot,
                position,
                failed,
                registers ? "the fast registration was refused: " : "the binding of the window was refused: ",
                prepared.stag(),
                prepared.startAddress(),
                prepared.lengthOctets());
        return false;
    }

    private FailedCheck register(PreparedRegistration prepared) {
        if (!user.fastRegisterAllowed()) {
            return FailedCheck.FAST_REGISTER_NOT_ENABLED;
        }
        FailedCheck failed = user.memory().fastRegister(prepared, user.protectionDomain());
        StackEvents events = user.events();
        if (failed == null && events != null) {
            events.onFastRegistered(user.deviceName(), user.number(), prepared.stag(), prepared.lengthOctets());
        }
        return failed;
    }

    private FailedCheck bind(PreparedBinding prepared) {
        if (!user.windowBindAllowed()) {
            return FailedCheck.BIND_NOT_ENABLED;
        }
        MemoryTranslationProtectionTable memory = user.memory();
        FailedCheck failed = memory.bind(prepared, user.protectionDomain(), user, user.number());
        StackEvents events = user.events();
        if (failed == null && events != null) {
            events.onWindowBound(
                    user.deviceName(), user.number(), prepared.stag(), prepared.regionStag(), prepared.lengthOctets());
        }
        return failed;
    }

    private void fail(
            int slot, int position, FailedCheck failed, String what, int stag, long address, long lengthOctets) {
        FailureCause.Builder about = FailureCause.of(FailureCause.End.LOCAL, failed)
                .detail(what + failed.words())
                .target(stag, address, lengthOctets);
        WorkCompletionStatus status = Refusals.localMemory(failed);
        if (user.registrationFailurePolicy() == RegistrationFailurePolicy.ANTICIPATORY) {
            source.failRequest(slot, position, status, about);
            return;
        }
        SendQueue queue = user.sendQueue();
        long id = queue.id(slot);
        FailureCause cause = about.startedBy(null, id).build();
        user.completionOrder().contained(position, status, cause);
        queue.done(slot);
        drain.begin(cause, id);
        ended();
    }
}
