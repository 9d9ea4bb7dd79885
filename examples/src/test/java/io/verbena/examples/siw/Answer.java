package io.verbena.examples.siw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the peer says when it has done what an {@link Order} says: {@code struct answer} of {@code orders.h}.
 *
 * @param differences octets that the peer found to be others than expected
 * @param stag of the memory that it exposes
 * @param address of the memory that it exposes
 * @param text what else it says
 * @param revoked the STag that its Send took away, or 0
 */
record Answer(int differences, int stag, long address, String text, int revoked) {
    static final int ENCODED_OCTETS = 256;
    private static final int TEXT_OFFSET = 16;

    /** Decodes the {@value #ENCODED_OCTETS} octets of {@code borrowed} from {@code offset} on. */
    static Answer decode(ByteBuffer borrowed, int offset, int revoked) {
        byte[] octets = new byte[ENCODED_OCTETS - TEXT_OFFSET];
        borrowed.get(offset + TEXT_OFFSET, octets);
        String text = new String(octets, StandardCharsets.US_ASCII);
        int end = text.indexOf('\0');
        return new Answer(
                borrowed.getInt(offset),
                borrowed.getInt(offset + 4),
                borrowed.getLong(offset + 8),
                end < 0 ? text : text.substring(0, end),
                revoked);
    }
}
