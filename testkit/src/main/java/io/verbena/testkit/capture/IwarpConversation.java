package io.verbena.testkit.capture;

import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.MarkerStripper;
import io.verbena.mpa.MpaError;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import io.verbena.observe.FrameLine;
import io.verbena.testkit.capture.DecodedFrame.Crc;
import io.verbena.testkit.capture.DecodedFrame.Kind;
import io.verbena.verbs.observe.StackEvents.Direction;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One connection seen as iWARP: the Request, the Reply, then FPDUs both ways under what the two frames agree on.
 *
 * <p>Frames are decoded as soon as their octets are complete. A direction that cannot be read any further (no startup
 * frame, an FPDU that breaks a rule so that its end is not known) keeps its octets, which {@link #octetsLeft} counts.
 * Used by one thread.
 */
public final class IwarpConversation {
    private final int ordinal;
    private final TcpConnection connection;
    private final Inbox fromOpener = new Inbox();
    private final Inbox fromAcceptor = new Inbox();
    private final List<DecodedFrame> frames = new ArrayList<>();
    private Inbox initiator;
    private boolean requestMarkers;
    private boolean requestCrc;
    private boolean crcInUse;
    private boolean established;
    private String trouble;

    IwarpConversation(int ordinal, InetSocketAddress opener, InetSocketAddress acceptor) {
        this.ordinal = ordinal;
        this.connection = new TcpConnection(opener, acceptor, this::onOctets);
    }

    void onSegment(TcpSegment segment) {
        connection.onSegment(segment);
    }

    /**
     * Number of the connection in its capture.
     *
     * @return 1 for the first; stands in the column of the queue pair
     */
    public int ordinal() {
        return ordinal;
    }

    public InetSocketAddress opener() {
        return connection.opener();
    }

    public InetSocketAddress acceptor() {
        return connection.acceptor();
    }

    public List<DecodedFrame> frames() {
        return Collections.unmodifiableList(frames);
    }

    /**
     * Tells whether both startup frames were seen and the connection was not rejected.
     *
     * @return true if FPDUs may follow
     */
    public boolean established() {
        return established;
    }

    public boolean crcInUse() {
        return crcInUse;
    }

    /**
     * Octets of both directions that belong to no complete frame.
     *
     * @return 0 if the conversation was decoded to its end
     */
    public int octetsLeft() {
        return fromOpener.length() + fromAcceptor.length() + connection.octetsBehindGap();
    }

    /**
     * What stopped the decoding.
     *
     * @return a sentence, or null if nothing did
     */
    public String trouble() {
        return trouble;
    }

    private void onOctets(boolean openers, ByteBuffer given) {
        (openers ? fromOpener : fromAcceptor).add(given);
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
        if (kind == null || (kind == MpaFrameKind.REPLY) == (initiator == null) || initiator == from) {
            trouble = "no MPA startup frame where one was due: "
                    + FrameLine.startup(Direction.SENT, from.octets, from.start, from.length());
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
        frames.add(new DecodedFrame(
                from == initiator,
                kind == MpaFrameKind.REQUEST ? Kind.REQUEST : Kind.REPLY,
                null,
                Crc.NOT_IN_USE,
                null,
                false,
                from.copy(octets),
                FrameLine.startup(direction(from), from.octets, from.start, octets)));
        from.take(octets);
        return true;
    }

    private void agree(Inbox responder, MpaFrame reply) {
        established = !reply.rejected();
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
        if (crcInUse) {
            crc = new FpduCrc().verify(from.octets, from.start) ? Crc.GOOD : Crc.BAD;
        }
        addFpdu(from, crc, octets);
        from.take(octets);
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
        addFpdu(from, crc, from.stripper.strip(from.octets, from.start));
        from.take(raw);
        return true;
    }

    private void addFpdu(Inbox from, Crc crc, int fpduOctets) {
        frames.add(FpduReader.read(from == initiator, ordinal, crc, from.copy(fpduOctets)));
    }

    private Direction direction(Inbox from) {
        return from == initiator ? Direction.SENT : Direction.RECEIVED;
    }

    /** Octets of one direction that have not been decoded yet. */
    private static final class Inbox {
        private ByteBuffer octets = ByteBuffer.allocate(4096);
        private int start;
        private int end;
        private boolean startupSeen;
        private MarkerStripper stripper;

        int length() {
            return end - start;
        }

        void add(ByteBuffer given) {
            if (octets.capacity() - end < given.remaining()) {
                ByteBuffer larger =
                        ByteBuffer.allocate(Math.max(octets.capacity(), 2 * (length() + given.remaining())));
                larger.put(0, octets, start, length());
                end = length();
                start = 0;
                octets = larger;
            }
            int count = given.remaining();
            octets.put(end, given, given.position(), count);
            end += count;
        }

        ByteBuffer copy(int count) {
            return ByteBuffer.allocate(count).put(0, octets, start, count).asReadOnlyBuffer();
        }

        void take(int count) {
            start += count;
        }
    }
}
