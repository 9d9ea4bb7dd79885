package io.verbena.mpa;

import io.verbena.mpa.wire.FpduLayout;
import java.nio.ByteBuffer;

/**
 * FPDUs that come in one piece and out of their turn, from a layer below that knows where they begin (RFC 5044 section 4.3).
 *
 * <p>One that is not good is not an error here: what would end the stream acts only when the stream has come to it, and then
 * {@link FpduDeframer} finds it.
 *
 * <p>Thread rule: the stream's loop.
 */
public final class WholeFpdus {
    /** Result of {@link #ulpduOctets}: the FPDU is not good. */
    public static final int NOT_GOOD = -1;

    private final boolean crcInUse;
    private final boolean markersInUse;
    private final FpduCrc crc = new FpduCrc();

    /**
     * Makes a judge of the FPDUs of one stream.
     *
     * @param markersInUse whether the peer sends markers: then no FPDU can be understood alone, and none is good
     */
    public WholeFpdus(boolean crcInUse, boolean markersInUse) {
        this.crcInUse = crcInUse;
        this.markersInUse = markersInUse;
    }

    /**
     * Judges an FPDU.
     *
     * @param lent big-endian buffer that has the FPDU, and nothing else, between position and limit
     * @return the length of its ULPDU, which begins {@link FpduLayout#ULPDU} octets behind the position; or {@link #NOT_GOOD}
     */
    public int ulpduOctets(ByteBuffer lent) {
        int available = lent.remaining();
        if (markersInUse || !FpduLayout.fits(available)) {
            return NOT_GOOD;
        }
        int length = FpduLayout.ulpduLength(lent, lent.position());
        if (FpduLayout.fpduOctets(length) != available || (crcInUse && !crc.verify(lent, lent.position()))) {
            return NOT_GOOD;
        }
        return length;
    }
}
