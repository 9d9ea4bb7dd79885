package io.verbena.rdmap;

import io.verbena.memory.ClosedMemory;
import io.verbena.memory.LentViews;
import io.verbena.memory.StagingBuffer;
import io.verbena.memory.TableEntry;
import io.verbena.mpa.FpduFramer;
import io.verbena.transport.ByteStream;
import io.verbena.transport.GatherList;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * FPDUs that are framed together and given to the transport in one gathering write, or in several where it does not take
 * all at once.
 *
 * <p>Registered memory is only pointed at; its regions are pinned while it is read: for the CRC, and in each write.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing in steady state.
 */
final class TransmitRound {
    /** Payload of at most so many octets is copied behind its header: cheaper than one more buffer in the system call. */
    static final int COPY_OCTETS = 1024;

    /** What became of framing a segment. */
    enum Framed {
        /** It is in the round. */
        YES,
        /** It does not fit in this round any more. */
        NO_ROOM,
        /** Its own memory is gone; the round is as before. */
        MEMORY_GONE,
        /** Memory of this round is gone: of this segment or of an earlier one; see {@link #gone()}. */
        ROUND_BROKEN,
        /** The buffer that the round is framed in may not be used for that; see {@link #strayed()}. */
        REFUSED
    }

    /** What became of writing. */
    enum Written {
        /** The transport has taken all of the round. */
        ALL,
        /** The transport takes no more now. */
        PART,
        /** Memory of this round is gone; see {@link #gone()}. */
        ROUND_BROKEN,
        /** The buffer that the round lies in may not be used for that; see {@link #strayed()}. */
        REFUSED
    }

    private final RdmapUser user;
    private final ByteStream bytes;
    private final ArenaSource arenas;
    private final int owner;
    private final boolean crc;
    private final boolean markers;
    private final int mulpduOctets;
    private final FpduFramer framer;

    /** What the round is framed in, with its list and its views; null between rounds. */
    private LoopResources.Arena arena;

    private GatherList gather;
    private LentViews views;
    private StagingBuffer markerBody;

    /** What the arena is used for: the bits of the uses of all messages in the round. */
    private int uses;

    private long start;
    private long taken;
    private TableEntry gone;
    private StagingBuffer strayed;

    TransmitRound(RdmapUser user, ByteStream bytes, ArenaSource arenas, StreamModes modes) {
        this.user = user;
        this.bytes = bytes;
        this.arenas = arenas;
        owner = user.number();
        crc = modes.crc();
        markers = modes.sendMarkers();
        mulpduOctets = modes.mulpduOctets();
        framer = new FpduFramer(crc, markers);
    }

    /**
     * Begins a round whose first message is {@code message}; false if there is no memory for it now, then the stream is
     * resumed when there is.
     */
    boolean begin(OutboundMessage message) {
        BufferUse use = BufferUses.outbound(message.opcode());
        if (markers) {
            markerBody = arenas.markerBody(use);
            if (markerBody == null) {
                return false;
            }
        }
        arena = arenas.take(use);
        if (arena == null) {
            if (markers) {
                markerBody = null;
                arenas.giveUpMarkerBody();
            }
            return false;
        }
        uses = use.bit();
        start = framer.framedOctets();
        gather = arena.gather();
        views = arena.views();
        framer.beginRound(arena.transmit(), markers ? markerBody.octets() : null, gather);
        return true;
    }

    /** Ends the framing; what is framed can be written now. */
    void end() {
        if (arena == null) {
            // The round was given up while it was framed.
            return;
        }
        framer.finishRound();
        if (markers) {
            giveMarkerBodyBack();
        }
        if (gather.remaining() == 0) {
            release();
        }
    }

    /** Returns whether something waits to be written. */
    boolean pending() {
        return arena != null && gather.remaining() > 0;
    }

    /** Returns the stream position behind the last octet that was framed. */
    long framed() {
        return framer.framedOctets();
    }

    /** Returns the stream position behind the last octet that the transport has taken. */
    long taken() {
        return taken;
    }

    /** Returns whether nothing of this round was taken, so that the stream stands between two FPDUs. */
    boolean untouched() {
        return taken == start;
    }

    /** Returns the buffer that is not this queue pair's any more, or not for what was to be done with it. */
    StagingBuffer strayed() {
        return strayed;
    }

    /** Returns whether what was framed can be taken back: nothing of it was taken, and it is in no marker's pointer. */
    boolean canBeUndone() {
        return untouched() && !markers;
    }

    /** Returns the region that was found to be gone. */
    TableEntry gone() {
        return gone;
    }

    /** Frames the next segment of {@code message}. */
    Framed frame(OutboundMessage message) {
        if (!notes(BufferUses.outbound(message.opcode()))) {
            return Framed.REFUSED;
        }
        int header = message.headerOctets();
        int octets = (int) Math.min(message.left(), mulpduOctets - header);
        boolean copies =
                markers || octets <= COPY_OCTETS || message.carriesItsOctets() || (crc && message.sharesItsOctets());
        return copies ? frameCopy(message, header, octets) : frameViews(message, header, octets);
    }

    /**
     * Frames all of {@code message} as one segment, whose octets are copied out of the memory that is kept pinned; false, and
     * the round is as before, if that is not possible.
     */
    boolean frameKept(OutboundMessage message, KeptPin kept, long address, int octets) {
        int header = message.headerOctets();
        if (markers
                || header + octets > mulpduOctets
                || !framer.fits(header, octets, 0, 0)
                || !notes(BufferUses.outbound(message.opcode()))) {
            return false;
        }
        ByteBuffer out = framer.arena();
        int at = framer.begin(header, octets);
        message.writeHeader(out, at, true);
        if (!kept.copyOut(address, out, at + header, octets)) {
            framer.abandon();
            return false;
        }
        framer.inlinePayload(octets);
        framer.end();
        return true;
    }

    /** Notes what the arena is used for; false if it may not be (SYS-POOL-03). */
    private boolean notes(BufferUse use) {
        int bit = use.bit();
        if ((uses & bit) == 0) {
            uses |= bit;
            arena.staging().extend(owner, use);
        }
        if (markers && !markerBody.admits(owner, bit)) {
            markerBody.reuse(owner, use);
        }
        return admits(arena.staging(), bit) && (!markers || admits(markerBody, bit));
    }

    private boolean admits(StagingBuffer buffer, int kinds) {
        if (buffer.admits(owner, kinds)) {
            return true;
        }
        strayed = buffer;
        return false;
    }

    private Framed frameCopy(OutboundMessage message, int header, int octets) {
        if (!framer.fits(header, octets, 0, 0)) {
            return Framed.NO_ROOM;
        }
        int at = framer.begin(header, octets);
        message.writeHeader(framer.arena(), at, octets == message.left());
        if (!message.copyOctets(framer.arena(), at + header, octets)) {
            framer.abandon();
            gone = message.pieces().withdrawn();
            return Framed.MEMORY_GONE;
        }
        framer.inlinePayload(octets);
        endSegment(message, at, header, octets);
        return Framed.YES;
    }

    private Framed frameViews(OutboundMessage message, int header, int most) {
        if (views.room() == 0 || !framer.fits(header, 0, most, views.room())) {
            return Framed.NO_ROOM;
        }
        int first = views.count();
        // A segment may be shorter than MULPDU where its memory lies in too many pieces for the list.
        int octets = (int) message.pieces().views(views, most);
        if (crc) {
            gone = views.pinAll();
            if (gone != null) {
                views.giveBackFrom(first);
                return Framed.ROUND_BROKEN;
            }
        }
        int at = framer.begin(header, octets);
        message.writeHeader(framer.arena(), at, octets == message.left());
        try {
            for (int i = first; i < views.count(); i++) {
                framer.gather(views.view(i));
            }
        } finally {
            if (crc) {
                views.unpinAll();
            }
        }
        message.pieces().advance(octets);
        endSegment(message, at, header, octets);
        return Framed.YES;
    }

    private void endSegment(OutboundMessage message, int at, int header, int octets) {
        ByteBuffer out = framer.arena();
        framer.end();
        StackEvents events = user.events();
        if (events != null) {
            // Octets that a message carries itself stand right behind its headers: the ULP's own header among them.
            int headers = message.opcode().headerOctets() > 0 ? header + octets : header;
            events.onSegment(
                    user.deviceName(), StackEvents.Direction.SENT, user.number(), out, at, headers, header + octets);
        }
        message.framed(octets);
    }

    /** Gives what is framed to the transport. */
    Written write() {
        if (!admits(arena.staging(), uses)) {
            return Written.REFUSED;
        }
        gone = views.pinAll();
        if (gone != null) {
            return Written.ROUND_BROKEN;
        }
        long octets;
        try {
            octets = bytes.write(gather);
        } catch (RuntimeException failure) {
            gone = ClosedMemory.isReasonOf(failure) ? views.closed() : null;
            if (gone == null) {
                throw failure;
            }
            return Written.ROUND_BROKEN;
        } finally {
            views.unpinAll();
        }
        taken += octets;
        StackEvents events = user.events();
        if (octets > 0 && events != null) {
            events.onSocketTransfer(user.deviceName(), StackEvents.Direction.SENT, user.number(), octets);
        }
        if (gather.remaining() > 0) {
            return Written.PART;
        }
        release();
        return Written.ALL;
    }

    /** Forgets what was not written. */
    void drop() {
        if (arena != null) {
            release();
        }
    }

    /** Forgets a round of which nothing was written, as if it had never been framed. */
    void undo() {
        framer.rewind(taken);
        drop();
    }

    private void giveMarkerBodyBack() {
        if (markerBody != null) {
            markerBody = null;
            arenas.giveMarkerBodyBack();
        }
    }

    private void release() {
        gather.clear();
        views.giveBackAll();
        giveMarkerBodyBack();
        arenas.giveBack(arena);
        arena = null;
        gather = null;
        views = null;
    }
}
