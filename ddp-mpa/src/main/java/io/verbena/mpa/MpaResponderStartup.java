package io.verbena.mpa;

import io.verbena.mpa.MpaStartupFailure.Cause;
import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import io.verbena.mpa.wire.MpaRevision;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * The startup as the responder sees it: a Request comes in, the user decides, a Reply goes out (RFC 5044 section 7.1, RFC
 * 6581).
 *
 * <p>Feed what arrives until {@link #state()} is {@code DECIDE}, keep feeding while the user thinks (an initiator that
 * talks on is refused), then send what {@link #accept} or {@link #reject} gives. The owner keeps the deadline, does the
 * input and output, and sends nothing behind the Reply until the first FPDU has arrived and was found good (RFC 5044
 * section 7.1.2). Used by one thread.
 */
public final class MpaResponderStartup {
    /** Where the startup is. */
    public enum State {
        /** The Request has not arrived completely. */
        WAIT_REQUEST,
        /** {@link #request()} is there, waiting for {@link #accept} or {@link #reject}. */
        DECIDE,
        /** {@link #agreement()} is there; the next octets from the peer are FPDUs. */
        ACCEPTED,
        /** The Reply said no. */
        REJECTED,
        /** {@link #failure()} tells why; nothing may be sent. */
        FAILED
    }

    private final int highestRevision;
    private final StartupFrameReader reader;
    private State state = State.WAIT_REQUEST;
    private MpaPeerFrame request;
    private MpaAgreement agreement;
    private MpaStartupFailure failure;

    /** Begins a startup that understands revisions 1 and 2. */
    public MpaResponderStartup() {
        this(MpaRevision.ENHANCED);
    }

    /**
     * Begins a startup.
     *
     * @param highestRevision 2, or 1 to behave like a responder that has never heard of RFC 6581
     */
    public MpaResponderStartup(int highestRevision) {
        if (highestRevision != MpaRevision.STANDARD && highestRevision != MpaRevision.ENHANCED) {
            throw new IllegalArgumentException("highest MPA revision must be 1 or 2, was " + highestRevision);
        }
        this.highestRevision = highestRevision;
        this.reader = new StartupFrameReader(MpaFrameKind.REQUEST, this::wrongRequest);
    }

    /**
     * Takes octets of the Request.
     *
     * @param borrowed buffer with received octets
     * @param offset absolute index of the first
     * @param length how many there are
     * @return octets taken
     */
    public int onOctets(ByteBuffer borrowed, int offset, int length) {
        int taken = 0;
        if (state == State.WAIT_REQUEST) {
            taken = reader.onOctets(borrowed, offset, length);
            if (reader.failure() != null) {
                fail(reader.failure());
            } else if (reader.complete()) {
                request = reader.frame();
                state = State.DECIDE;
            }
        }
        if (state == State.DECIDE && taken < length) {
            // RFC 5044 7.1.2: the initiator has to wait for the Reply before it says anything else.
            fail(new MpaStartupFailure(
                    Cause.OCTETS_BEHIND_REQUEST,
                    "the peer sent " + (length - taken) + " more octets behind its Request"));
        }
        return taken;
    }

    /** The peer has closed or reset the stream. */
    public void onClosed() {
        switch (state) {
            case WAIT_REQUEST -> {
                reader.onClosed();
                fail(reader.failure());
            }
            case DECIDE ->
                fail(new MpaStartupFailure(
                        Cause.CLOSED_BEFORE_FRAME, "the peer closed the connection before its Request was answered"));
            case ACCEPTED, REJECTED, FAILED -> {
                // Startup is over; what the end of the stream means is up to the owner.
            }
        }
    }

    /**
     * Accepts the Request.
     *
     * @param own what this side wants; its model and revision wishes yield to the Request
     * @return the Reply to send, a new buffer given to the caller
     */
    public ByteBuffer accept(MpaParameters own) {
        requireDecide();
        Set<RtrKind> kinds = replyKinds(own);
        int inbound = inboundDepth(own, kinds);
        int outbound = outboundDepth(own);
        // RFC 5044 7.1.1: CRCs are used if either frame says so. A Reply that repeats the Request's wish changes
        // nothing, and initiators that insist on CRCs (siw with mpa_crc_required) take one without it for a refusal.
        int crc = request.crcWanted() ? MpaFrame.CRC : 0;
        ByteBuffer reply = reply(StartupFrameWriter.flags(own) | crc, kinds, inbound, outbound, own.privateData());
        agreement = new MpaAgreement(
                replyRevision(),
                request.enhanced(),
                own.crcWanted() || request.crcWanted(),
                request.markersWanted(),
                own.markersWanted(),
                request.peerToPeer(),
                kinds,
                inbound,
                outbound,
                request.inboundReadDepth(),
                request.outboundReadDepth(),
                request.privateData());
        state = State.ACCEPTED;
        return reply;
    }

    /**
     * Rejects the Request. An enhanced Reply carries the depths of {@code own} as they are, so that an initiator learns
     * which ORD was missed (RFC 6581 section 9.1).
     *
     * @param own what this side would have wanted, with private data that says why not
     * @return the Reply to send, a new buffer given to the caller
     */
    public ByteBuffer reject(MpaParameters own) {
        requireDecide();
        ByteBuffer reply = reply(
                StartupFrameWriter.flags(own) | MpaFrame.REJECTED,
                replyKinds(own),
                own.inboundReadDepth(),
                own.outboundReadDepth(),
                own.privateData());
        state = State.REJECTED;
        return reply;
    }

    public State state() {
        return state;
    }

    /**
     * The Request.
     *
     * @return its content once it was complete, otherwise null
     */
    public MpaPeerFrame request() {
        return request;
    }

    /**
     * What was agreed.
     *
     * @return the agreement when {@code ACCEPTED}, otherwise null
     */
    public MpaAgreement agreement() {
        return agreement;
    }

    /**
     * Why there is no connection.
     *
     * @return the failure when {@code FAILED}, otherwise null
     */
    public MpaStartupFailure failure() {
        return failure;
    }

    private MpaStartupFailure wrongRequest(MpaFrame frame) {
        if (frame.revision() < MpaRevision.STANDARD || frame.revision() > MpaRevision.ENHANCED) {
            return new MpaStartupFailure(
                    Cause.UNUSABLE_REVISION,
                    "the peer asks for MPA revision " + frame.revision() + ", only 1 to " + highestRevision
                            + " can be served");
        }
        if (frame.enhanced() && highestRevision < MpaRevision.ENHANCED) {
            return new MpaStartupFailure(
                    Cause.ENHANCED_MISMATCH, "the peer sent an enhanced Request, only revision 1 is served here");
        }
        return null;
    }

    private ByteBuffer reply(int flags, Set<RtrKind> kinds, int inbound, int outbound, PrivateData privateData) {
        EnhancedWord word = request.enhanced()
                ? StartupFrameWriter.word(
                        request.peerToPeer(),
                        kinds,
                        fixed(request.outboundReadDepth()) ? EnhancedWord.NO_NEGOTIATION : inbound,
                        fixed(request.inboundReadDepth()) ? EnhancedWord.NO_NEGOTIATION : outbound)
                : null;
        return StartupFrameWriter.write(MpaFrameKind.REPLY, flags, replyRevision(), word, privateData);
    }

    private int replyRevision() {
        return Math.min(request.revision(), highestRevision);
    }

    /** RFC 6581 9.2: the requested kinds that are supported; if there is none, at least one that is supported. */
    private Set<RtrKind> replyKinds(MpaParameters own) {
        if (!request.peerToPeer()) {
            return Set.of();
        }
        Set<RtrKind> common = RtrKind.common(own.rtrKinds(), request.rtrKinds());
        return common.isEmpty() ? Set.of(RtrKind.preferred(own.rtrKinds())) : common;
    }

    private int inboundDepth(MpaParameters own, Set<RtrKind> kinds) {
        if (!request.enhanced() || fixed(request.outboundReadDepth())) {
            return own.inboundReadDepth();
        }
        // With less than the peer asks for the connection still works: the initiator lowers its ORD.
        int served = Math.min(request.outboundReadDepth(), own.maxInboundReadDepth());
        // A Read as ready-to-receive message needs one place for a moment, also where none was wanted (RFC 6581 9.1).
        int opening = kinds.contains(RtrKind.READ) ? 1 : 0;
        return Math.max(own.inboundReadDepth(), Math.max(served, opening));
    }

    private int outboundDepth(MpaParameters own) {
        boolean leaveAlone = !request.enhanced() || fixed(request.inboundReadDepth());
        return leaveAlone ? own.outboundReadDepth() : Math.min(own.outboundReadDepth(), request.inboundReadDepth());
    }

    private static boolean fixed(int announcedDepth) {
        return announcedDepth == EnhancedWord.NO_NEGOTIATION;
    }

    private void requireDecide() {
        if (state != State.DECIDE) {
            throw new IllegalStateException("no Request to be answered, the startup is in state " + state);
        }
    }

    private void fail(MpaStartupFailure why) {
        failure = why;
        state = State.FAILED;
    }
}
