package io.verbena.engine;

import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.queue.InlineBuffers;
import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.ReceiveQueue;
import io.verbena.queue.ReceiveSource;
import io.verbena.queue.SendQueue;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.rdmap.AtomicUnit;
import io.verbena.rdmap.CompletionOrder;
import io.verbena.rdmap.RdmapUser;
import io.verbena.verbs.DeviceOptions.BufferGrant;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MissingReceive;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;

/**
 * What RDMAP asks of a queue pair: its queues, and what it and its device were created with. None of it changes.
 *
 * <p>Thread rule: as {@link QueuePairEngine}, which adds what changes.
 */
abstract class QueuePairFacts implements RdmapUser {
    final EngineContext context;
    final int number;
    final int protectionDomain;
    final QueuePairOptions options;
    final SendQueue sendQueue;

    /** Null if the receives are shared. */
    final ReceiveQueue receiveQueue;

    /** Its part in a shared receive queue, or null. */
    final ReceiveAccount sharedReceives;

    final Completions completions;

    QueuePairFacts(
            EngineContext context,
            int number,
            int protectionDomain,
            QueuePairOptions options,
            SoftCompletionQueue sendCompletions,
            SoftCompletionQueue receiveCompletions,
            ReceiveAccount sharedReceives) {
        this.context = context;
        this.number = number;
        this.protectionDomain = protectionDomain;
        this.options = options;
        this.sharedReceives = sharedReceives;
        BufferRules buffers = context.buffers();
        sendQueue = new SendQueue(
                options.sendDepth(),
                options.maxSendElements(),
                options.maxInlineOctets(),
                new InlineBuffers(buffers.pool(), number, buffers.inlineBuffersOf(options)));
        receiveQueue =
                sharedReceives == null ? new ReceiveQueue(options.receiveDepth(), options.maxReceiveElements()) : null;
        completions = new Completions(
                context,
                number,
                options,
                receiveQueue,
                sharedReceives,
                sendCompletions,
                receiveCompletions,
                this::onOverflow);
    }

    /** A completion of this queue pair found {@code queue} full. */
    abstract void onOverflow(SoftCompletionQueue queue);

    /** Returns what it was created with. */
    public QueuePairOptions options() {
        return options;
    }

    @Override
    public String deviceName() {
        return context.deviceName();
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public int protectionDomain() {
        return protectionDomain;
    }

    @Override
    public RemoteAccessPolicy remoteAccessPolicy() {
        return options.remoteAccessPolicy();
    }

    @Override
    public MemoryTranslationProtectionTable memory() {
        return context.memory();
    }

    @Override
    public AtomicUnit atomicUnit() {
        return context.atomicUnit();
    }

    @Override
    public SendQueue sendQueue() {
        return sendQueue;
    }

    @Override
    public ReceiveSource receiveQueue() {
        return receiveQueue == null ? sharedReceives : receiveQueue;
    }

    @Override
    public ReceiveAccount sharedReceives() {
        return sharedReceives;
    }

    @Override
    public boolean pausesWithoutReceive() {
        return options.missingReceive() == MissingReceive.PAUSE;
    }

    @Override
    public long longestPauseNs() {
        return options.longestPause().toNanos();
    }

    @Override
    public CompletionOrder completionOrder() {
        return completions.order();
    }

    @Override
    public int maxElements() {
        return Math.max(
                options.maxSendElements(),
                sharedReceives == null
                        ? options.maxReceiveElements()
                        : sharedReceives.queue().maxElements());
    }

    @Override
    public int bufferQuota() {
        return context.buffers().buffersOf(options);
    }

    @Override
    public BufferGrant bufferGrant() {
        return context.buffers().grant();
    }

    @Override
    public boolean remoteWriteAllowed() {
        return options.remoteWriteAllowed();
    }

    @Override
    public boolean remoteReadAllowed() {
        return options.remoteReadAllowed();
    }

    @Override
    public boolean remoteAtomicAllowed() {
        return options.remoteAtomicAllowed();
    }

    @Override
    public boolean remoteAccessAllowed() {
        return options.remoteWriteAllowed() || options.remoteReadAllowed() || options.remoteAtomicAllowed();
    }

    @Override
    public boolean fastRegisterAllowed() {
        return options.fastRegisterAllowed();
    }

    @Override
    public boolean windowBindAllowed() {
        return options.windowBindAllowed();
    }

    @Override
    public RegistrationFailurePolicy registrationFailurePolicy() {
        return options.registrationFailurePolicy();
    }

    @Override
    public StackEvents events() {
        return context.events();
    }

    @Override
    public int beginRequest(SendQueue queue, int slot) {
        return completions.begin(queue, slot);
    }

    @Override
    public void deliverSendCompletions() {
        completions.deliverSends();
    }

    @Override
    public void completeReceive(
            int slot,
            WorkCompletionStatus status,
            long octets,
            boolean solicited,
            boolean invalidated,
            int invalidatedStag,
            FailureCause cause) {
        completions.completeReceive(slot, status, octets, solicited, invalidated, invalidatedStag, cause);
    }

    @Override
    public void completePart(int slot, WorkCompletionStatus status, long octets, FailureCause cause) {
        completions.completePart(slot, status, octets, cause);
    }

    @Override
    public void completeImmediate(int slot, long immediateData, boolean solicited) {
        completions.completeImmediate(slot, immediateData, solicited);
    }
}
