package io.verbena.conformance;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawStartup;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Where one case plays: connections with the stack under test, closed with the stage.
 *
 * <p>Thread rule: one thread.
 */
public final class Stage implements AutoCloseable {
    static final int READ_DEPTH = 16;
    /** How the reason begins when a case could not even begin. */
    static final String NO_SESSION = "no session with the application: ";

    private final Subject subject;
    private final List<RawPeer> peers = new ArrayList<>();

    Stage(Subject subject) {
        this.subject = subject;
    }

    /** Waits for a TCP connection; nothing was said on it. */
    RawPeer meet() {
        RawPeer peer = subject.meet();
        peers.add(peer);
        return peer;
    }

    /** Returns the Request, or Reply, that cases begin with: revision 2 with CRC and Read depths of 16. */
    RawStartup usualStartup() {
        return subject.role() == SubjectRole.RESPONDER
                ? RawStartup.request().withDepths(READ_DEPTH, READ_DEPTH)
                : RawStartup.reply();
    }

    /** Returns an established connection with an application that has told of its memory. */
    Session session() {
        try {
            return session(UnaryOperator.identity());
        } catch (AssertionError e) {
            throw new AssertionError(NO_SESSION + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new AssertionError(NO_SESSION + e.getCause().getMessage(), e);
        }
    }

    /** Returns one for which our Request, or our Reply, was changed. */
    Session session(UnaryOperator<RawStartup> change) {
        return subject.role() == SubjectRole.RESPONDER ? ask(change) : answer(change);
    }

    private Session ask(UnaryOperator<RawStartup> change) {
        RawPeer peer = meet();
        peer.sendRequest(change.apply(usualStartup()));
        RawStartup reply = peer.expectReply();
        if (reply.rejected()) {
            throw new AssertionError("expected a Reply that accepts, but it rejects");
        }
        return greeted(peer, reply);
    }

    private Session answer(UnaryOperator<RawStartup> change) {
        RawPeer peer = meet();
        RawStartup request = peer.expectRequest();
        RawStartup reply = usualStartup();
        if (request.enhanced()) {
            // RFC 6581 section 9.1: no more than the initiator can serve, and what it wants.
            reply = reply.withDepths(
                    Math.min(READ_DEPTH, Math.max(1, request.outboundReadDepth())),
                    Math.min(READ_DEPTH, request.inboundReadDepth()));
        }
        peer.sendReply(change.apply(reply));
        Session session = new Session(peer, request);
        session.beGreeted();
        pause();
        return session;
    }

    /** Returns the session on a connection whose Reply has come: speaks first and takes the offer that answers. */
    Session greeted(RawPeer peer, RawStartup reply) {
        pause();
        Session session = new Session(peer, reply);
        session.greet();
        pause();
        return session;
    }

    /** Sends octets one at a time, so that each makes a TCP segment of its own if the pause is long enough. */
    void sendOctetByOctet(RawPeer peer, byte[] octets) {
        for (byte octet : octets) {
            peer.sendRaw(new byte[] {octet});
            pause();
        }
    }

    /** Leaves the stack under test alone for as long as it needs; see {@link Subject#listening}. */
    void pause() {
        pause(subject.pause());
    }

    /** Lets time pass. */
    void pause(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        peers.forEach(RawPeer::close);
    }
}
