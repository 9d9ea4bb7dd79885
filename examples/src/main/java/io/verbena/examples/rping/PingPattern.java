package io.verbena.examples.rping;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The text that travels: a heading with the number of the ping, then the letters A to z round and round, then a zero. */
final class PingPattern {
    private static final int FIRST = 'A';
    private static final int LAST = 'z';
    private static final int LETTERS = LAST - FIRST + 1;

    private PingPattern() {}

    /** Fills the first {@code size} octets of {@code target} for ping number {@code ping}. */
    static void fill(ByteBuffer target, int size, int ping) {
        byte[] heading = ("rdma-ping-" + ping + ": ").getBytes(StandardCharsets.US_ASCII);
        int letter = FIRST + ping % LETTERS;
        for (int i = 0; i < size - 1; i++) {
            if (i < heading.length) {
                target.put(i, heading[i]);
            } else {
                target.put(i, (byte) letter);
                letter = letter == LAST ? FIRST : letter + 1;
            }
        }
        target.put(size - 1, (byte) 0);
    }

    /** Returns the octets of the text in {@code source} with its closing zero, at most {@code limit}. */
    static int textOctets(ByteBuffer source, int limit) {
        for (int i = 0; i < limit; i++) {
            if (source.get(i) == 0) {
                return i + 1;
            }
        }
        return limit;
    }

    /** Returns the text in {@code source} without its closing zero. */
    static String text(ByteBuffer source, int limit) {
        int octets = textOctets(source, limit);
        int length = octets > 0 && source.get(octets - 1) == 0 ? octets - 1 : octets;
        byte[] text = new byte[length];
        source.get(0, text);
        // Octets of a peer: whatever is not printable ASCII must not reach a terminal.
        for (int i = 0; i < text.length; i++) {
            if (text[i] < 0x20 || text[i] == 0x7F) {
                text[i] = '.';
            }
        }
        return new String(text, StandardCharsets.US_ASCII);
    }
}
