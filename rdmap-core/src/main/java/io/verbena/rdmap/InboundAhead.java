package io.verbena.rdmap;

import io.verbena.ddp.AheadSegments;
import io.verbena.ddp.DdpAheadUlp;
import io.verbena.ddp.DdpReceiver;
import io.verbena.ddp.DdpSegment;
import io.verbena.ddp.PlacementTarget;
import io.verbena.mpa.WholeFpdus;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import java.nio.ByteBuffer;

/**
 * Inbound segments that a layer below hands up ahead of the stream (RFC 5041 section 3): finds the memory that their payload
 * may be placed in at once. Only streams over such a layer have one; over TCP nothing comes ahead.
 *
 * <ul>
 *   <li>A Write goes where its STag says.
 *   <li>A Read Response goes to the sink of any outstanding own Read that it lies in.
 *   <li>A Send goes to the receive that its message will take: as many behind the next one as there are messages before it
 *       (RFC 5040 section 5.3 gives receives to messages in the order of their numbers). The receive stays on its queue
 *       until its message begins in the order of the stream; that of a shared receive queue is drawn at once, if it may be
 *       ({@link ReceivesAhead}).
 *   <li>Requests and Terminates are kept until their turn.
 * </ul>
 *
 * <p>What is found wrong is not told: the segment is not taken, and is judged when its turn comes ({@link AheadSegments}).
 *
 * <p>Thread rule: the stream's loop.
 */
final class InboundAhead implements DdpAheadUlp {
    private static final long NOWHERE = -1;

    private final StreamEnd end;
    private final InboundTaggedMessages tagged;
    private final InboundSends sends;
    private final MemoryPlacement placement;
    private final WholeFpdus fpdus;
    private final AheadSegments segments;

    /** How far the stream has come while a segment waits; {@link #NOWHERE} if none does. */
    private long waitsBefore = NOWHERE;

    InboundAhead(
            StreamEnd end,
            RdmapUser user,
            LoopResources resources,
            StreamModes modes,
            InboundMessages inbound,
            DdpReceiver receiver) {
        this.end = end;
        tagged = inbound.tagged();
        sends = inbound.sends();
        // What is withdrawn while it is being placed is refused here, and told of in its turn.
        placement = new MemoryPlacement(Math.max(1, user.maxElements()), resources, null, withdrawn -> {});
        fpdus = new WholeFpdus(modes.crc(), modes.receiveMarkers());
        segments = new AheadSegments(receiver, this);
    }

    /** An FPDU has come ahead; returns whether it is taken. */
    boolean onFpdu(long position, ByteBuffer lent) {
        if (!end.inOperation()) {
            return false;
        }
        int octets = fpdus.ulpduOctets(lent);
        return octets != WholeFpdus.NOT_GOOD
                && segments.onSegment(position, lent, lent.position() + FpduLayout.ULPDU, octets);
    }

    /** The stream has come to {@code position}. */
    void onStreamReached(long position) {
        waitsBefore = segments.onStreamReached(position) ? NOWHERE : position;
    }

    /** Returns whether a segment whose turn has come waits for a receive. */
    boolean waits() {
        return waitsBefore != NOWHERE;
    }

    /** Goes on if a segment waits; it may have to wait again. */
    void resume() {
        if (waits()) {
            onStreamReached(waitsBefore);
        }
    }

    /** Forgets what waits for its turn: the stream takes no more segments. */
    void silence() {
        waitsBefore = NOWHERE;
        segments.clear();
    }

    @Override
    public Decision onSegmentAhead(DdpSegment segment, int messagesAhead) {
        RdmapOpcode opcode = RdmapControl.opcode(segment.ulpControl());
        if (opcode == null
                || RdmapControl.version(segment.ulpControl()) != RdmapControl.VERSION
                || opcode.tagged() != segment.tagged()
                || (!opcode.tagged() && segment.queueNumber() != opcode.queueNumber())) {
            return Decision.REFUSE;
        }
        placement.pieces().clear();
        boolean place;
        switch (opcode) {
            case RDMA_WRITE -> place = tagged.placeWriteAhead(segment, placement.pieces());
            case READ_RESPONSE -> place = tagged.placeReadResponseAhead(segment, placement.pieces());
            case SEND, SEND_INVALIDATE, SEND_SOLICITED, SEND_SOLICITED_INVALIDATE ->
                place = sends.placeAhead(segment, messagesAhead, placement.pieces());
            default -> {
                return Decision.KEEP;
            }
        }
        return place ? Decision.PLACE : Decision.REFUSE;
    }

    @Override
    public PlacementTarget placement() {
        return placement;
    }
}
