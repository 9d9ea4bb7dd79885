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
 * An attempt to connect: TCP, then the MPA startup as initiator (state machines 3.1), with one deadline over all of it, and
 * perhaps a second try with revision 1.
 *
 * <p>Thread rule: {@link #start} from any thread, the rest on the attempt's loop.
 */
final class ConnectAttempt {
    private final EngineContext context;
    private final StreamTransport transport;
    private final BindableQueuePair queuePair;
    private final InetSocketAddress remote;
    private final ConnectionParameters wishes;
    private final CompletableFuture<Connection> outcome;
    private final EventLoop loop;
    private final long deadlineNs;
    private Startup phase;
    private boolean failed;

    ConnectAttempt(
            EngineContext context,
            StreamTransport transport,
            BindableQueuePair queuePair,
            InetSocketAddress remote,
            ConnectionParameters wishes,
            CompletableFuture<Connection> outcome) {
        this.context = context;
        this.transport = transport;
        this.queuePair = queuePair;
        this.remote = remote;
        this.wishes = wishes;
        this.outcome = outcome;
        this.loop = queuePair.engine().home();
        this.deadlineNs = loop.clock().nanoTime() + wishes.deadline().toNanos();
    }

    /** Begins. */
    void start() {
        if (context.events() != null) {
            context.events().onConnectionStarted(context.deviceName(), true, remote);
        }
        queuePair.onWithdrawn(() -> loop.execute(() -> abandon("the queue pair was destroyed or moved to Error")));
        connect(wishes.revision() > 1);
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
            phase = new Startup(enhanced);
            if (failed) {
                // Given up while TCP was connecting: nobody hears of this stream any more.
                stream.reset();
            } else {
                phase.begin(stream, leftNs);
            }
            return phase.handler;
        }

        @Override
        public void onConnectFailed(StreamError error, Throwable cause) {
            fail(Failures.ofTcp(remote, error, cause));
        }
    }

    /** Waits for the Reply. */
    private final class Startup extends StartupPhase {
        private final PhasedHandler handler = new PhasedHandler(this);
        private final MpaInitiatorStartup startup;

        Startup(boolean enhanced) {
            startup = new MpaInitiatorStartup(
                    Wishes.startup(wishes, queuePair.engine().options(), enhanced));
        }

        void begin(ByteStream stream, long leftNs) {
            attach(stream);
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
                    closeInOrder();
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
            if (failure.fallbackPossible() && wishes.fallback()) {
                connect(false);
            } else {
                fail(Failures.ofStartup(remote, failure, cause));
            }
        }

        private void establish(ByteBuffer early) {
            MpaAgreement agreement = startup.agreement();
            StreamModes modes = Wishes.modes(true, agreement, wishes, bytes(), context.closeTimeoutNs());
            SoftConnection connection = new SoftConnection(
                    queuePair,
                    bytes().localAddress(),
                    bytes().remoteAddress(),
                    agreement.peerPrivateData().octets(),
                    Wishes.agreement(modes, agreement, wishes));
            RdmapStream stream = queuePair.engine().bind(bytes(), modes, new Watcher(connection));
            if (stream == null) {
                resetNow();
                fail(Failures.ofLoss(remote, "the queue pair left Idle meanwhile", null));
                return;
            }
            handOver();
            handler.enter(stream);
            queuePair.connection(connection);
            queuePair.unreserve();
            if (context.events() != null) {
                context.events().onConnectionEstablished(context.deviceName(), queuePair.number(), connection);
            }
            stream.start(early);
            outcome.complete(connection);
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

        Watcher(SoftConnection connection) {
            this.connection = connection;
        }

        @Override
        public void onFirstSegment() {
            // An initiator's connection stands from the Reply on.
        }

        @Override
        public void onEnded(FailureCause cause) {
            connection.end(cause);
        }
    }
}
