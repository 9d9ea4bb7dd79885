package io.verbena.verbs;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a queue pair is created with. Immutable; {@code with...} methods return changed copies.
 *
 * @param sendQueue gets the completions of the send queue
 * @param receiveQueue gets the completions of the receive queue; may be the same
 * @param sendDepth slots of the send queue
 * @param receiveDepth slots of the receive queue
 * @param maxSendElements scatter-gather elements of a Send or Write
 * @param maxReceiveElements scatter-gather elements of a receive
 * @param maxInlineOctets octets that a request may carry inline
 * @param inboundReadDepth inbound Reads that may be outstanding (IRD)
 * @param outboundReadDepth own Reads that may be outstanding (ORD)
 * @param remoteWriteAllowed whether inbound Writes are allowed at all
 * @param remoteReadAllowed whether inbound Reads are allowed at all
 * @param remoteAtomicAllowed whether inbound atomic operations are allowed at all
 * @param windowBindAllowed whether windows may be bound through the send queue
 * @param fastRegisterAllowed whether memory may be registered through the send queue
 * @param registrationFailurePolicy what a memory operation that fails does to the queue pair
 * @param remoteAccessPolicy through which entries the peer may reach memory
 * @param sharedReceiveQueue where its receives come from, or null: a receive queue of its own. With one, {@code receiveDepth} and
 *     {@code maxReceiveElements} are ignored and receives are posted there (VRB-SR-01)
 * @param receiveWeight its weight for {@link ReceiveLimits#weighted()}, 1 to {@value #MAX_RECEIVE_WEIGHT}
 * @param buffers buffers of the adapter's pool that it may have, or 0: {@link DeviceLimits#queuePairBuffers()}
 * @param inlineBuffers small buffers that it may have for inline data, or 0: {@link DeviceLimits#queuePairInlineBuffers()}
 * @param signalAll whether every send request is signaled whatever it says
 * @param missingReceive what becomes of a message that finds no receive posted
 * @param longestPause how long it may wait for one, with {@link MissingReceive#PAUSE}; above zero. A peer that has broken the
 *     connection meanwhile is noticed then at the latest
 */
public record QueuePairOptions(
        CompletionQueue sendQueue,
        CompletionQueue receiveQueue,
        int sendDepth,
        int receiveDepth,
        int maxSendElements,
        int maxReceiveElements,
        int maxInlineOctets,
        int inboundReadDepth,
        int outboundReadDepth,
        boolean remoteWriteAllowed,
        boolean remoteReadAllowed,
        boolean remoteAtomicAllowed,
        boolean windowBindAllowed,
        boolean fastRegisterAllowed,
        RegistrationFailurePolicy registrationFailurePolicy,
        RemoteAccessPolicy remoteAccessPolicy,
        SharedReceiveQueue sharedReceiveQueue,
        int receiveWeight,
        int buffers,
        int inlineBuffers,
        boolean signalAll,
        MissingReceive missingReceive,
        Duration longestPause) {
    /** The largest {@link #receiveWeight()}. */
    public static final int MAX_RECEIVE_WEIGHT = 1_000_000;

    /** Returns useful options with one completion queue for both directions: 128 slots each way, 16 Reads each way. */
    public static QueuePairOptions with(CompletionQueue both) {
        return with(both, both);
    }

    /** Returns useful options with a completion queue for each direction. */
    public static QueuePairOptions with(CompletionQueue sends, CompletionQueue receives) {
        return new QueuePairOptions(
                sends,
                receives,
                128,
                128,
                4,
                4,
                256,
                16,
                16,
                true,
                true,
                true,
                true,
                false,
                RegistrationFailurePolicy.ANTICIPATORY,
                RemoteAccessPolicy.REGIONS_AND_WINDOWS,
                null,
                1,
                0,
                0,
                false,
                MissingReceive.TERMINATE,
                Duration.ofSeconds(60));
    }

    /** Returns a copy with these depths. */
    public QueuePairOptions withDepths(int sends, int receives) {
        return with(change -> {
            change.sendDepth = sends;
            change.receiveDepth = receives;
        });
    }

    /** Returns a copy with these numbers of scatter-gather elements. */
    public QueuePairOptions withElements(int sends, int receives) {
        return with(change -> {
            change.maxSendElements = sends;
            change.maxReceiveElements = receives;
        });
    }

    /** Returns a copy with this inline limit. */
    public QueuePairOptions withMaxInlineOctets(int octets) {
        return with(change -> change.maxInlineOctets = octets);
    }

    /** Returns a copy with these Read depths (IRD, ORD). */
    public QueuePairOptions withReadDepths(int inbound, int outbound) {
        return with(change -> {
            change.inboundReadDepth = inbound;
            change.outboundReadDepth = outbound;
        });
    }

    /** Returns a copy that allows or refuses inbound Writes and Reads as a whole. */
    public QueuePairOptions withRemoteAccess(boolean write, boolean read) {
        return with(change -> {
            change.remoteWriteAllowed = write;
            change.remoteReadAllowed = read;
        });
    }

    /** Returns a copy that allows or refuses inbound atomic operations as a whole. */
    public QueuePairOptions withRemoteAtomics(boolean allowed) {
        return with(change -> change.remoteAtomicAllowed = allowed);
    }

    /** Returns a copy that allows or refuses binding windows through the send queue (on by default). */
    public QueuePairOptions withWindowBind(boolean allowed) {
        return with(change -> change.windowBindAllowed = allowed);
    }

    /** Returns a copy that allows or refuses fast registration (off by default). */
    public QueuePairOptions withFastRegister(boolean allowed) {
        return with(change -> change.fastRegisterAllowed = allowed);
    }

    /** Returns a copy with another answer to memory operations that fail. */
    public QueuePairOptions withRegistrationFailurePolicy(RegistrationFailurePolicy policy) {
        return with(change -> change.registrationFailurePolicy = policy);
    }

    /** Returns a copy that lets the peer reach memory through other entries. */
    public QueuePairOptions withRemoteAccessPolicy(RemoteAccessPolicy policy) {
        return with(change -> change.remoteAccessPolicy = policy);
    }

    /** Returns a copy whose receives come from {@code queue}, with a weight of 1. */
    public QueuePairOptions withSharedReceiveQueue(SharedReceiveQueue queue) {
        return withSharedReceiveQueue(queue, 1);
    }

    /** Returns a copy whose receives come from {@code queue}, with this weight. */
    public QueuePairOptions withSharedReceiveQueue(SharedReceiveQueue queue, int weight) {
        return with(change -> {
            change.sharedReceiveQueue = queue;
            change.receiveWeight = weight;
        });
    }

    /** Returns a copy with these quotas of the adapter's buffer pool; 0 takes the device's (SYS-POOL-02). */
    public QueuePairOptions withBufferQuota(int buffersAtMost, int inlineBuffersAtMost) {
        return with(change -> {
            change.buffers = buffersAtMost;
            change.inlineBuffers = inlineBuffersAtMost;
        });
    }

    /** Returns a copy that signals every send request. */
    public QueuePairOptions withSignalAll(boolean all) {
        return with(change -> change.signalAll = all);
    }

    /** Returns a copy with another answer to messages that find no receive. */
    public QueuePairOptions withMissingReceive(MissingReceive next) {
        return with(change -> change.missingReceive = next);
    }

    /** Returns a copy in which a message may wait so long for a receive. */
    public QueuePairOptions withLongestPause(Duration longest) {
        return with(change -> change.longestPause = longest);
    }

    private QueuePairOptions with(Consumer<Change> wish) {
        Change change = new Change(this);
        wish.accept(change);
        return new QueuePairOptions(
                sendQueue,
                receiveQueue,
                change.sendDepth,
                change.receiveDepth,
                change.maxSendElements,
                change.maxReceiveElements,
                change.maxInlineOctets,
                change.inboundReadDepth,
                change.outboundReadDepth,
                change.remoteWriteAllowed,
                change.remoteReadAllowed,
                change.remoteAtomicAllowed,
                change.windowBindAllowed,
                change.fastRegisterAllowed,
                change.registrationFailurePolicy,
                change.remoteAccessPolicy,
                change.sharedReceiveQueue,
                change.receiveWeight,
                change.buffers,
                change.inlineBuffers,
                change.signalAll,
                change.missingReceive,
                change.longestPause);
    }

    /** What a changed copy is made from. */
    private static final class Change {
        private int sendDepth;
        private int receiveDepth;
        private int maxSendElements;
        private int maxReceiveElements;
        private int maxInlineOctets;
        private int inboundReadDepth;
        private int outboundReadDepth;
        private boolean remoteWriteAllowed;
        private boolean remoteReadAllowed;
        private boolean remoteAtomicAllowed;
        private boolean windowBindAllowed;
        private boolean fastRegisterAllowed;
        private RegistrationFailurePolicy registrationFailurePolicy;
        private RemoteAccessPolicy remoteAccessPolicy;
        private SharedReceiveQueue sharedReceiveQueue;
        private int receiveWeight;
        private int buffers;
        private int inlineBuffers;
        private boolean signalAll;
        private MissingReceive missingReceive;
        private Duration longestPause;

        Change(QueuePairOptions from) {
            sendDepth = from.sendDepth;
            receiveDepth = from.receiveDepth;
            maxSendElements = from.maxSendElements;
            maxReceiveElements = from.maxReceiveElements;
            maxInlineOctets = from.maxInlineOctets;
            inboundReadDepth = from.inboundReadDepth;
            outboundReadDepth = from.outboundReadDepth;
            remoteWriteAllowed = from.remoteWriteAllowed;
            remoteReadAllowed = from.remoteReadAllowed;
            remoteAtomicAllowed = from.remoteAtomicAllowed;
            windowBindAllowed = from.windowBindAllowed;
            fastRegisterAllowed = from.fastRegisterAllowed;
            registrationFailurePolicy = from.registrationFailurePolicy;
            remoteAccessPolicy = from.remoteAccessPolicy;
            sharedReceiveQueue = from.sharedReceiveQueue;
            receiveWeight = from.receiveWeight;
            buffers = from.buffers;
            inlineBuffers = from.inlineBuffers;
            signalAll = from.signalAll;
            missingReceive = from.missingReceive;
            longestPause = from.longestPause;
        }
    }
}
