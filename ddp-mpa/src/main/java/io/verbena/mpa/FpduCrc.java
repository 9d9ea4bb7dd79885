package io.verbena.mpa;

import io.verbena.mpa.wire.FpduLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The CRC of one FPDU at a time, taken over pieces that may lie in several buffers (RFC 5044 section 4.4).
 *
 * <p>Owned by one thread, reused for every FPDU; allocates nothing. Buffers are borrowed for the call, their position
 * and limit are the same before and after. The CRC field is the one place on the wire with the least significant octet
 * first.
 */
public final class FpduCrc {
    private final CRC32C crc = new CRC32C();

    /** Creates a CRC over nothing. */
    public FpduCrc() {}

    /** Starts the next FPDU. */
    public void reset() {
        crc.reset();
    }

    /**
     * Adds a range.
     *
     * @param borrowed buffer with the octets; any byte order, heap or direct
     * @param offset absolute index of the first octet
     * @param lengthOctets how many, may be 0
     */
    public void update(ByteBuffer borrowed, int offset, int lengthOctets) {
        if (borrowed.hasArray()) {
            crc.update(borrowed.array(), borrowed.arrayOffset() + offset, lengthOctets);
            return;
        }
        int position = borrowed.position();
        int limit = borrowed.limit();
        try {
            borrowed.limit(offset + lengthOctets).position(offset);
            crc.update(borrowed);
        } finally {
            borrowed.limit(limit).position(position);
        }
    }

    /**
     * Register value, as {@link CRC32C#getValue()} has it.
     *
     * @return the CRC of everything since the last reset
     */
    public int value() {
        return (int) crc.getValue();
    }

    /**
     * Value to put into a big-endian buffer so that the octets come out in wire order.
     *
     * @return the CRC with its octets reversed
     */
    public int wireValue() {
        return Integer.reverseBytes(value());
    }

    /**
     * Writes the CRC field.
     *
     * @param borrowed big-endian buffer
     * @param offset where the CRC field starts
     */
    public void store(ByteBuffer borrowed, int offset) {
        borrowed.putInt(offset, wireValue());
    }

    /**
     * Compares with a received CRC field.
     *
     * @param borrowed big-endian buffer
     * @param offset where the CRC field starts
     * @return true if the field holds the CRC of everything since the last reset
     */
    public boolean matches(ByteBuffer borrowed, int offset) {
        return borrowed.getInt(offset) == wireValue();
    }

    /**
     * Computes and writes the CRC of an FPDU that lies in one piece without markers.
     *
     * @param borrowed big-endian buffer holding length, ULPDU and pad, with room for the CRC field
     * @param offset where the FPDU starts
     */
    public void seal(ByteBuffer borrowed, int offset) {
        int body = FpduLayout.bodyOctets(FpduLayout.ulpduLength(borrowed, offset));
        reset();
        update(borrowed, offset, body);
        store(borrowed, offset + body);
    }

    /**
     * Checks the CRC of an FPDU that lies in one piece without markers.
     *
     * @param borrowed big-endian buffer holding the whole FPDU
     * @param offset where the FPDU starts
     * @return true if the CRC is good
     */
    public boolean verify(ByteBuffer borrowed, int offset) {
        int body = FpduLayout.bodyOctets(FpduLayout.ulpduLength(borrowed, offset));
        reset();
        update(borrowed, offset, body);
        return matches(borrowed, offset + body);
    }
}
