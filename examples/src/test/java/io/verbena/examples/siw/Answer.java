package io.verbena.examples.siw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the peer says when it has done what an {@link Order} says: {@code struct answer} of {@code memory-peer.c}.
 *
 * @param differences octets that the peer found to be others than expected
 * @param stag of the memory that it exposes
 * @param address of the memory that it exposes
 * @param report what its completions said on the connection before
 * @param revoked the STag that its Send took away, or 0
 */
record Answer(int differences, int stag, long address, String report, int revoked) {
    static final int ENCODED_OCTETS = 256;
    private static final int REPORT_OFFSET = 16;

    /** Decodes the {@value #ENCODED_OCTETS} octets of {@code borrowed} from {@code offset} on. */
    static Answer decode(ByteBuffer borrowed, int offset, int revoked) {
        byte[] text = new byte[ENCODED_OCTETS - REPORT_OFFSET];
        borrowed.get(offset + REPORT_OFFSET, text);
        String report = new String(text, StandardCharsets.US_ASCII);
        int end = report.indexOf('\0');
        return new Answer(
                borrowed.getInt(offset),
                borrowed.getInt(offset + 4),
                borrowed.getLong(offset + 8),
                end < 0 ? report : report.substring(0, end),
                revoked);
    }
}
