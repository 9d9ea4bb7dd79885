package io.verbena.connection;

import io.verbena.engine.EngineContext;
import io.verbena.engine.StreamWatcher;
import io.verbena.mpa.MpaAgreement;
import io.verbena.mpa.MpaPeerFrame;
import io.verbena.mpa.MpaResponderStartup;
import io.verbena.rdmap.RdmapStream;
import io.verbena.rdmap.StreamModes;
import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * A TCP connection on its way as responder: waits for the MPA Request, then for the application's decision, and answers (state
 * machines 3.2). Until the connection stands it costs one entry of its owner, and at most the startup timeout.
 *
 * <p>Thread rule: the connection's loop.
 */
final class PendingConnection extends StartupPhase {
    /** Who wants the Request, and wants to know when this connection is on its way no more. Called on the loop. */
    interface Owner {
        /** The Request has arrived. */
        void offer(SoftConnectionRequest request);

        /**
         * The connection was accepted or rejected, or has failed.
         *
         * @param request its request, or null if it did not arrive
         * @param failure why it failed, or null if the application has decided
         */
        void onOver(PendingConnection connection, SoftConnectionRequest request, ConnectionFailedException failure);
    }

    private final PhasedHandler handler;
    private final EngineContext context;
    private final Owner owner;
    private final PlainPhase plain;
    private final MpaResponderStartup startup = new MpaResponderStartup();
    private final InetSocketAddress remote;
    private SoftConnectionRequest request;

    /** Makes it for a connection that was just accepted. */
    PendingConnection(EngineContext context, Owner owner, ByteStream stream, StreamEntry entry) {
        this(context, owner, stream, entry, new PhasedHandler(null), null);
        handler.enter(this);
    }

    /** Makes it for a stream that is in streaming mode until {@link PlainPhase#handOver}. */
    PendingConnection(EngineContext context, Owner owner, PlainPhase plain) {
        this(context, owner, plain.bytes(), plain.entry(), plain.handler(), plain);
    }

    private PendingConnection(
            EngineContext context,
            Owner owner,
            ByteStream stream,
            StreamEntry entry,
            PhasedHandler handler,
            PlainPhase plain) {
        this.context = context;
        this.owner = owner;
        this.handler = handler;
        this.plain = plain;
        attach(stream, entry);
        remote = stream.remoteAddress();
    }

    PhasedHandler begin(long startupTimeoutNs) {
        if (context.events() != null) {
            context.events().onConnectionStarted(context.deviceName(), false, remote);
        }
        startDeadline(loop(), startupTimeoutNs);
        return handler;
    }

    EventLoop loop() {
        return bytes().loop();
    }

    @Override
    void onStartupOctets(ByteBuffer octets, int count) {
        boolean undecided = startup.state() == MpaResponderStartup.State.WAIT_REQUEST;
        int taken = startup.onOctets(octets, 0, count);
        if (taken > 0) {
            tell(StackEvents.Direction.RECEIVED, octets.duplicate().limit(taken).position(0));
        }
        switch (startup.state()) {
            case DECIDE -> {
                if (undecided) {
                    request = new SoftConnectionRequest(this, remote, startup.request());
                    owner.offer(request);
                }
            }
            case FAILED -> {
                // RFC 5044 section 7.1.2: a bad Request is answered by closing, without a word.
                closeNow();
                fail(Failures.ofStartup(remote, startup.failure(), aboutUnread(), null));
            }
            case WAIT_REQUEST, ACCEPTED, REJECTED -> {
                // More octets will come, or it is decided already.
            }
        }
    }

    private void tell(StackEvents.Direction direction, ByteBuffer frame) {
        if (context.events() != null) {
            context.events()
                    .onStartupFrame(
                            context.deviceName(), direction, remote, frame, frame.position(), frame.remaining());
        }
    }

    private void fail(ConnectionFailedException failure) {
        if (context.events() != null) {
            context.events().onConnectionFailed(context.deviceName(), false, remote, failure);
        }
        if (request != null) {
            request.withdraw(failure);
        }
        owner.onOver(this, request, failure);
    }

    /** The application accepts. */
    void accept(BindableQueuePair queuePair, ConnectionParameters wishes, CompletableFuture<Connection> outcome) {
        if (ended()) {
            queuePair.unreserve();
            outcome.completeExceptionally(request.failure());
            return;
        }
        MpaPeerFrame asked = startup.request();
        ByteBuffer reply = startup.accept(Wishes.startup(wishes, queuePair.engine(), asked.enhanced()));
        MpaAgreement agreement = startup.agreement();
        StreamModes modes = Wishes.modes(false, agreement, wishes, bytes(), context.closeTimeoutNs());
        SoftConnection connection = new SoftConnection(
                queuePair, bytes().localAddress(), remote, agreement, Wishes.agreement(modes, agreement, wishes));
        Watcher watcher = new Watcher(this, queuePair, connection, outcome, agreement.peerToPeer());
        RdmapStream stream = queuePair.engine().bind(bytes(), modes, watcher);
        queuePair.unreserve();
        if (stream == null) {
            resetNow();
            ConnectionFailedException failure = Failures.ofLoss(remote, "the queue pair left Idle meanwhile", null);
            fail(failure);
            outcome.completeExceptionally(failure);
            return;
        }
        // The receiver is in place before the Reply, because FPDUs may follow it at once (RFC 5044 section 7.1.2).
        handOver();
        entry().bindTo(queuePair.number());
        owner.onOver(this, request, null);
        queuePair.connection(connection);
        tell(StackEvents.Direction.SENT, reply);
        boolean answered = write(reply);
        handler.enter(stream);
        if (!answered) {
            // A new connection takes so few octets at once, or it is broken.
            queuePair.engine().abort("the transport did not take the MPA Reply");
            return;
        }
        stream.start(null);
        if (agreement.peerToPeer()) {
            watcher.startDeadline(loop(), wishes.deadline().toNanos());
        } else {
            watcher.stand();
        }
    }

    /** The application rejects. */
    void reject(byte[] privateData) {
        if (ended()) {
            return;
        }
        ByteBuffer reply =
                startup.reject(Wishes.rejection(privateData, startup.request().enhanced()));
        tell(StackEvents.Direction.SENT, reply);
        if (plain == null) {
            write(reply);
            closeInOrder();
        } else {
            handOver();
            plain.resume(reply, null);
        }
        owner.onOver(this, request, null);
    }

    /** The owner gives it up. */
    void abandon(String words) {
        if (!ended()) {
            closeNow();
            fail(Failures.ofLoss(remote, words, null));
        }
    }

    @Override
    void onDeadline() {
        closeNow();
        boolean asked = startup.state() == MpaResponderStartup.State.DECIDE;
        fail(Failures.ofDeadline(remote, asked ? "the application's decision" : "the peer's MPA Request"));
    }

    @Override
    void onGone(String words, Throwable cause) {
        startup.onClosed();
        closeNow();
        fail(Failures.ofStartup(remote, startup.failure(), aboutUnread(), cause));
    }

    /** Sees the connection through from the Reply to its end; keeps nothing that only the startup needed. */
    private static final class Watcher implements StreamWatcher {
        private final EngineContext context;
        private final InetSocketAddress remote;
        private final StreamEntry entry;
        private final BindableQueuePair queuePair;
        private final SoftConnection connection;
        private final CompletableFuture<Connection> outcome;
        private final boolean peerToPeer;
        private EventLoop.Timer timer;
        private boolean late;

        Watcher(
                PendingConnection pending,
                BindableQueuePair queuePair,
                SoftConnection connection,
                CompletableFuture<Connection> outcome,
                boolean peerToPeer) {
            context = pending.context;
            remote = pending.remote;
            entry = pending.entry();
            this.queuePair = queuePair;
            this.connection = connection;
            this.outcome = outcome;
            this.peerToPeer = peerToPeer;
        }

        void startDeadline(EventLoop loop, long ns) {
            timer = loop.schedule(ns, () -> {
                late = !outcome.isDone();
                if (late) {
                    queuePair.engine().abort("the peer sent no ready-to-receive message in time");
                }
            });
        }

        private void cancelDeadline() {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        }

        void stand() {
            if (outcome.isDone()) {
                return;
            }
            cancelDeadline();
            if (context.events() != null) {
                context.events().onConnectionEstablished(context.deviceName(), queuePair.number(), connection);
            }
            outcome.complete(connection);
        }

        @Override
        public void onFirstSegment() {
            if (peerToPeer) {
                stand();
            }
        }

        @Override
        public void onEnded(FailureCause cause) {
            entry.end();
            cancelDeadline();
            if (!outcome.isDone()) {
                ConnectionFailedException failure = late
                        ? Failures.ofDeadline(remote, "the peer's ready-to-receive message")
                        : Failures.ofLoss(
                                remote,
                                cause == null ? "the peer closed before its first message" : cause.message(),
                                cause == null ? null : cause.exception());
                if (context.events() != null) {
                    context.events().onConnectionFailed(context.deviceName(), false, remote, failure);
                }
                outcome.completeExceptionally(failure);
            }
            connection.end(cause);
        }
    }
}
