package io.verbena.rdmap;

import io.verbena.ddp.DdpSegment;
import io.verbena.memory.StagingBuffer;
import io.verbena.mpa.MpaError;
import io.verbena.queuepair.QueuePairEvent;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * How an {@link RdmapStream} <em>ends</em> (RFC 5040 sections 5.4 and 6.2, state machines 5):
 *
 * <ul>
 *   <li>in order: nothing is outstanding, FIN each way
 *   <li>with a Terminate of ours: output stops at a segment boundary, the Terminate goes out, FIN; what still arrives is
 *       dropped until the peer's FIN, a reset, or the close timer. Closing with unread input would make TCP send a reset
 *       that can overtake the Terminate
 *   <li>with the peer's Terminate: no answer, FIN
 *   <li>by reset: abort, loss, or when the segment under way cannot be finished
 * </ul>
 *
 * <p>The first error wins; what follows it is not looked at (RFC 5041 section 7.1).
 *
 * <p>Thread rule: the stream's loop.
 */
final class StreamEnd {
    /**
     * Octets that are read and dropped behind a Terminate. An honest peer sends on until it has worked through what lies before
     * the Terminate, which is up to a full buffer of TCP at either end: this is several times as much.
     */
    static final long MAX_DROPPED_OCTETS = 48L << 20;

    /** How far the stream has come. */
    private enum Phase {
        OPERATION,
        CLOSING,
        TERMINATING,
        ENDED
    }

    private final RdmapStream stream;
    private final RdmapUser user;
    private final ByteStream bytes;
    private final StreamModes modes;

    private Phase phase = Phase.OPERATION;
    private boolean finSent;
    private boolean finReceived;
    private boolean finPending;
    private FailureCause failure;
    private boolean eventRaised;
    private long droppedOctets;
    private EventLoop.Timer closeTimer;

    StreamEnd(RdmapStream stream, RdmapUser user, ByteStream bytes, StreamModes modes) {
        this.stream = stream;
        this.user = user;
        this.bytes = bytes;
        this.modes = modes;
    }

    /** Returns whether the stream is in Full Operation: messages go out, and what arrives is looked at. */
    boolean inOperation() {
        return phase == Phase.OPERATION;
    }

    /** Lets go of the pin that was kept from one message to the next: what comes now may wait for pins. */
    void releasePin() {
        stream.releasePin();
    }

    /** Returns whether inbound segments are processed. */
    boolean takesSegments() {
        if (phase == Phase.CLOSING) {
            failClose();
        }
        return phase == Phase.OPERATION;
    }

    /** State machines T13: anything that arrives while closing in order makes the close fail, good or bad. */
    private FailureCause failClose() {
        return failByReset(FailureCause.of(FailureCause.End.LOCAL, FailedCheck.BUSY_WHILE_CLOSING)
                .detail("a message arrived while the connection was being closed"));
    }

    // ---- ends in order ----

    /**
     * Closes in order: nothing is outstanding (state machines T5). The queue pair is in Closing.
     *
     * @param cause why, for receives that are flushed
     */
    void close(FailureCause cause) {
        if (phase != Phase.OPERATION) {
            return;
        }
        failure = cause;
        phase = Phase.CLOSING;
        startCloseTimer();
        sendFin();
        endIfBothClosed();
    }

    /** The output has run dry; a FIN or an orderly close may be waiting for that. */
    void onOutputIdle() {
        if (finPending && stream.outbound().idle()) {
            sendFin();
            endIfBothClosed();
        } else if (phase == Phase.OPERATION) {
            user.onDrained();
        }
    }

    private void sendFin() {
        if (finSent) {
            return;
        }
        if (phase == Phase.CLOSING && !stream.outbound().idle()) {
            finPending = true;
            return;
        }
        finPending = false;
        finSent = true;
        bytes.shutdownOutput();
    }

    private void endIfBothClosed() {
        if (finSent && finReceived) {
            end(QueuePairEvent.LLP_CLOSED);
        }
    }

    void onEndOfStream() {
        finReceived = true;
        switch (phase) {
            case OPERATION -> onPeerClosed();
            case CLOSING -> {
                if (stream.betweenFpdus() && !stream.insideMessage()) {
                    endIfBothClosed();
                } else {
                    failClose();
                }
            }
            case TERMINATING -> endIfBothClosed();
            case ENDED -> {
                // The socket is closed already.
            }
        }
    }

    private void onPeerClosed() {
        if (!stream.betweenFpdus() || stream.insideMessage()) {
            // FIN inside an FPDU or a message is a loss, not a close (state machines 5.1, X9).
            failByReset(FailureCause.of(FailureCause.End.LOCAL, FailedCheck.CONNECTION_LOST)
                    .detail("the peer closed the connection in the middle of "
                            + (stream.betweenFpdus() ? "a message" : "an FPDU")));
            return;
        }
        if (stream.drained()) {
            failure = FailureCause.of(FailureCause.End.REMOTE, FailedCheck.REMOTE_CLOSE)
                    .build();
            phase = Phase.CLOSING;
            user.onStreamEvent(QueuePairEvent.PEER_FIN, failure);
            if (phase == Phase.ENDED) {
                // Flushing the receives overran their completion queue.
                return;
            }
            startCloseTimer();
            sendFin();
            endIfBothClosed();
            return;
        }
        FailureCause.Builder about = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.CLOSED_WHILE_BUSY);
        if (stream.outbound().isHeld()) {
            failByReset(about);
            return;
        }
        terminate(
                TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM,
                about,
                QueuePairEvent.PEER_FIN_WHILE_BUSY,
                AsyncEvent.Kind.BAD_PEER_CLOSE);
    }

    // ---- ends with a Terminate ----

    /**
     * Ends the stream because of an inbound segment: the peer broke a rule.
     *
     * @param reason what the Terminate says
     * @param about the cause, to which the Terminate is added
     * @param offending the message, or null if its opcode is not known
     * @param segment the segment, or null if none is to be returned
     * @return the cause
     */
    FailureCause refuse(TerminateReason reason, FailureCause.Builder about, RdmapOpcode offending, DdpSegment segment) {
        return refuse(
                reason, about, offending, segment, Refusals.event(about.build().check()));
    }

    /** Does what {@link #refuse} does, without an event: the completion of the receive that was hit tells (VRB-AE-03). */
    FailureCause refuseMessage(
            TerminateReason reason, FailureCause.Builder about, RdmapOpcode offending, DdpSegment segment) {
        return refuse(reason, about, offending, segment, null);
    }

    private FailureCause refuse(
            TerminateReason reason,
            FailureCause.Builder about,
            RdmapOpcode offending,
            DdpSegment segment,
            AsyncEvent.Kind kind) {
        if (phase == Phase.CLOSING) {
            return failClose();
        }
        if (!stream.heardFromPeer() && !modes.initiator() && segment == null) {
            // MPA found nothing of the peer good, so nothing may be sent, not even a Terminate (state machines X6).
            return failByReset(about);
        }
        ByteBuffer message = segment == null
                ? Terminates.plain(reason)
                : Terminates.refusing(reason, offending, segment, stream.readRequestOctets());
        FailureCause cause = terminate(reason, message, about, QueuePairEvent.INBOUND_ERROR, kind);
        // MPA found the FPDU good, so the fence falls, whatever DDP says of its segment (state machines 3.2, R3).
        stream.outbound().release();
        return cause;
    }

    /** Ends the stream because a Response cannot be made: its source was withdrawn (RFC 5040 section 4.8). */
    void refuseReadSource(InboundReadQueue reads, int at, long answered, FailedCheck failed) {
        if (phase != Phase.OPERATION) {
            return;
        }
        TerminateReason reason = Refusals.readSource(failed);
        terminate(
                reason,
                Terminates.unanswered(reason, reads, at, answered),
                FailureCause.of(FailureCause.End.LOCAL, failed)
                        .target(reads.sourceStag(at), reads.sourceAddress(at) + answered, reads.octets(at) - answered),
                QueuePairEvent.INBOUND_ERROR,
                Refusals.event(failed));
    }

    /** Ends the stream because an atomic operation that was asked for cannot be performed any more: its target was withdrawn. */
    void refuseAtomicTarget(InboundReadQueue requests, int at, FailedCheck failed) {
        if (phase != Phase.OPERATION) {
            return;
        }
        TerminateReason reason = Refusals.atomicTarget(failed);
        terminate(
                reason,
                Terminates.unperformed(reason, requests, at),
                FailureCause.of(FailureCause.End.LOCAL, failed)
                        .target(requests.sourceStag(at), requests.sourceAddress(at), requests.octets(at))
                        .right(AccessFlag.REMOTE_ATOMIC),
                QueuePairEvent.INBOUND_ERROR,
                Refusals.event(failed));
    }

    /**
     * Ends the stream because a request of this end failed; its completion tells, so no event does (VRB-AE-03).
     *
     * @param id the request's id
     * @return the cause
     */
    FailureCause failRequest(FailureCause.Builder about, long id) {
        about.startedBy(null, id);
        return terminate(TerminateReason.RDMAP_LOCAL_CATASTROPHIC, about, QueuePairEvent.REQUEST_FAILED, null);
    }

    /** Ends the stream because of something in this end that no request and no segment is to blame for. */
    FailureCause failInternally(FailureCause.Builder about) {
        FailedCheck check = about.build().check();
        if (stream.outbound().isHeld() || phase == Phase.CLOSING) {
            return failByReset(about);
        }
        return terminate(
                TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM,
                about,
                QueuePairEvent.LOCAL_ERROR,
                Refusals.event(check));
    }

    /**
     * Ends the stream because a staging buffer was to be used that is not the queue pair's any more, or not for that
     * (SYS-POOL-03): with a Terminate that says so, if one can be sent.
     *
     * @param betweenFpdus whether output stands between two FPDUs
     */
    void onBufferRefused(StagingBuffer buffer, boolean betweenFpdus) {
        releasePin();
        buffer.onRefused();
        FailureCause.Builder about = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.STAGING_BUFFER)
                .detail("queue pair " + user.number() + " was to use a staging buffer that is " + buffer.holder());
        boolean resets =
                !betweenFpdus || phase == Phase.CLOSING || stream.outbound().isHeld();
        FailureCause cause = resets
                ? failByReset(about)
                : terminate(
                        TerminateReason.RDMAP_LOCAL_CATASTROPHIC,
                        about,
                        QueuePairEvent.LOCAL_ERROR,
                        Refusals.event(FailedCheck.STAGING_BUFFER));
        StackEvents events = user.events();
        if (events != null) {
            events.onBufferRefused(user.deviceName(), user.number(), cause);
        }
    }

    /** Ends the stream with a Terminate because the application wants it (state machines T11). */
    void terminate(FailureCause.Builder about) {
        if (stream.outbound().isHeld()) {
            abort(about.build());
            return;
        }
        terminate(TerminateReason.RDMAP_LOCAL_CATASTROPHIC, about, QueuePairEvent.MODIFY_TERMINATE, null);
    }

    private FailureCause terminate(
            TerminateReason reason, FailureCause.Builder about, QueuePairEvent event, AsyncEvent.Kind kind) {
        return terminate(reason, Terminates.plain(reason), about, event, kind);
    }

    private FailureCause terminate(
            TerminateReason reason,
            ByteBuffer message,
            FailureCause.Builder about,
            QueuePairEvent event,
            AsyncEvent.Kind kind) {
        releasePin();
        if (phase != Phase.OPERATION) {
            return failure == null ? about.build() : failure;
        }
        TerminateInformation information = Terminates.sent(reason, message);
        failure = about.terminate(information).build();
        phase = Phase.TERMINATING;
        stream.silence();
        user.onTerminate(information);
        user.onStreamEvent(event, failure);
        if (kind != null) {
            raise(kind);
        }
        startCloseTimer();
        stream.outbound().terminate(message);
        stream.outbound().pump();
        return failure;
    }

    /** The Terminate is with the transport. */
    void onTerminateSent() {
        sendFin();
        endIfBothClosed();
    }

    /** The peer has ended the stream (state machines T12): stop, no answer, FIN. */
    void onTerminateReceived(TerminateMessage message, ByteBuffer octets) {
        releasePin();
        TerminateInformation information = Terminates.received(message, octets);
        FailureCause.Builder about = FailureCause.of(FailureCause.End.REMOTE, FailedCheck.REMOTE_TERMINATE)
                .terminate(information);
        Terminates.nameTarget(about, message, octets);
        NamedRequest named = new NamedRequest(user, stream.ownReadQueue(), message, octets);
        named.describe(about);
        failure = about.build();
        phase = Phase.TERMINATING;
        stream.silence();
        stream.outbound().stop();
        user.onTerminate(information);
        named.fail(failure);
        user.onStreamEvent(QueuePairEvent.TERMINATE_RECEIVED, failure);
        raise(AsyncEvent.Kind.TERMINATE_RECEIVED);
        startCloseTimer();
        sendFin();
        endIfBothClosed();
    }

    void onFramingError(MpaError error) {
        if (phase == Phase.CLOSING) {
            failClose();
            return;
        }
        FailedCheck check = switch (error) {
            case CRC_MISMATCH -> FailedCheck.CRC;
            case MARKER_MISMATCH -> FailedCheck.MARKER;
            default -> FailedCheck.INTERNAL;
        };
        FailureCause cause = check == FailedCheck.INTERNAL
                ? failInternally(FailureCause.of(FailureCause.End.LOCAL, check)
                        .detail("no staging memory is left for an FPDU that arrived in part"))
                : refuse(TerminateReason.of(error), FailureCause.of(FailureCause.End.LOCAL, check), null, null);
        StackEvents events = user.events();
        if (events != null) {
            events.onFpduRejected(user.deviceName(), user.number(), cause);
        }
    }

    // ---- ends by reset ----

    /** Breaks the connection: it cannot end in a better way. */
    FailureCause failByReset(FailureCause.Builder about) {
        if (phase == Phase.ENDED) {
            return failure;
        }
        if (phase != Phase.TERMINATING) {
            // In Terminate the first error has been told of already.
            failure = about.build();
            raise(Refusals.event(failure.check()));
        }
        bytes.reset();
        end(QueuePairEvent.LLP_FAILED);
        return failure;
    }

    /** Breaks the connection because of something that a completion tells already. */
    void reset(FailureCause cause) {
        if (phase != Phase.ENDED) {
            if (phase != Phase.TERMINATING) {
                failure = cause;
            }
            bytes.reset();
            end(QueuePairEvent.LLP_FAILED);
        }
    }

    private void raise(AsyncEvent.Kind kind) {
        releasePin();
        eventRaised = true;
        user.raise(kind, failure);
    }

    /** Aborts: the application wants the connection broken (state machines T15). */
    void abort(FailureCause cause) {
        if (phase != Phase.ENDED) {
            if (failure == null) {
                failure = cause;
            }
            bytes.reset();
            end(QueuePairEvent.ABORT);
        }
    }

    void onFailed(StreamError error, Throwable exception) {
        if (phase == Phase.ENDED) {
            return;
        }
        boolean unexpected = phase == Phase.OPERATION || phase == Phase.CLOSING;
        if (unexpected) {
            FailedCheck check = error == StreamError.RESET ? FailedCheck.CONNECTION_RESET : FailedCheck.CONNECTION_LOST;
            failure = FailureCause.of(FailureCause.End.LOCAL, check)
                    .exception(exception)
                    .build();
            raise(Refusals.event(check));
        } else if (!eventRaised) {
            raise(AsyncEvent.Kind.BAD_CLOSE);
        }
        end(QueuePairEvent.LLP_FAILED);
    }

    void onStalled() {
        if (phase == Phase.OPERATION) {
            failByReset(FailureCause.of(FailureCause.End.LOCAL, FailedCheck.CONNECTION_LOST)
                    .detail("the peer stopped in the middle of an FPDU for " + StallWatch.TIMEOUT_NS / 1_000_000_000L
                            + " seconds"));
        }
    }

    /** So many octets have arrived, and were dropped if a Terminate went before them. */
    void onOctets(int octets) {
        if (phase == Phase.TERMINATING) {
            droppedOctets += octets;
            if (droppedOctets > MAX_DROPPED_OCTETS) {
                // Whoever had these on their way has had the Terminate by now.
                onCloseTimer();
            }
        }
    }

    private void startCloseTimer() {
        if (closeTimer == null) {
            closeTimer = bytes.loop().schedule(modes.closeTimeoutNs(), this::onCloseTimer);
        }
    }

    private void onCloseTimer() {
        if (phase == Phase.ENDED) {
            return;
        }
        if (phase == Phase.CLOSING) {
            failure = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.BUSY_WHILE_CLOSING)
                    .detail("the peer did not close its side in time")
                    .build();
            raise(AsyncEvent.Kind.BAD_CLOSE);
        } else if (!eventRaised) {
            // State machines T18: behind a Terminate that no event told of, this one says that it may not have arrived.
            raise(AsyncEvent.Kind.BAD_CLOSE);
        }
        bytes.reset();
        end(QueuePairEvent.CLOSE_TIMEOUT);
    }

    private void end(QueuePairEvent event) {
        releasePin();
        phase = Phase.ENDED;
        if (closeTimer != null) {
            closeTimer.cancel();
        }
        stream.stop();
        bytes.close();
        user.onStreamEnded(event, failure);
    }
}
