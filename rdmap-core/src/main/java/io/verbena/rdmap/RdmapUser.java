package io.verbena.rdmap;

import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.memory.MemoryUser;
import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.ReceiveSource;
import io.verbena.queue.SendQueue;
import io.verbena.queuepair.QueuePairEvent;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.DeviceOptions.BufferGrant;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;

/**
 * The queue pair as RDMAP sees it: where work comes from, where outcomes go, and who keeps the state.
 *
 * <p>Thread rule: the stream's loop.
 */
public interface RdmapUser extends MemoryUser {
    /** Returns the device's name, for events. */
    String deviceName();

    /** Returns the queue pair's number. */
    int number();

    /** Returns the device's translation and protection table. */
    MemoryTranslationProtectionTable memory();

    /** Returns where the device's atomic operations are performed. */
    AtomicUnit atomicUnit();

    /** Returns the send queue. */
    SendQueue sendQueue();

    /** Returns where receives come from. */
    ReceiveSource receiveQueue();

    /** Returns the part in a shared receive queue that {@link #receiveQueue()} is, or null if it is a queue of its own. */
    ReceiveAccount sharedReceives();

    /** Returns whether a message that finds no receive waits for one; if not, it ends the stream. */
    boolean pausesWithoutReceive();

    /** Returns how long it may wait, in nanoseconds. */
    long longestPauseNs();

    /** Returns the completion order of the send queue. */
    CompletionOrder completionOrder();

    /** Returns the most scatter-gather elements a request of either queue can have. */
    int maxElements();

    /** Returns how many buffers of the adapter's pool the queue pair may have. */
    int bufferQuota();

    /** Returns when it gets one for an operation that needs several. */
    BufferGrant bufferGrant();

    /** Returns whether inbound Writes are allowed at all. */
    boolean remoteWriteAllowed();

    /** Returns whether inbound Reads are allowed at all. */
    boolean remoteReadAllowed();

    /** Returns whether inbound atomic operations are allowed at all. */
    boolean remoteAtomicAllowed();

    /** Returns whether inbound Writes, Reads or atomic operations are allowed: the peer may reach memory at all. */
    boolean remoteAccessAllowed();

    /** Returns whether memory may be registered through the send queue. */
    boolean fastRegisterAllowed();

    /** Returns whether windows may be bound through the send queue. */
    boolean windowBindAllowed();

    /** Returns what a request that fails to change memory does to the queue pair. */
    RegistrationFailurePolicy registrationFailurePolicy();

    /** Returns who listens to events, or null if nobody does. */
    StackEvents events();

    /** Takes a request of the send queue into the completion order and returns its position there. */
    int beginRequest(SendQueue queue, int slot);

    /** Hands the completions that have become due to the completion queue. */
    void deliverSendCompletions();

    /** Completes the receive in {@code slot} and frees the slot. */
    void completeReceive(
            int slot,
            WorkCompletionStatus status,
            long octets,
            boolean solicited,
            boolean invalidated,
            int invalidatedStag,
            FailureCause cause);

    /** Completes a receive of a shared receive queue whose message goes on in the next one that is completed. */
    void completePart(int slot, WorkCompletionStatus status, long octets, FailureCause cause);

    /** Completes the receive in {@code slot}, which Immediate Data has used up, and frees the slot. */
    void completeImmediate(int slot, long immediateData, boolean solicited);

    /** Moves the state machine; the first cause that ends the stream is kept. */
    void onStreamEvent(QueuePairEvent event, FailureCause cause);

    /** Remembers the Terminate that was sent or received, for queries. */
    void onTerminate(TerminateInformation terminate);

    /** Raises an asynchronous event about this queue pair. */
    void raise(AsyncEvent.Kind kind, FailureCause cause);

    /** The first FPDU of the peer was good (responder): the connection stands. */
    void onFirstSegment();

    /** Everything that was to be sent or answered is: a disconnect may go on. */
    void onDrained();

    /**
     * The stream is gone: its socket is closed.
     *
     * @param event how it ended: closed in order, failed, timed out, aborted
     */
    void onStreamEnded(QueuePairEvent event, FailureCause cause);
}
