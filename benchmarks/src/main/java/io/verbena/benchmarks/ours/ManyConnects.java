package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.Patience;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects many queue pairs, some at once.
 *
 * <p>Thread rule: one thread.
 */
final class ManyConnects {
    /** Attempts that are under way at once. */
    static final int AT_ONCE = 32;

    private static final ConnectionParameters PARAMETERS =
            ConnectionParameters.defaults().withDeadline(Patience.LIMIT);

    private final IdleStation station;
    private final InetSocketAddress remote;
    private final Deque<CompletableFuture<Connection>> attempts = new ArrayDeque<>(AT_ONCE);
    private int established;

    ManyConnects(IdleStation station, InetSocketAddress remote) {
        this.station = station;
        this.remote = remote;
    }

    /** Connects until {@code count} are established, or the time is over; returns how many are. */
    int connect(int count, long deadlineNs) throws EndFailedException, InterruptedException {
        established = 0;
        int begun = 0;
        while (established < count && !(attempts.isEmpty() && System.nanoTime() - deadlineNs > 0)) {
            if (begun < count && attempts.size() < AT_ONCE && System.nanoTime() - deadlineNs < 0) {
                attempts.add(station.device().connectAsync(station.create(), remote, PARAMETERS));
                begun++;
            } else {
                finishOldest();
            }
        }
        return established;
    }

    private void finishOldest() throws EndFailedException, InterruptedException {
        try {
            attempts.remove().get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
            established++;
        } catch (ExecutionException e) {
            throw new EndFailedException(
                    "a connection did not come to stand: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new EndFailedException(
                    "a connection did not come to stand within " + Patience.LIMIT.toSeconds() + " s", e);
        }
    }
}
