package io.verbena.capture.decode;

import io.verbena.capture.decode.DecodedFrame.Crc;
import io.verbena.capture.decode.DecodedFrame.Kind;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.MarkerStripper;
import io.verbena.mpa.MpaError;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import io.verbena.observe.FrameLine;
import io.verbena.verbs.observe.StackEvents.Direction;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Both directions of a connection seen as iWARP: octets of streaming mode perhaps, the Request, the Reply, then FPDUs both
 * ways under what the two frames agree on.
 *
 * <p>Frames are decoded as soon as their octets are complete. Used by one thread.
 */
final class MpaStreams {
    private final String name;
    private final Consumer<DecodedFrame> frames;
    private final Inbox fromOpener = new Inbox();
    private final Inbox fromAcceptor = new Inbox();
    private Inbox initiator;
    private boolean requestMarkers;
    private boolean requestCrc;
    private boolean crcInUse;
    private boolean crcUnknown;
    private boolean established;
    private boolean rejected;
    private String trouble;
    private long plainOctets;

    /**
     * Sees nothing yet.
     *
     * @param name what the connection is called in lines
     * @param frames takes each frame
     */
    MpaStreams(String name, Consumer<DecodedFrame> frames) {
        this.name = name;
        this.frames = frames;
    }

    /** Expects FPDUs without markers at once: whether there are CRCs is seen from each one. */
    void withoutStartup() {
        initiator = fromOpener;
        fromOpener.startupSeen = true;
        fromAcceptor.startupSeen = true;
        crcUnknown = true;
        established = true;
    }

    boolean established() {
        return established;
    }

    boolean crcInUse() {
        return crcInUse;
    }

    /** Octets of memory that wait to become whole frames. */
    int heldOctets() {
        return fromOpener.octets.capacity() + fromAcceptor.octets.capacity();
    }

    int octetsLeft() {
        return fromOpener.length() + fromAcceptor.length();
    }

    long plainOctets() {
        return plainOctets;
    }

    /** Returns why the decoding stopped, or null. */
    String trouble() {
        if (trouble == null && initiator == null && plainOctets > 0) {
            return "no MPA startup frame in " + (plainOctets + octetsLeft())
                    + " octets: it is no MPA connection, or its beginning is not there";
        }
        return trouble;
    }

    /** Takes octets that follow those before in the same direction; borrowed. */
    void onOctets(boolean openers, ByteBuffer borrowed) {
        if (trouble != null || rejected) {
            // What cannot be read, or is none of MPA's, is counted and not kept.
            plainOctets += borrowed.remaining();
            return;
        }
        (openers ? fromOpener : fromAcceptor).add(borrowed);
        boolean progress = true;
        while (progress && trouble == null) {
            progress = decodeNext(openers ? fromOpener : fromAcceptor);
            // A Reply lets FPDUs be read that came, against the rules, before it was complete.
            progress |= decodeNext(openers ? fromAcceptor : fromOpener);
        }
    }

    private boolean decodeNext(Inbox from) {
        if (from.length() == 0 || trouble != null) {
            return false;
        }
        if (!from.startupSeen) {
            plainOctets += from.skipToKey();
            return decodeStartup(from);
        }
        return established && decodeFpdu(from);
    }

    private boolean decodeStartup(Inbox from) {
        if (!MpaFrame.fits(from.length())) {
            return false;
        }
        MpaFrame frame = new MpaFrame().wrap(from.octets, from.start);
        MpaFrameKind kind = frame.kind();
        if (kind == null) {
            // The key is cut by the end of what is there, which skipToKey has left.
            return false;
        }
        if ((kind == MpaFrameKind.REPLY) == (initiator == null)) {
            trouble = kind == MpaFrameKind.REPLY
                    ? "an MPA Reply, and no Request before it"
                    : "an MPA Request from both ends";
            return false;
        }
        if (from.length() < frame.octets()) {
            return false;
        }
        from.startupSeen = true;
        if (kind == MpaFrameKind.REQUEST) {
            initiator = from;
            requestMarkers = frame.markers();
            requestCrc = frame.crc();
        } else {
            agree(from, frame);
        }
        int octets = frame.octets();
        DecodedFrame decoded = new DecodedFrame(
                from == initiator,
                kind == MpaFrameKind.REQUEST ? Kind.REQUEST : Kind.REPLY,
                null,
                Crc.NOT_IN_USE,
                null,
                false,
                from.copy(octets),
                FrameLine.startup(direction(from), name, from.octets, from.start, octets));
        from.take(octets);
        frames.accept(decoded);
        if (rejected) {
            plainOctets += fromOpener.drop() + fromAcceptor.drop();
        }
        return true;
    }

    private void agree(Inbox responder, MpaFrame reply) {
        rejected = reply.rejected();
        established = !rejected;
        crcInUse = requestCrc || reply.crc();
        if (reply.markers()) {
            initiator.stripper = new MarkerStripper(crcInUse, true);
        }
        if (requestMarkers) {
            responder.stripper = new MarkerStripper(crcInUse, true);
        }
    }

    private boolean decodeFpdu(Inbox from) {
        return from.stripper == null ? decodePlain(from) : decodeMarked(from);
    }

    private boolean decodePlain(Inbox from) {
        if (!FpduLayout.fits(from.length())) {
            return false;
        }
        int octets = FpduLayout.fpduOctets(FpduLayout.ulpduLength(from.octets, from.start));
        if (from.length() < octets) {
            return false;
        }
        Crc crc = Crc.NOT_IN_USE;
        if (crcInUse || (crcUnknown && from.octets.getInt(from.start + octets - FpduLayout.CRC_OCTETS) != 0)) {
            crc = new FpduCrc().verify(from.octets, from.start) ? Crc.GOOD : Crc.BAD;
        }
        DecodedFrame decoded = fpdu(from, crc, octets);
        from.take(octets);
        frames.accept(decoded);
        return true;
    }

    private boolean decodeMarked(Inbox from) {
        int raw = from.stripper.rawOctets(from.octets, from.start, from.length());
        if (raw == MarkerStripper.NEED_MORE || from.length() < raw) {
            return false;
        }
        MpaError error = from.stripper.firstError(from.octets, from.start);
        if (error == MpaError.MARKER_MISMATCH) {
            trouble = error.sentence();
            return false;
        }
        Crc crc = Crc.NOT_IN_USE;
        if (crcInUse) {
            crc = error == null ? Crc.GOOD : Crc.BAD;
        }
        DecodedFrame decoded = fpdu(from, crc, from.stripper.strip(from.octets, from.start));
        from.take(raw);
        frames.accept(decoded);
        return true;
    }

    private DecodedFrame fpdu(Inbox from, Crc crc, int fpduOctets) {
        return FpduReader.read(from == initiator, name, crc, from.copy(fpduOctets));
    }

    private Direction direction(Inbox from) {
        return from == initiator ? Direction.SENT : Direction.RECEIVED;
    }

    /** Octets of one direction that have not been decoded yet. */
    private static final class Inbox {
        private static final int FIRST_ROOM_OCTETS = 4096;

        /** What both keys begin with. */
        private static final int COMMON_KEY_OCTETS = 9;

        private ByteBuffer octets = ByteBuffer.allocate(0);
        private int start;
        private int end;
        private boolean startupSeen;
        private MarkerStripper stripper;

        int length() {
            return end - start;
        }

        void add(ByteBuffer borrowed) {
            int count = borrowed.remaining();
            if (octets.capacity() - end < count) {
                int room = Math.max(FIRST_ROOM_OCTETS, 2 * (length() + count));
                ByteBuffer larger = octets.capacity() >= room ? octets : ByteBuffer.allocate(room);
                larger.put(0, octets, start, length());
                end = length();
                start = 0;
                octets = larger;
            }
            octets.put(end, borrowed, borrowed.position(), count);
            end += count;
        }

        /** Skips octets of streaming mode, up to what is, or may become, the key of a startup frame; returns how many. */
        int skipToKey() {
            int from = start;
            while (start < end) {
                int compared = Math.min(COMMON_KEY_OCTETS, end - start);
                if (MpaFrameKind.REQUEST.matchingOctets(octets, start, compared) == compared) {
                    int whole = Math.min(MpaFrameKind.KEY_OCTETS, end - start);
                    if (MpaFrameKind.REQUEST.matchingOctets(octets, start, whole) == whole
                            || MpaFrameKind.REPLY.matchingOctets(octets, start, whole) == whole) {
                        break;
                    }
                }
                start++;
            }
            return start - from;
        }

        ByteBuffer copy(int count) {
            return ByteBuffer.allocate(count).put(0, octets, start, count).asReadOnlyBuffer();
        }

        void take(int count) {
            start += count;
        }

        int drop() {
            int dropped = length();
            start = end;
            return dropped;
        }
    }
}
