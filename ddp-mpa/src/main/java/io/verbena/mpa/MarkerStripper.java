package io.verbena.mpa;

import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MarkerLayout;
import java.nio.ByteBuffer;

/**
 * Takes the markers out of received FPDUs (RFC 5044 section 4.3), when this side asked for markers.
 *
 * <p>Keeps the stream position of its direction: look at one FPDU with {@link #rawOctets}, judge it with
 * {@link #firstError}, then compact it with {@link #strip}, which moves on to the next one. Belongs to the event loop of
 * the stream; allocates nothing. Lengths that a peer announces are bounded by the 16 bits of ULPDU_Length.
 */
public final class MarkerStripper {
    /** Result of {@link #rawOctets} while ULPDU_Length has not arrived. */
    public static final int NEED_MORE = -1;

    private static final int POINTER_BITS = 0xFFFF;

    private final FpduCrc crc = new FpduCrc();
    private final boolean crcInUse;
    private final boolean checkPointers;
    private long position;

    /**
     * Creates a stripper at the beginning of the stream.
     *
     * @param crcInUse whether CRCs were agreed; if not, the CRC fields are not looked at
     * @param checkPointers whether FPDUPTR is compared with the lengths, which RFC 5044 section 5.2 leaves open
     */
    public MarkerStripper(boolean crcInUse, boolean checkPointers) {
        this(crcInUse, checkPointers, 0);
    }

    /**
     * Creates a stripper in the middle of a stream, between two FPDUs.
     *
     * @param crcInUse whether CRCs were agreed; if not, the CRC fields are not looked at
     * @param checkPointers whether FPDUPTR is compared with the lengths
     * @param position stream position, octets behind the startup frame
     */
    public MarkerStripper(boolean crcInUse, boolean checkPointers, long position) {
        this.crcInUse = crcInUse;
        this.checkPointers = checkPointers;
        this.position = position;
    }

    /**
     * Position of the next FPDU, which is that of its leading marker if it has one.
     *
     * @return octets behind the startup frame, markers included
     */
    public long position() {
        return position;
    }

    /**
     * Octets the FPDU at the current position takes on the stream.
     *
     * @param borrowed big-endian buffer with the octets that have arrived
     * @param offset absolute index of the octet at the current position
     * @param available octets at hand from there
     * @return octets with markers and CRC field, or {@link #NEED_MORE}
     */
    public int rawOctets(ByteBuffer borrowed, int offset, int available) {
        int lead = leadingMarkerOctets();
        if (!FpduLayout.fits(available - lead)) {
            return NEED_MORE;
        }
        return MarkerLayout.markedOctets(
                position, FpduLayout.fpduOctets(FpduLayout.ulpduLength(borrowed, offset + lead)));
    }

    /**
     * Judges the FPDU at the current position: its CRC first, because a pointer in damaged octets says nothing.
     *
     * @param borrowed big-endian buffer with the whole FPDU
     * @param offset absolute index of the octet at the current position
     * @return what is wrong, or null if the FPDU is good
     */
    public MpaError firstError(ByteBuffer borrowed, int offset) {
        int lead = leadingMarkerOctets();
        int raw = rawOctets(borrowed, offset, lead + FpduLayout.ULPDU);
        if (crcInUse) {
            int covered = raw - FpduLayout.CRC_OCTETS;
            crc.reset();
            crc.update(borrowed, offset, covered);
            if (!crc.matches(borrowed, offset + covered)) {
                return MpaError.CRC_MISMATCH;
            }
        }
        if (checkPointers && !pointersAgree(borrowed, offset, lead, raw)) {
            return MpaError.MARKER_MISMATCH;
        }
        return null;
    }

    /**
     * Takes the markers out of the FPDU at the current position and moves on. Afterwards the FPDU lies in one piece from
     * {@code offset} on; its CRC field is still that of the marked octets.
     *
     * @param borrowed big-endian buffer with the whole FPDU; changed in place
     * @param offset absolute index of the octet at the current position
     * @return octets of the FPDU without markers
     */
    public int strip(ByteBuffer borrowed, int offset) {
        int raw = rawOctets(borrowed, offset, leadingMarkerOctets() + FpduLayout.ULPDU);
        int untilMarker = MarkerLayout.octetsToMarker(position);
        int from = 0;
        int to = 0;
        while (raw - from > untilMarker) {
            move(borrowed, offset, from, to, untilMarker);
            to += untilMarker;
            from += untilMarker + MarkerLayout.OCTETS;
            untilMarker = MarkerLayout.MATERIAL_OCTETS;
        }
        move(borrowed, offset, from, to, raw - from);
        position += raw;
        return to + raw - from;
    }

    /** Returns the octets of the marker that the FPDU at the current position begins with, 0 if it begins with none. */
    int leadingMarkerOctets() {
        return MarkerLayout.isMarkerPosition(position) ? MarkerLayout.OCTETS : 0;
    }

    private boolean pointersAgree(ByteBuffer buffer, int offset, int lead, int raw) {
        if (lead != 0 && MarkerLayout.fpduPointer(buffer, offset) != 0) {
            return false;
        }
        int marker = MarkerLayout.octetsToMarker(position + lead);
        for (; marker < raw - lead; marker += MarkerLayout.INTERVAL_OCTETS) {
            // No sender may make an FPDU so long that its last pointers need more than 16 bits, but a receiver can meet
            // one.
            if (MarkerLayout.fpduPointer(buffer, offset + lead + marker) != (marker & POINTER_BITS)) {
                return false;
            }
        }
        return true;
    }

    private static void move(ByteBuffer buffer, int offset, int from, int to, int lengthOctets) {
        if (from != to && lengthOctets > 0) {
            buffer.put(offset + to, buffer, offset + from, lengthOctets);
        }
    }
}
