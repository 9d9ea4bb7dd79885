package io.verbena.examples.rping;

import java.nio.ByteBuffer;

/**
 * What both ends tell each other of a buffer. On the wire 16 octets, big-endian: address (8), STag (4), length (4).
 *
 * @param address address of the first octet
 * @param stag STag
 * @param lengthOctets length, unsigned on the wire
 */
record BufferAdvertisement(long address, int stag, int lengthOctets) {
    static final int ENCODED_OCTETS = 16;

    /** The answer "go ahead" has the form of an advertisement; its content is not looked at. */
    static final BufferAdvertisement GO_AHEAD = new BufferAdvertisement(0, 0, 0);

    ByteBuffer encode() {
        return ByteBuffer.allocate(ENCODED_OCTETS)
                .putLong(address)
                .putInt(stag)
                .putInt(lengthOctets)
                .flip();
    }

    static BufferAdvertisement decode(ByteBuffer octets, int offset) {
        return new BufferAdvertisement(octets.getLong(offset), octets.getInt(offset + 8), octets.getInt(offset + 12));
    }

    @Override
    public String toString() {
        return "address 0x" + Long.toHexString(address) + " rkey 0x" + Integer.toHexString(stag) + " length "
                + Integer.toUnsignedString(lengthOctets);
    }
}
