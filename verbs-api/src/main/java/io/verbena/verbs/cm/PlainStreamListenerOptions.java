package io.verbena.verbs.cm;

import java.time.Duration;
import java.util.Objects;

/**
 * How a listener for plain streams behaves. Immutable; {@code with...} methods return changed copies.
 *
 * @param takeTimeout how long an accepted stream waits for the application to take it before it is closed; above zero
 * @param maxWaiting accepted streams that may wait at once; further ones are closed
 * @param backlog TCP connections the operating system may hold before they are accepted
 * @param stream options of accepted streams
 */
public record PlainStreamListenerOptions(Duration takeTimeout, int maxWaiting, int backlog, PlainStreamOptions stream) {
    /** Checks the ranges. */
    public PlainStreamListenerOptions {
        Objects.requireNonNull(stream, "stream");
        if (takeTimeout.isNegative() || takeTimeout.isZero()) {
            throw new IllegalArgumentException("take timeout " + takeTimeout + " must be above zero");
        }
        if (maxWaiting < 1) {
            throw new IllegalArgumentException("maxWaiting " + maxWaiting + " must be at least 1");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog " + backlog + " must be at least 1");
        }
    }

    /** Returns the defaults: 10 seconds, 1024 waiting, a backlog of 1024. */
    public static PlainStreamListenerOptions defaults() {
        return new PlainStreamListenerOptions(Duration.ofSeconds(10), 1024, 1024, PlainStreamOptions.defaults());
    }

    /** Returns a copy with another take timeout. */
    public PlainStreamListenerOptions withTakeTimeout(Duration longest) {
        return new PlainStreamListenerOptions(longest, maxWaiting, backlog, stream);
    }

    /** Returns a copy with another number of waiting streams. */
    public PlainStreamListenerOptions withMaxWaiting(int count) {
        return new PlainStreamListenerOptions(takeTimeout, count, backlog, stream);
    }

    /** Returns a copy with other options for the accepted streams. */
    public PlainStreamListenerOptions withStream(PlainStreamOptions options) {
        return new PlainStreamListenerOptions(takeTimeout, maxWaiting, backlog, options);
    }
}
