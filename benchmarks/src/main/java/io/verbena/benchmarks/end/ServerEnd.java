package io.verbena.benchmarks.end;

import io.verbena.benchmarks.row.Figures;
import java.io.IOException;
import java.util.List;

/**
 * The end that listens. The calls come in this order: {@link #listen}, {@link #accept}, any number of {@link #serve}, {@link
 * #close}.
 *
 * <p>Thread rule: one thread.
 */
public interface ServerEnd extends AutoCloseable {
    /** Listens on loopback and returns the ports, one or more, in an order that the client knows. */
    List<Integer> listen() throws Exception;

    /** Waits, at most for {@link Patience#LIMIT}, until the client has connected; nothing if it comes later. */
    void accept() throws Exception;

    /** Serves until {@code stop} is raised, and returns what this end found meanwhile. */
    Figures serve(StopSignal stop) throws Exception;

    @Override
    void close() throws IOException;
}
