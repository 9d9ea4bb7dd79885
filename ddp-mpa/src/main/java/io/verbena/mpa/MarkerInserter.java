package io.verbena.mpa;

import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MarkerLayout;
import java.nio.ByteBuffer;

/**
 * Writes FPDUs with markers (RFC 5044 section 4.3), for a peer that asked for them.
 *
 * <p>Keeps the stream position of its direction, so every FPDU of that direction has to pass through it, in order.
 * Belongs to the event loop of the stream; allocates nothing.
 */
public final class MarkerInserter {
    private final FpduCrc crc = new FpduCrc();
    private final boolean crcInUse;
    private long position;

    /**
     * Creates an inserter at the beginning of the stream.
     *
     * @param crcInUse whether CRCs were agreed; if not, the CRC fields are zero
     */
    public MarkerInserter(boolean crcInUse) {
        this(crcInUse, 0);
    }

    /**
     * Creates an inserter in the middle of a stream, between two FPDUs.
     *
     * @param crcInUse whether CRCs were agreed; if not, the CRC fields are zero
     * @param position stream position, octets behind the startup frame
     */
    public MarkerInserter(boolean crcInUse, long position) {
        this.crcInUse = crcInUse;
        this.position = position;
    }

    /**
     * Position of the next octet to be sent.
     *
     * @return octets sent behind the startup frame, markers included
     */
    public long position() {
        return position;
    }

    /**
     * Octets that the next FPDU will take, so that the caller can see whether it has room.
     *
     * @param ulpduLength length of its ULPDU in octets
     * @return octets with markers and CRC field
     */
    public int octetsFor(int ulpduLength) {
        return MarkerLayout.markedOctets(position, FpduLayout.fpduOctets(ulpduLength));
    }

    /**
     * Writes one FPDU with its markers and its CRC field and moves on.
     *
     * @param borrowedBody big-endian buffer with length field, ULPDU and pad in one piece
     * @param bodyOffset where the length field is
     * @param borrowedOut big-endian buffer to write to, with room for {@link #octetsFor}; not the same octets as the body
     * @param outOffset absolute index of the first octet to write
     * @return octets written
     */
    public int insert(ByteBuffer borrowedBody, int bodyOffset, ByteBuffer borrowedOut, int outOffset) {
        int bodyOctets = FpduLayout.bodyOctets(FpduLayout.ulpduLength(borrowedBody, bodyOffset));
        int out = outOffset;
        if (MarkerLayout.isMarkerPosition(position)) {
            MarkerLayout.put(borrowedOut, out, 0);
            out += MarkerLayout.OCTETS;
        }
        int fpduStart = out;
        int untilMarker = MarkerLayout.octetsToMarker(position + (out - outOffset));
        int done = 0;
        // The octets of the body from one marker to the next, then that marker; the CRC field is never split because
        // everything is a multiple of four.
        while (bodyOctets - done >= untilMarker) {
            borrowedOut.put(out, borrowedBody, bodyOffset + done, untilMarker);
            done += untilMarker;
            out += untilMarker;
            MarkerLayout.put(borrowedOut, out, out - fpduStart);
            out += MarkerLayout.OCTETS;
            untilMarker = MarkerLayout.MATERIAL_OCTETS;
        }
        borrowedOut.put(out, borrowedBody, bodyOffset + done, bodyOctets - done);
        out += bodyOctets - done;
        putCrcField(borrowedOut, outOffset, out);
        out += FpduLayout.CRC_OCTETS;
        position += out - outOffset;
        return out - outOffset;
    }

    private void putCrcField(ByteBuffer out, int start, int end) {
        if (crcInUse) {
            crc.reset();
            crc.update(out, start, end - start);
            crc.store(out, end);
        } else {
            out.putInt(end, 0);
        }
    }
}
