package io.verbena.benchmarks.end;

import io.verbena.benchmarks.row.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The end that connects and measures. The calls come in this order: {@link #connect}, any number of {@link #measure}, {@link
 * #close}.
 *
 * <p>Thread rule: one thread.
 */
public interface ClientEnd extends AutoCloseable {
    /** Connects to the server's ports on loopback, within {@link Patience#LIMIT}. */
    void connect(List<Integer> ports) throws Exception;

    /** Works for about {@code time} and returns what it found. */
    Figures measure(Duration time) throws Exception;

    @Override
    void close() throws IOException;
}
