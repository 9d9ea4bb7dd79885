package io.verbena.mpa;

import io.verbena.mpa.MpaStartupFailure.Cause;
import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import io.verbena.mpa.wire.MpaRevision;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/**
 * The startup as the initiator sees it: a Request goes out, a Reply comes in (RFC 5044 section 7.1, RFC 6581).
 *
 * <p>Send {@link #request()}, then feed what arrives until {@link #state()} leaves {@code WAIT_REPLY}. Octets behind the
 * Reply are not taken: they are FPDUs, also when a hasty responder sends them before our first one. The owner keeps the
 * deadline and does the input and output; this class has no clock. Used by one thread.
 */
public final class MpaInitiatorStartup {
    /** Where the startup is. */
    public enum State {
        /** The Reply has not arrived completely. */
        WAIT_REPLY,
        /** {@link #agreement()} is there; with the peer-to-peer model the first FPDU has to be its ready-to-receive message. */
        AGREED,
        /** The peer said no: {@link #rejection()} tells more. */
        REJECTED,
        /** {@link #failure()} tells why. */
        FAILED
    }

    private final MpaParameters wanted;
    private final ByteBuffer request;
    private final StartupFrameReader reader;
    private State state = State.WAIT_REPLY;
    private MpaAgreement agreement;
    private MpaPeerFrame rejection;
    private MpaStartupFailure failure;

    /**
     * Begins a startup.
     *
     * @param wanted what this side wants
     */
    public MpaInitiatorStartup(MpaParameters wanted) {
        this.wanted = wanted;
        this.reader = new StartupFrameReader(MpaFrameKind.REPLY, this::wrongReply);
        this.request = encode(wanted);
    }

    /**
     * The frame to send before anything else.
     *
     * @return the octets, ready to be read; the position is the caller's own
     */
    public ByteBuffer request() {
        return request.duplicate();
    }

    /**
     * Takes octets of the Reply.
     *
     * @param borrowed buffer with received octets
     * @param offset absolute index of the first
     * @param length how many there are
     * @return octets taken; the rest belongs to the FPDUs
     */
    public int onOctets(ByteBuffer borrowed, int offset, int length) {
        if (state != State.WAIT_REPLY) {
            return 0;
        }
        int taken = reader.onOctets(borrowed, offset, length);
        if (reader.failure() != null) {
            fail(reader.failure());
        } else if (reader.complete()) {
            onReply(reader.frame());
        }
        return taken;
    }

    /** The peer has closed or reset the stream. */
    public void onClosed() {
        if (state != State.WAIT_REPLY) {
            return;
        }
        reader.onClosed();
        MpaStartupFailure seen = reader.failure();
        // RFC 6581 section 10: a responder that knows revision 1 only closes when it sees an enhanced Request.
        boolean fallback = wanted.enhanced() && seen.cause() == Cause.CLOSED_BEFORE_FRAME;
        fail(new MpaStartupFailure(seen.cause(), seen.sentence(), fallback));
    }

    public State state() {
        return state;
    }

    /**
     * What was agreed.
     *
     * @return the agreement when {@code AGREED}; also when {@code FAILED} for a reason that is told by a Terminate, which
     *     has to be framed by it; otherwise null
     */
    public MpaAgreement agreement() {
        return agreement;
    }

    /**
     * The Reply that rejects.
     *
     * @return its content when {@code REJECTED}, otherwise null
     */
    public MpaPeerFrame rejection() {
        return rejection;
    }

    /**
     * Why there is no connection.
     *
     * @return the failure when {@code FAILED}, otherwise null
     */
    public MpaStartupFailure failure() {
        return failure;
    }

    private static ByteBuffer encode(MpaParameters wanted) {
        EnhancedWord word = wanted.enhanced()
                ? StartupFrameWriter.word(
                        wanted.peerToPeer(),
                        wanted.rtrKinds(),
                        wanted.negotiateInbound() ? wanted.inboundReadDepth() : EnhancedWord.NO_NEGOTIATION,
                        wanted.negotiateOutbound() ? wanted.outboundReadDepth() : EnhancedWord.NO_NEGOTIATION)
                : null;
        return StartupFrameWriter.write(
                MpaFrameKind.REQUEST,
                StartupFrameWriter.flags(wanted),
                wanted.enhanced() ? MpaRevision.ENHANCED : MpaRevision.STANDARD,
                word,
                wanted.privateData());
    }

    private MpaStartupFailure wrongReply(MpaFrame reply) {
        int own = wanted.enhanced() ? MpaRevision.ENHANCED : MpaRevision.STANDARD;
        if (reply.revision() < MpaRevision.STANDARD || reply.revision() > own) {
            return new MpaStartupFailure(
                    Cause.UNUSABLE_REVISION,
                    "the peer answers with MPA revision " + reply.revision() + ", asked for was " + own);
        }
        if (reply.enhanced() != wanted.enhanced()) {
            return new MpaStartupFailure(
                    Cause.ENHANCED_MISMATCH,
                    wanted.enhanced()
                            ? "the peer answers an enhanced Request with an unenhanced Reply"
                            : "the peer answers an unenhanced Request with an enhanced Reply");
        }
        return null;
    }

    private void onReply(MpaPeerFrame reply) {
        if (reader.rejected()) {
            rejection = reply;
            state = State.REJECTED;
            return;
        }
        if (reply.peerToPeer() != wanted.peerToPeer()) {
            fail(new MpaStartupFailure(
                    Cause.MODEL_MISMATCH,
                    wanted.peerToPeer()
                            ? "the peer answers a peer-to-peer Request with the client-server model"
                            : "the peer answers a client-server Request with the peer-to-peer model"));
            return;
        }
        Set<RtrKind> usable = usableKinds(reply);
        int inbound = inboundDepth(reply);
        agreement = agreement(reply, usable, Math.min(inbound, wanted.maxInboundReadDepth()));
        if (inbound > wanted.maxInboundReadDepth()) {
            fail(new MpaStartupFailure(
                    Cause.INSUFFICIENT_IRD,
                    "the peer wants " + reply.outboundReadDepth() + " RDMA Reads outstanding, at most "
                            + wanted.maxInboundReadDepth() + " can be served"));
        } else if (wanted.peerToPeer() && usable.isEmpty()) {
            fail(new MpaStartupFailure(
                    Cause.NO_MATCHING_RTR,
                    "the peer offers " + reply.rtrKinds() + " as ready-to-receive message, this side can send "
                            + wanted.rtrKinds()));
        } else {
            state = State.AGREED;
        }
    }

    private Set<RtrKind> usableKinds(MpaPeerFrame reply) {
        Set<RtrKind> common = RtrKind.common(wanted.rtrKinds(), reply.rtrKinds());
        if (reply.inboundReadDepth() == 0 && common.contains(RtrKind.READ)) {
            // A Read as ready-to-receive message needs a place at the peer like any other.
            return RtrKind.common(common, EnumSet.of(RtrKind.WRITE, RtrKind.SEND));
        }
        return common;
    }

    private int inboundDepth(MpaPeerFrame reply) {
        boolean leaveAlone = !reply.enhanced() || reply.outboundReadDepth() == EnhancedWord.NO_NEGOTIATION;
        return leaveAlone ? wanted.inboundReadDepth() : Math.max(wanted.inboundReadDepth(), reply.outboundReadDepth());
    }

    private int outboundDepth(MpaPeerFrame reply, RtrKind rtrKind) {
        boolean leaveAlone = !reply.enhanced() || reply.inboundReadDepth() == EnhancedWord.NO_NEGOTIATION;
        int depth = leaveAlone
                ? wanted.outboundReadDepth()
                : Math.min(wanted.outboundReadDepth(), reply.inboundReadDepth());
        return rtrKind == RtrKind.READ ? Math.max(1, depth) : depth;
    }

    private MpaAgreement agreement(MpaPeerFrame reply, Set<RtrKind> usable, int inbound) {
        return new MpaAgreement(
                reply.revision(),
                reply.enhanced(),
                wanted.crcWanted() || reply.crcWanted(),
                reply.markersWanted(),
                wanted.markersWanted(),
                reply.peerToPeer(),
                usable,
                inbound,
                outboundDepth(reply, RtrKind.preferred(usable)),
                reply.inboundReadDepth(),
                reply.outboundReadDepth(),
                reply.privateData());
    }

    private void fail(MpaStartupFailure why) {
        failure = why;
        state = State.FAILED;
    }
}
