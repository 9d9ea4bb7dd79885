package io.verbena.verbs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a peer has to know to reach a piece of memory here: a value that is sent in private data or in a message.
 *
 * <p>Encoded as 20 octets, big-endian: address (8), STag (4), length (8).
 *
 * @param stag the STag
 * @param address address of the first octet (the Tagged Offset of RFC 5041)
 * @param lengthOctets octets, 0 or more
 */
public record RemoteRegion(int stag, long address, long lengthOctets) {
    /** Length of the encoded form in octets. */
    public static final int ENCODED_OCTETS = 20;

    /** Checks the length. */
    public RemoteRegion {
        if (lengthOctets < 0) {
            throw new IllegalArgumentException("length " + lengthOctets + " must not be negative");
        }
    }

    /** Returns the part that begins {@code offset} octets in and is {@code length} octets long. */
    public RemoteRegion slice(long offset, long length) {
        if (offset < 0 || length < 0 || offset > lengthOctets - length) {
            throw new IndexOutOfBoundsException("slice of " + length + " octets at " + offset + " exceeds the region's "
                    + lengthOctets + " octets");
        }
        return new RemoteRegion(stag, address + offset, length);
    }

    /** Writes the encoded form at the position of {@code target} and advances it. */
    public void encode(ByteBuffer target) {
        ByteOrder order = target.order();
        target.order(ByteOrder.BIG_ENDIAN)
                .putLong(address)
                .putInt(stag)
                .putLong(lengthOctets)
                .order(order);
    }

    /** Returns the encoded form. */
    public byte[] encode() {
        byte[] octets = new byte[ENCODED_OCTETS];
        encode(ByteBuffer.wrap(octets));
        return octets;
    }

    /**
     * Reads the encoded form at the position of {@code source} and advances it.
     *
     * @throws IllegalArgumentException if fewer than {@link #ENCODED_OCTETS} octets remain
     */
    public static RemoteRegion decode(ByteBuffer source) {
        if (source.remaining() < ENCODED_OCTETS) {
            throw new IllegalArgumentException("an encoded remote region is " + ENCODED_OCTETS + " octets, only "
                    + source.remaining() + " are there");
        }
        ByteOrder order = source.order();
        source.order(ByteOrder.BIG_ENDIAN);
        long address = source.getLong();
        int stag = source.getInt();
        long length = source.getLong();
        source.order(order);
        return new RemoteRegion(stag, address, length);
    }

    @Override
    public String toString() {
        return "STag " + STag.toString(stag) + " address 0x" + Long.toHexString(address) + " length " + lengthOctets;
    }
}
