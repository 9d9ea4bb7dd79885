package io.verbena.connection;

import io.verbena.engine.EngineContext;
import io.verbena.engine.StreamWatcher;
import io.verbena.mpa.MpaAgreement;
import io.verbena.mpa.MpaInitiatorStartup;
import io.verbena.mpa.MpaStartupFailure;
import io.verbena.rdmap.RdmapStream;
import io.verbena.rdmap.StreamModes;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamTransport;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * An attempt to connect: TCP unless it is open already, then the MPA startup as initiator (state machines 3.1), with one
 * deadline over all of it, and perhaps a second try with revision 1.
 *
 * <p>Thread rule: {@link #start} from any thread, the rest on the attempt's loop.
 */
final class ConnectAttempt {
    private final EngineContext context;
    private final StreamTransport transport;
    private final StreamTable streams;
    private final BindableQueuePair queuePair;
    private final InetSocketAddress remote;
    private final ConnectionParameters wishes;
    private final CompletableFuture<Connection> outcome;
    private final PlainPhase plain;
    private final EventLoop loop;
    private final long deadlineNs;
    private Startup phase;
    private boolean failed;

    /**
     * Makes an attempt.
     *
     * @param plain the stream that is open already, or null if TCP has to connect
     */
    ConnectAttempt(
            EngineContext context,
            StreamTransport transport,
            StreamTable streams,
            BindableQueuePair queuePair,
            InetSocketAddress remote,
            ConnectionParameters wishes,
            CompletableFuture<Connection> outcome,
            PlainPhase plain) {
        this.context = context;
        this.transport = transport;
        this.streams = streams;
        this.plain = plain;
        this.queuePair = queuePair;
        this.remote = remote;
        this.wishes = wishes;
        this.outcome = outcome;
        this.loop = plain == null ? queuePair.engine().home() : plain.loop();
        this.deadlineNs = loop.clock().nanoTime() + wishes.deadline().toNanos();
    }

    /** Begins. */
    void start() {
        if (context.events() != null) {
            context.events().onConnectionStarted(context.deviceName(), true, remote);
        }
        queuePair.onWithdrawn(() -> loop.execute(() -> abandon("the queue pair was destroyed or moved to Error")));
        if (plain == null) {
            connect(wishes.revision() > 1);
        } else {
            loop.execute(this::begin);
        }
    }

    /** Begins on the stream that is open already. */
    private void begin() {
        if (failed) {
            plain.breakOff();
            return;
        }
        Startup startup = new Startup(wishes.revision() > 1, plain.handler());
        phase = startup;
        long leftNs = Math.max(1, deadlineNs - loop.clock().nanoTime());
        plain.handOver(startup, () -> startup.begin(plain.bytes(), plain.entry(), leftNs));
    }

    private void abandon(String words) {
        if (failed) {
            return;
        }
        if (phase != null) {
            phase.abandon(words);
        } else {
            fail(Failures.ofLoss(remote, words, null));
        }
    }

    private void connect(boolean enhanced) {
        long leftNs = Math.max(1, deadlineNs - loop.clock().nanoTime());
        transport.connect(loop, remote, Wishes.socket(wishes.socket(), leftNs, 1), new TcpOutcome(enhanced, leftNs));
    }

    private void fail(ConnectionFailedException failure) {
        if (failed) {
            return;
        }
        failed = true;
        queuePair.unreserve();
        if (context.events() != null) {
            context.events().onConnectionFailed(context.deviceName(), true, remote, failure);
        }
        outcome.completeExceptionally(failure);
    }

    /** Waits for TCP. */
    private final class TcpOutcome implements StreamTransport.ConnectOutcome {
        private final boolean enhanced;
        private final long leftNs;

        TcpOutcome(boolean enhanced, long leftNs) {
            this.enhanced = enhanced;
            this.leftNs = leftNs;
        }

        @Override
        public StreamHandler onConnected(ByteStream stream) {
            PhasedHandler handler = new PhasedHandler(null);
            phase = new Startup(enhanced, handler);
            handler.enter(phase);
            if (failed) {
                // Given up while TCP was connecting: nobody hears of this stream any more.
                stream.reset();
            } else {
                phase.begin(stream, streams.addStartup(stream, false), leftNs);
            }
            return handler;
        }

        @Override
        public void onConnectFailed(StreamError error, Throwable cause) {
            fail(Failures.ofTcp(remote, error, cause));
        }
    }

    /** Waits for the Reply. */
    private final class Startup extends StartupPhase {
        private final PhasedHandler handler;
        private final MpaInitiatorStartup startup;

        Startup(boolean enhanced, PhasedHandler handler) {
            this.handler = handler;
            startup = new MpaInitiatorStartup(Wishes.startup(wishes, queuePair.engine(), enhanced));
        }

        void begin(ByteStream stream, StreamEntry entry, long leftNs) {
            attach(stream, entry);
            startDeadline(loop, leftNs);
            outcome.whenComplete((connection, failure) -> {
                if (outcome.isCancelled()) {
                    loop.execute(() -> abandon("the attempt was given up"));
                }
            });
            tell(StackEvents.Direction.SENT, startup.request());
            write(startup.request());
        }

        private void tell(StackEvents.Direction direction, ByteBuffer frame) {
            if (context.events() != null) {
                context.events()
                        .onStartupFrame(
                                context.deviceName(), direction, remote, frame, frame.position(), frame.remaining());
            }
        }

        private void abandon(String words) {
            if (!ended()) {
                closeNow();
                fail(Failures.ofLoss(remote, words, null));
            }
        }

        @Override
        void onStartupOctets(ByteBuffer octets, int count) {
            int taken = startup.onOctets(octets, 0, count);
            if (taken > 0) {
                tell(
                        StackEvents.Direction.RECEIVED,
                        octets.duplicate().limit(taken).position(0));
            }
            switch (startup.state()) {
                case WAIT_REPLY -> {
                    // More octets will come.
                }
                case AGREED -> establish(rest(octets, taken, count - taken));
                case REJECTED -> {
                    if (plain == null) {
                        closeInOrder();
                    } else {
                        handOver();
                        plain.resume(null, rest(octets, taken, count - taken));
                    }
                    fail(Failures.ofRejection(remote, startup.rejection()));
                }
                case FAILED -> failStartup(null);
            }
        }

        private void failStartup(Throwable cause) {
            MpaStartupFailure failure = startup.failure();
            MpaAgreement agreement = startup.agreement();
            if (agreement != null && failure.cause().error().sentOnWire()) {
                write(LastWords.terminate(TerminateReason.of(failure.cause().error()), agreement));
                closeInOrder();
            } else {
                closeNow();
            }
            if (failure.fallbackPossible() && wishes.fallback() && plain == null) {
                connect(false);
            } else {
                fail(Failures.ofStartup(remote, failure, aboutUnread(), cause));
            }
        }

        private void establish(ByteBuffer early) {
            MpaAgreement agreement = startup.agreement();
            StreamModes modes = Wishes.modes(true, agreement, wishes, bytes(), context.closeTimeoutNs());
            SoftConnection connection = new SoftConnection(
                    queuePair,
                    bytes().localAddress(),
                    bytes().remoteAddress(),
                    agreement,
                    Wishes.agreement(modes, agreement, wishes));
            RdmapStream stream = queuePair.engine().bind(bytes(), modes, new Watcher(connection, entry()));
            if (stream == null) {
                leave(agreement);
                fail(Failures.ofLoss(remote, "the queue pair left Idle meanwhile", null));
                return;
            }
            handOver();
            entry().bindTo(queuePair.number());
            handler.enter(stream);
            queuePair.connection(connection);
            queuePair.unreserve();
            if (context.events() != null) {
                context.events().onConnectionEstablished(context.deviceName(), queuePair.number(), connection);
            }
            stream.start(early);
            outcome.complete(connection);
        }

        /** Ends a connection that the peer believes to stand. */
        private void leave(MpaAgreement agreement) {
            if (!agreement.enhanced()) {
                resetNow();
                return;
            }
            // RFC 6581 section 9.3: a local error that has no code of its own is told before the connection ends.
            write(LastWords.terminate(TerminateReason.MPA_LOCAL_CATASTROPHIC, agreement));
            closeInOrder();
        }

        @Override
        void onDeadline() {
            closeNow();
            fail(Failures.ofDeadline(remote, "the peer's MPA Reply"));
        }

        @Override
        void onGone(String words, Throwable cause) {
            startup.onClosed();
            failStartup(cause);
        }
    }

    /** Ends the connection object when its stream has ended. */
    private static final class Watcher implements StreamWatcher {
        private final SoftConnection connection;
        private final StreamEntry entry;

        Watcher(SoftConnection connection, StreamEntry entry) {
            this.connection = connection;
            this.entry = entry;
        }

        @Override
        public void onFirstSegment() {
            // An initiator's connection stands from the Reply on.
        }

        @Override
        public void onEnded(FailureCause cause) {
            entry.end();
            connection.end(cause);
        }
    }
}
