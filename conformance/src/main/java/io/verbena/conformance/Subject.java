package io.verbena.conformance;

import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The stack under test, as a source of TCP connections on which nothing was said yet.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class Subject {
    private final SubjectRole role;
    private final Duration firstFpduDelay;
    private final Supplier<RawPeer> connections;
    private final String absence;

    private Subject(SubjectRole role, Duration firstFpduDelay, String absence, Supplier<RawPeer> connections) {
        this.role = role;
        this.firstFpduDelay = firstFpduDelay;
        this.connections = connections;
        this.absence = absence;
    }

    /**
     * Returns a stack that listens.
     *
     * @param remote where
     * @param longest how long to wait for a connection and for each answer
     * @param firstFpduDelay pause between the Reply and our first FPDU; zero unless the stack loses what comes at once
     */
    public static Subject listening(InetSocketAddress remote, Duration longest, Duration firstFpduDelay) {
        return new Subject(
                SubjectRole.RESPONDER,
                firstFpduDelay,
                "nobody accepts TCP connections at " + remote,
                () -> RawPeer.connect(remote, longest));
    }

    /** Returns a stack that connects to {@code listener}, again and again until nobody listens any more. */
    public static Subject connecting(RawListener listener) {
        return new Subject(
                SubjectRole.INITIATOR, Duration.ZERO, "nobody connects to " + listener.address(), listener::accept);
    }

    /** Returns its role. */
    public SubjectRole role() {
        return role;
    }

    Duration firstFpduDelay() {
        return firstFpduDelay;
    }

    /**
     * Waits for a TCP connection.
     *
     * @throws SubjectAbsentException if there is none in time
     */
    RawPeer meet() {
        try {
            return connections.get();
        } catch (UncheckedIOException e) {
            throw new SubjectAbsentException(absence + ": " + e.getCause().getMessage(), e);
        }
    }
}
