package io.verbena.connection;

import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionRequest;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * The MPA Request that the application awaits on one plain stream.
 *
 * <p>Thread rule: {@link #await} on a thread of the application, the rest on the stream's loop.
 */
final class AwaitedRequest implements PendingConnection.Owner {
    /** The loop keeps the deadline; a caller-driven device that nobody drives does not. */
    private static final long LOOP_GRACE_NS = 1_000_000_000L;

    private final Waiting waiting;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile ConnectionRequest arrived;
    private volatile ConnectionFailedException failure;

    AwaitedRequest(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public void offer(SoftConnectionRequest request) {
        request.waiting(waiting);
        arrived = request;
        over.complete(null);
    }

    @Override
    public void onOver(PendingConnection connection, SoftConnectionRequest request, ConnectionFailedException why) {
        failure = why;
        over.complete(null);
    }

    ConnectionRequest await(InetSocketAddress remote, long deadlineNs)
            throws ConnectionFailedException, InterruptedException {
        long longestNs = deadlineNs + Math.min(LOOP_GRACE_NS, Long.MAX_VALUE - deadlineNs);
        boolean done = waiting.await(over, longestNs);
        ConnectionRequest request = arrived;
        if (request != null) {
            return request;
        }
        throw done ? failure : Failures.ofDeadline(remote, "the peer's MPA Request");
    }
}
