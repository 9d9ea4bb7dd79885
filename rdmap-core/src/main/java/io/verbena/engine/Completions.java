package io.verbena.engine;

import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.ReceiveQueue;
import io.verbena.queue.ReceiveSource;
import io.verbena.queue.SendQueue;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.rdmap.CompletionOrder;
import io.verbena.transport.EventLoop;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;
import java.util.function.Consumer;

/**
 * Hands the completions of a queue pair to its two completion queues: those of the send queue in the order of posting
 * (RFC 5040 section 5.5), those of receives as they come.
 *
 * <p>A completion queue that is full loses the completion (VRB-CQ-04). That is told once for each connection: the first one
 * ends it, and the flush that follows would only overrun the same queue again.
 *
 * <p>Thread rule: the home loop of the queue pair. Allocates nothing.
 */
final class Completions {
    private final EngineContext context;
    private final int number;
    private final boolean signalAll;
    private final ReceiveQueue receiveQueue;
    private final ReceiveAccount sharedReceives;
    private final SoftCompletionQueue ofSends;
    private final SoftCompletionQueue ofReceives;
    private final Consumer<SoftCompletionQueue> onOverflow;
    private final CompletionOrder order;
    private final CompletionOrder.Sink sink = this::completeSend;

    private EventLoop feeder;
    private boolean overflowed;
    private boolean silent;

    /**
     * Makes the completions of a new queue pair.
     *
     * @param receiveQueue its own, or null
     * @param sharedReceives its part in a shared receive queue if it has no own one
     * @param onOverflow hears which completion queue was full, once for each connection
     */
    Completions(
            EngineContext context,
            int number,
            QueuePairOptions options,
            ReceiveQueue receiveQueue,
            ReceiveAccount sharedReceives,
            SoftCompletionQueue ofSends,
            SoftCompletionQueue ofReceives,
            Consumer<SoftCompletionQueue> onOverflow) {
        this.context = context;
        this.number = number;
        this.receiveQueue = receiveQueue;
        this.sharedReceives = sharedReceives;
        this.ofSends = ofSends;
        this.ofReceives = ofReceives;
        this.onOverflow = onOverflow;
        signalAll = options.signalAll();
        order = new CompletionOrder(options.sendDepth());
    }

    /** A connection begins, on {@code loop}: until {@link #onStreamEnded} completions come from there. */
    void onBound(EventLoop loop) {
        onStreamEnded();
        feeder = loop;
        ofSends.fedBy(loop);
        ofReceives.fedBy(loop);
    }

    /** The connection has ended, if there was one. */
    void onStreamEnded() {
        if (feeder != null) {
            ofSends.noLongerFedBy(feeder);
            ofReceives.noLongerFedBy(feeder);
            feeder = null;
        }
    }

    /** Returns the completion order of the send queue. */
    CompletionOrder order() {
        return order;
    }

    /** Takes a request of the send queue into the completion order and returns its position there. */
    int begin(SendQueue queue, int slot) {
        SendOperation operation = queue.operation(slot);
        return order.begin(queue.id(slot), completed(operation), signalAll || queue.signaled(slot));
    }

    private static CompletedOperation completed(SendOperation operation) {
        return switch (operation) {
            case SEND, SEND_SOLICITED, SEND_INVALIDATE, SEND_SOLICITED_INVALIDATE -> CompletedOperation.SEND;
            case WRITE -> CompletedOperation.WRITE;
            case READ, READ_LOCAL_INVALIDATE -> CompletedOperation.READ;
            case IMMEDIATE, IMMEDIATE_SOLICITED -> CompletedOperation.IMMEDIATE;
            case FETCH_ADD -> CompletedOperation.FETCH_ADD;
            case COMPARE_SWAP -> CompletedOperation.COMPARE_SWAP;
            case FAST_REGISTER -> CompletedOperation.FAST_REGISTER;
            case BIND_WINDOW -> CompletedOperation.BIND_WINDOW;
            case LOCAL_INVALIDATE -> CompletedOperation.LOCAL_INVALIDATE;
        };
    }

    /** Hands out what has become due in the completion order. */
    void deliverSends() {
        order.drain(sink);
    }

    private void completeSend(
            long id,
            CompletedOperation operation,
            WorkCompletionStatus status,
            boolean shown,
            long octets,
            FailureCause cause) {
        if (silent) {
            return;
        }
        tell(operation, status, id, octets);
        if (shown) {
            require(ofSends.add(id, status, operation, number, octets, false, false, 0, cause), ofSends);
        }
    }

    /**
     * Completes the receive in {@code slot} and frees the slot; that of a shared receive queue stays held until it is given
     * back, after its completion was consumed.
     */
    void completeReceive(
            int slot,
            WorkCompletionStatus status,
            long octets,
            boolean solicited,
            boolean invalidated,
            int invalidatedStag,
            FailureCause cause) {
        long id = source().id(slot);
        long handle = finish(slot);
        if (silent) {
            return;
        }
        tell(CompletedOperation.RECEIVE, status, id, octets);
        requireReceive(
                ofReceives.addReceive(
                        id,
                        status,
                        CompletedOperation.RECEIVE,
                        number,
                        octets,
                        solicited,
                        invalidated,
                        invalidatedStag,
                        cause,
                        sharedReceives,
                        handle,
                        false),
                handle);
    }

    /** Completes a receive of a shared receive queue whose message goes on in the next one that is completed. */
    void completePart(int slot, WorkCompletionStatus status, long octets, FailureCause cause) {
        long id = sharedReceives.id(slot);
        long handle = sharedReceives.handle(slot);
        if (silent) {
            return;
        }
        tell(CompletedOperation.RECEIVE, status, id, octets);
        requireReceive(
                ofReceives.addReceive(
                        id,
                        status,
                        CompletedOperation.RECEIVE,
                        number,
                        octets,
                        false,
                        false,
                        0,
                        cause,
                        sharedReceives,
                        handle,
                        true),
                handle);
    }

    /** Completes the receive in {@code slot}, which Immediate Data has used up, and frees the slot. */
    void completeImmediate(int slot, long immediateData, boolean solicited) {
        long id = source().id(slot);
        long handle = finish(slot);
        if (silent) {
            return;
        }
        tell(CompletedOperation.RECEIVE, WorkCompletionStatus.SUCCESS, id, 0);
        requireReceive(ofReceives.addImmediate(id, number, immediateData, solicited, sharedReceives, handle), handle);
    }

    private ReceiveSource source() {
        return sharedReceives == null ? receiveQueue : sharedReceives;
    }

    /** Frees a slot of an own queue; returns what names a receive of a shared one, which is held on. */
    private long finish(int slot) {
        if (sharedReceives != null) {
            return sharedReceives.handle(slot);
        }
        receiveQueue.done(slot);
        return 0;
    }

    private void requireReceive(boolean added, long handle) {
        if (!added && sharedReceives != null) {
            sharedReceives.release(handle);
        }
        require(added, ofReceives);
    }

    /** Begins a new connection: an overflow is told again. */
    void forgetOverflow() {
        overflowed = false;
    }

    /** From now on no completion of this queue pair appears any more: it is destroyed. */
    void silence() {
        silent = true;
    }

    private void tell(CompletedOperation operation, WorkCompletionStatus status, long id, long octets) {
        StackEvents events = context.events();
        if (events != null) {
            events.onCompletion(context.deviceName(), number, operation, status, id, octets);
        }
    }

    private void require(boolean added, SoftCompletionQueue queue) {
        if (!added && !overflowed) {
            overflowed = true;
            onOverflow.accept(queue);
        }
    }
}
