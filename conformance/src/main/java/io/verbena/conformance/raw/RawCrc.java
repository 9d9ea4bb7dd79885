package io.verbena.conformance.raw;

/** CRC32c bit by bit: slow, short, and not the JDK's (RFC 5044 section 4.4). */
final class RawCrc {
    private static final int REFLECTED_POLYNOMIAL = 0x82F6_3B78;

    private int register = -1;

    void add(int octet) {
        register ^= octet & 0xFF;
        for (int bit = 0; bit < 8; bit++) {
            register = (register & 1) != 0 ? (register >>> 1) ^ REFLECTED_POLYNOMIAL : register >>> 1;
        }
    }

    /** Returns octet {@code i} of the four in the order in which they travel: least significant first. */
    int wireOctet(int i) {
        return (~register >>> (8 * i)) & 0xFF;
    }
}
