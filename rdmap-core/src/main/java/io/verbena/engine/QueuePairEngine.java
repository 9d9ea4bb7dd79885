package io.verbena.engine;

import io.verbena.queue.Doorbell;
import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.ReceiveQueue;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.queuepair.QueuePairEvent;
import io.verbena.queuepair.QueuePairStates;
import io.verbena.queuepair.QueuePairTransition;
import io.verbena.rdmap.RdmapStream;
import io.verbena.rdmap.StreamModes;
import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.observe.StackEvents;
import java.util.concurrent.CompletableFuture;

/**
 * The engine of a queue pair: its queues, its state, and the stream while there is a connection.
 *
 * <p>It decides when; {@link Completions} hands out what has ended, and {@link Flush} ends what is left when the connection
 * is gone. A post that slips in while the state changes rings the doorbell, and the service flushes it.
 *
 * <p>Thread rule: posting and the snapshots from any thread; everything else on the <em>home loop</em>, which is the loop of
 * the connection while there is one. {@link #execute} gets there.
 */
public final class QueuePairEngine extends QueuePairFacts {
    private final Flush flush;
    private final Doorbell doorbell = new Doorbell(this::service);

    private volatile EventLoop home;
    private volatile QueuePairState state = QueuePairState.IDLE;
    private volatile boolean destroyed;

    /** Nothing runs on a loop for the queue pair any more. */
    private volatile boolean gone;

    private final Object latePosts = new Object();
    private volatile RdmapStream stream;
    private volatile FailureCause failure;
    private volatile TerminateInformation terminate;
    private volatile int inboundReadDepth;
    private volatile int outboundReadDepth;

    /** What the application has lowered ORD to: no connection gets more. */
    private volatile int mostOutboundReads;

    private StreamWatcher watcher;
    private CompletableFuture<Boolean> disconnecting;

    /**
     * Creates the engine in Idle.
     *
     * @param sharedReceives its part in a shared receive queue, or null: it gets a receive queue of its own
     * @param firstHome its loop until a connection brings another
     */
    public QueuePairEngine(
            EngineContext context,
            int number,
            int protectionDomain,
            QueuePairOptions options,
            SoftCompletionQueue sendCompletions,
            SoftCompletionQueue receiveCompletions,
            ReceiveAccount sharedReceives,
            EventLoop firstHome) {
        super(context, number, protectionDomain, options, sendCompletions, receiveCompletions, sharedReceives);
        if (sharedReceives != null) {
            sharedReceives.onReceive(this::ring);
        }
        flush = new Flush(sendQueue, receiveQueue, completions);
        inboundReadDepth = options.inboundReadDepth();
        outboundReadDepth = options.outboundReadDepth();
        mostOutboundReads = outboundReadDepth;
        home = firstHome;
        doorbell.bind(firstHome);
    }

    // ---- any thread ----

    /** Posts a request that was checked already; does not ring. */
    public PostResult postSend(SendRequest borrowed) {
        PostResult refused = refusal();
        if (refused != null) {
            return refused;
        }
        PostResult result = sendQueue.post(borrowed);
        if (result == PostResult.NO_BUFFER && context.events() != null) {
            context.events().onInlineRefused(context.deviceName(), number);
        }
        return result;
    }

    /** Tells the engine of posts. */
    public void ring() {
        doorbell.ring();
        if (gone) {
            // The doorbell's full fence stands between the post and this look.
            forgetLatePosts();
        }
    }

    /**
     * Frees the slots of requests that slipped in while the queue pair was destroyed: no loop looks for them any more. Nobody
     * is told, as of all that happens then.
     */
    private void forgetLatePosts() {
        synchronized (latePosts) {
            for (int slot = sendQueue.next(); slot >= 0; slot = sendQueue.next()) {
                sendQueue.done(slot);
            }
        }
    }

    /** Posts a receive. */
    public PostResult postReceive(ReceiveRequest borrowed) {
        PostResult refused = refusal();
        if (refused != null) {
            return refused;
        }
        PostResult result = ownReceiveQueue().post(borrowed);
        if (result == PostResult.POSTED && (refusal() != null || (pausesWithoutReceive() && receiveQueue.awaited()))) {
            // The state changed meanwhile, and the flush may have missed it; or a message waits for it.
            doorbell.ring();
        }
        return result;
    }

    /**
     * Returns the receive queue.
     *
     * @throws IllegalStateException if the receives are shared (VRB-SR-01)
     */
    public ReceiveQueue ownReceiveQueue() {
        if (receiveQueue == null) {
            throw new IllegalStateException("queue pair " + number
                    + " has no receive queue of its own: its receives come from " + sharedReceives.queue());
        }
        return receiveQueue;
    }

    private PostResult refusal() {
        if (destroyed) {
            return PostResult.DESTROYED;
        }
        QueuePairState now = state;
        return now == QueuePairState.IDLE || now == QueuePairState.RTS ? null : PostResult.WRONG_STATE;
    }

    /** Returns the state. */
    public QueuePairState state() {
        return state;
    }

    /** Returns why the queue pair left RTS, or null. */
    public FailureCause failure() {
        return failure;
    }

    /** Returns the Terminate sent or received since the last Idle, or null. */
    public TerminateInformation terminate() {
        return terminate;
    }

    /** Returns the stream in place, or null. */
    public RdmapStream stream() {
        return stream;
    }

    /** Returns whether a message waits for a receive. Any thread; a snapshot. */
    public boolean waitsForReceive() {
        RdmapStream now = stream;
        return now != null && now.waitsForReceive();
    }

    /** Returns IRD in force. */
    public int inboundReadDepth() {
        return inboundReadDepth;
    }

    /** Returns ORD in force. */
    public int outboundReadDepth() {
        return outboundReadDepth;
    }

    /** Returns the most that ORD may be on any connection. Any thread. */
    public int mostOutboundReads() {
        return mostOutboundReads;
    }

    /** Returns the loop that owns the engine now. */
    public EventLoop home() {
        return home;
    }

    /** Runs {@code task} on the home loop, following the engine if it moves meanwhile. */
    public void execute(Runnable task) {
        EventLoop loop = home;
        loop.execute(() -> {
            if (home == loop) {
                task.run();
            } else {
                execute(task);
            }
        });
    }

    // ---- connections; home loop ----

    /**
     * Binds a connection whose startup is done and enters RTS. Called on the loop of {@code bytes}, which becomes home.
     *
     * @return the stream, which is to be started, or null if the queue pair is not in Idle any more
     */
    public RdmapStream bind(ByteStream bytes, StreamModes modes, StreamWatcher streamWatcher) {
        if (destroyed || state != QueuePairState.IDLE) {
            return null;
        }
        if (home != bytes.loop()) {
            home = bytes.loop();
            doorbell.bind(home);
        }
        failure = null;
        flush.forgetCause();
        terminate = null;
        completions.forgetOverflow();
        completions.onBound(home);
        watcher = streamWatcher;
        inboundReadDepth = modes.inboundReadDepth();
        outboundReadDepth = modes.outboundReadDepth();
        RdmapStream next = new RdmapStream(this, bytes, context.resources(home), modes);
        stream = next;
        enter(QueuePairEvent.CONNECTED);
        return next;
    }

    /** Carries out a transition that the application asks for; the caller has seen that the table allows it. */
    public void modify(QueuePairState next) {
        if (next == QueuePairState.IDLE && state == QueuePairState.ERROR) {
            requireLegal(flushed() ? QueuePairEvent.MODIFY_IDLE : QueuePairEvent.MODIFY_IDLE_WHILE_FLUSHING);
            enter(QueuePairEvent.MODIFY_IDLE);
            failure = null;
            flush.forgetCause();
            terminate = null;
            return;
        }
        switch (next) {
            case IDLE -> requireLegal(QueuePairEvent.MODIFY_IDLE);
            case RTS -> requireLegal(QueuePairEvent.MODIFY_RTS);
            case CLOSING -> {
                requireLegal(QueuePairEvent.MODIFY_CLOSING);
                startClosing();
            }
            case TERMINATE -> {
                requireLegal(QueuePairEvent.MODIFY_TERMINATE);
                stream.terminate(localClose("the application terminated the connection"));
            }
            case ERROR -> {
                requireLegal(QueuePairEvent.MODIFY_ERROR);
                abort("the application aborted the connection");
            }
        }
    }

    private void requireLegal(QueuePairEvent event) {
        if (QueuePairStates.on(state, event).illegal()) {
            throw new IllegalStateException(
                    "queue pair " + number + " is in " + state + ", which does not allow: " + event.words());
        }
    }

    private boolean flushed() {
        return stream == null
                && sendQueue.busy() == 0
                && (receiveQueue == null || receiveQueue.busy() == 0)
                && completions.order().size() == 0;
    }

    private static FailureCause.Builder localClose(String detail) {
        return FailureCause.of(FailureCause.End.LOCAL, FailedCheck.LOCAL_CLOSE).detail(detail);
    }

    private void startClosing() {
        enter(QueuePairEvent.MODIFY_CLOSING);
        if (!stream.drained()) {
            // T6: the close fails at once, because something is outstanding.
            stream.failByReset(FailureCause.of(FailureCause.End.LOCAL, FailedCheck.BUSY_WHILE_CLOSING)
                    .detail("the connection was closed while requests were outstanding"));
            return;
        }
        if (stream.waitsForReceive()) {
            // T13: a message has arrived. No FIN first, which would tell the peer that all it sent was taken.
            stream.failByReset(FailureCause.of(FailureCause.End.LOCAL, FailedCheck.BUSY_WHILE_CLOSING)
                    .detail("the connection was closed while a message waited for a receive"));
            return;
        }
        FailureCause cause = localClose("the connection was closed by this end").build();
        flush.because(cause);
        // The stream first, so that a completion queue that overflows with the flushed receives finds it closing.
        stream.close(cause);
        flushReceivesWhileClosing(cause);
    }

    /**
     * Flushes the receives unless a message has drawn one: that one is older, and may be written to until the rest of its
     * message arrives and makes the close fail. Then all go together.
     */
    private void flushReceivesWhileClosing(FailureCause cause) {
        if (stream == null || !stream.holdsReceives()) {
            flush.receives(cause);
        }
    }

    /** Breaks the connection if there is one, and flushes. */
    public void abort(String detail) {
        FailureCause cause = localClose(detail).build();
        if (stream != null) {
            stream.abort(cause);
        } else if (QueuePairStates.on(state, QueuePairEvent.ABORT).enters()) {
            failure = cause;
            enter(QueuePairEvent.ABORT);
            flush.all(cause);
            tellOfLastReceive();
        }
    }

    /** Closes in order once the send queue has drained; see {@link io.verbena.verbs.QueuePair#disconnect}. */
    public void disconnect(long deadlineNs, CompletableFuture<Boolean> outcome) {
        if (stream == null) {
            outcome.complete(state == QueuePairState.IDLE);
            return;
        }
        if (disconnecting != null) {
            var unused = disconnecting.thenAccept(outcome::complete);
            return;
        }
        disconnecting = outcome;
        RdmapStream meant = stream;
        EventLoop.Timer timer = home.schedule(deadlineNs, () -> {
            if (stream == meant) {
                abort("the connection did not end in order within the deadline of the disconnect");
            }
        });
        var unused = outcome.whenComplete((inOrder, none) -> timer.cancel());
        onDrained();
    }

    @Override
    public void onDrained() {
        if (disconnecting != null && state == QueuePairState.RTS && stream.drained()) {
            startClosing();
        }
    }

    /** Ends everything without a trace: no completion of this queue pair appears any more. */
    public void destroy() {
        destroyed = true;
        completions.silence();
        abort("the queue pair was destroyed");
        doorbell.unbind();
        gone = true;
        forgetLatePosts();
        context.buffers().pool().releaseAll(number);
    }

    /** Lowers ORD, for the present connection and for those to come. */
    public void lowerOutboundReadDepth(int depth) {
        mostOutboundReads = depth;
        outboundReadDepth = depth;
        if (stream != null) {
            stream.outboundReadDepth(depth);
        }
    }

    /** Returns whether the send queue is drained. Any thread; a snapshot. */
    public boolean sendQueueDrained() {
        RdmapStream now = stream;
        return now != null && now.sendQueueDrained();
    }

    /** Puts a drained send queue back to work; the queue pair is in RTS. */
    public void resumeSendQueue() {
        stream.resumeSendQueue();
    }

    private void service() {
        switch (state) {
            case RTS -> {
                stream.onReceivePosted();
                if (state == QueuePairState.RTS) {
                    stream.pump();
                }
            }
            case ERROR -> flush.all(failure);
            case CLOSING -> flushReceivesWhileClosing(failure);
            case IDLE, TERMINATE -> {
                // Requests wait for a connection, or for the end of this one.
            }
        }
    }

    @Override
    void onOverflow(SoftCompletionQueue queue) {
        if (stream != null) {
            stream.failInternally(FailureCause.of(FailureCause.End.LOCAL, FailedCheck.COMPLETION_QUEUE_OVERFLOW)
                    .detail("completion queue " + queue.number() + " with " + queue.capacity() + " entries was full"));
        }
    }

    private void enter(QueuePairEvent event) {
        QueuePairState before = state;
        QueuePairTransition transition = QueuePairStates.on(before, event);
        assert !transition.illegal() : number + ": " + before + " with " + event;
        if (transition.enters() && transition.next() != before) {
            state = transition.next();
            StackEvents events = context.events();
            if (events != null) {
                events.onStateChanged(context.deviceName(), number, before, state);
            }
        }
    }

    // ---- what RDMAP tells; home loop ----

    @Override
    public void onStreamEvent(QueuePairEvent event, FailureCause cause) {
        failure = cause;
        enter(event);
        if (state == QueuePairState.CLOSING) {
            flush.because(cause);
            flushReceivesWhileClosing(cause);
        }
    }

    /** In Error nothing is drawn from a shared receive queue any more (VRB-SR-13). */
    private void tellOfLastReceive() {
        if (sharedReceives != null && !destroyed) {
            raise(new AsyncEvent(
                    AsyncEvent.Kind.LAST_RECEIVE_REACHED,
                    number,
                    -1,
                    sharedReceives.queue().number(),
                    null));
        }
    }

    @Override
    public void onTerminate(TerminateInformation information) {
        terminate = information;
        StackEvents events = context.events();
        if (events != null) {
            events.onTerminate(context.deviceName(), number, information);
        }
    }

    @Override
    public void raise(AsyncEvent.Kind kind, FailureCause cause) {
        raise(new AsyncEvent(kind, number, -1, cause));
    }

    private void raise(AsyncEvent event) {
        StackEvents events = context.events();
        if (events != null) {
            events.onAsyncEvent(context.deviceName(), event);
        }
        if (!destroyed) {
            context.asyncEvents().accept(event);
        }
    }

    @Override
    public void onFirstSegment() {
        watcher.onFirstSegment();
    }

    @Override
    public void onStreamEnded(QueuePairEvent event, FailureCause cause) {
        RdmapStream ended = stream;
        stream = null;
        completions.onStreamEnded();
        // What was bound for this peer must not serve the next one.
        context.memory().invalidateWindowsOf(this);
        failure = cause;
        enter(event);
        boolean inOrder = state == QueuePairState.IDLE;
        if (ended.holdsReceives()) {
            ended.flushReceives(flush.cause(cause));
        }
        if (inOrder) {
            raise(AsyncEvent.Kind.CLOSE_COMPLETE, null);
            failure = null;
            flush.forgetCause();
        } else {
            flush.all(cause);
            tellOfLastReceive();
        }
        StackEvents events = context.events();
        if (events != null) {
            events.onConnectionClosed(context.deviceName(), number, inOrder ? null : cause);
        }
        watcher.onEnded(inOrder ? null : cause);
        CompletableFuture<Boolean> waiting = disconnecting;
        if (waiting != null) {
            disconnecting = null;
            waiting.complete(inOrder);
        }
    }
}
