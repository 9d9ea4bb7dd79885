package io.verbena.verbs.cm;

import java.time.Duration;
import java.util.Objects;

/**
 * How a listener behaves. Immutable; {@code with...} methods return changed copies.
 *
 * @param startupTimeout how long a peer may take from the TCP connection to a complete MPA Request, and the application to
 *     decide on it; above zero
 * @param maxPending TCP connections that may be in that phase at once; further ones are closed
 * @param backlog TCP connections the operating system may hold before they are accepted
 * @param socket options of accepted connections
 */
public record ListenerOptions(Duration startupTimeout, int maxPending, int backlog, SocketOptions socket) {
    /** Checks the ranges. */
    public ListenerOptions {
        Objects.requireNonNull(socket, "socket");
        if (startupTimeout.isNegative() || startupTimeout.isZero()) {
            throw new IllegalArgumentException("startup timeout " + startupTimeout + " must be above zero");
        }
        if (maxPending < 1) {
            throw new IllegalArgumentException("maxPending " + maxPending + " must be at least 1");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog " + backlog + " must be at least 1");
        }
    }

    /** Returns the defaults: 10 seconds, 1024 pending, a backlog of 1024. */
    public static ListenerOptions defaults() {
        return new ListenerOptions(Duration.ofSeconds(10), 1024, 1024, SocketOptions.defaults());
    }

    /** Returns a copy with another startup timeout. */
    public ListenerOptions withStartupTimeout(Duration longest) {
        return new ListenerOptions(longest, maxPending, backlog, socket);
    }

    /** Returns a copy with another number of pending connections. */
    public ListenerOptions withMaxPending(int count) {
        return new ListenerOptions(startupTimeout, count, backlog, socket);
    }

    /** Returns a copy with other socket options. */
    public ListenerOptions withSocket(SocketOptions options) {
        return new ListenerOptions(startupTimeout, maxPending, backlog, options);
    }
}
