package io.verbena.connection;

import io.verbena.engine.EngineContext;
import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamTransport;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamOptions;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Makes the plain streams of a device, as many as it allows.
 *
 * <p>Thread rule: any thread, except {@link #accepted}: the stream's loop.
 */
final class PlainStreams {
    private final EngineContext context;
    private final StreamTransport transport;
    private final StreamTable table;
    private final Waiting waiting;

    PlainStreams(EngineContext context, StreamTransport transport, StreamTable table, Waiting waiting) {
        this.context = context;
        this.transport = transport;
        this.table = table;
        this.waiting = waiting;
    }

    /** Connects on {@code loop} and waits. */
    PlainStream open(EventLoop loop, InetSocketAddress remote, PlainStreamOptions options)
            throws ConnectionFailedException, InterruptedException {
        if (!table.takePlainPlace()) {
            throw new LimitExceededException(
                    "device " + context.deviceName() + " allows " + table.maxPlain() + " plain streams");
        }
        CompletableFuture<PlainStream> outcome = new CompletableFuture<>();
        transport.connect(
                loop,
                remote,
                Wishes.socket(options.socket(), Patience.nanos(options.deadline()), 1),
                new TcpOutcome(remote, options, outcome));
        try {
            // TCP's own deadline bounds the wait.
            waiting.await(outcome, Long.MAX_VALUE);
            return outcome.get();
        } catch (InterruptedException interrupted) {
            giveUp(outcome);
            throw interrupted;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ConnectionFailedException failure) {
                throw failure;
            }
            throw new ConnectionLostException("no connection: " + failed.getCause(), failed.getCause());
        }
    }

    private static void giveUp(CompletableFuture<PlainStream> outcome) {
        if (!outcome.cancel(false)) {
            outcome.thenAccept(PlainStream::close);
        }
    }

    /** Makes a stream of a connection that was accepted, or returns null if the device allows no more. */
    SoftPlainStream accepted(ByteStream bytes, PlainStreamOptions options) {
        return table.takePlainPlace() ? stream(bytes, true, options) : null;
    }

    private SoftPlainStream stream(ByteStream bytes, boolean inbound, PlainStreamOptions options) {
        PlainPhase phase = new PlainPhase(bytes, table.addPlain(bytes, inbound), options.bufferOctets());
        return new SoftPlainStream(context, transport, table, waiting, phase);
    }

    /** Waits for TCP. */
    private final class TcpOutcome implements StreamTransport.ConnectOutcome {
        private final InetSocketAddress remote;
        private final PlainStreamOptions options;
        private final CompletableFuture<PlainStream> outcome;

        TcpOutcome(InetSocketAddress remote, PlainStreamOptions options, CompletableFuture<PlainStream> outcome) {
            this.remote = remote;
            this.options = options;
            this.outcome = outcome;
        }

        @Override
        public StreamHandler onConnected(ByteStream bytes) {
            SoftPlainStream stream = stream(bytes, false, options);
            if (!outcome.complete(stream)) {
                // The thread that waited was interrupted.
                stream.close();
            }
            return stream.phase().handler();
        }

        @Override
        public void onConnectFailed(StreamError error, Throwable cause) {
            table.leavePlainPlace();
            outcome.completeExceptionally(Failures.ofTcp(remote, error, cause));
        }
    }
}
