package io.verbena.conformance;

import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawObserver;
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
    private final Duration pause;
    private final Supplier<RawPeer> connections;
    private final Runnable forgetting;
    private final String absence;

    private Subject(
            SubjectRole role, Duration pause, String absence, Supplier<RawPeer> connections, Runnable forgetting) {
        this.role = role;
        this.pause = pause;
        this.connections = connections;
        this.absence = absence;
        this.forgetting = forgetting;
    }

    /**
     * Returns a stack that listens.
     *
     * @param remote where
     * @param longest how long to wait for a connection and for each answer
     * @param pause how long to leave the stack alone before our first FPDU, behind the application's offer, and between the
     *     pieces of what is sent in pieces; zero unless the stack mixes up what comes too soon
     */
    public static Subject listening(InetSocketAddress remote, Duration longest, Duration pause) {
        return listening(remote, longest, pause, RawObserver.NONE);
    }

    /**
     * Returns a stack that listens, and whose connections are observed.
     *
     * @param remote where
     * @param longest how long to wait for a connection and for each answer
     * @param pause as of {@link #listening(InetSocketAddress, Duration, Duration)}
     * @param observer hears what passes on the connections
     */
    public static Subject listening(InetSocketAddress remote, Duration longest, Duration pause, RawObserver observer) {
        return new Subject(
                SubjectRole.RESPONDER,
                pause,
                "nobody accepts TCP connections at " + inWords(remote),
                () -> RawPeer.connect(remote, longest, observer),
                () -> {});
    }

    /**
     * Returns a stack that connects to {@code listener}, again and again until nobody listens any more.
     *
     * @param pause as of {@link #listening(InetSocketAddress, Duration, Duration)}
     */
    public static Subject connecting(RawListener listener, Duration pause) {
        return new Subject(
                SubjectRole.INITIATOR,
                pause,
                "nobody connects to " + inWords(listener.address()),
                listener::accept,
                listener::dropWaiting);
    }

    private static String inWords(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Returns its role. */
    public SubjectRole role() {
        return role;
    }

    Duration pause() {
        return pause;
    }

    /** Drops the connections that wait, because the stack that made them is no more. */
    void forget() {
        forgetting.run();
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
