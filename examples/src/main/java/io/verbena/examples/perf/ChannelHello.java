package io.verbena.examples.perf;

import java.nio.ByteBuffer;

/**
 * The client's private data on a data connection. On the wire: letters and version (4), token (8), number (4).
 *
 * @param token the server's, from its {@link PerfOffer}
 * @param number which queue pair it is, from 0
 */
record ChannelHello(long token, int number) {
    private static final int ENCODED_OCTETS = 16;

    byte[] encode() {
        return ByteBuffer.allocate(ENCODED_OCTETS)
                .putInt(PerfParameters.greeting())
                .putLong(token)
                .putInt(number)
                .array();
    }

    /** Reads one from octets that a peer sent, or returns null if they are none. */
    static ChannelHello decode(byte[] privateData) {
        if (privateData.length != ENCODED_OCTETS || PerfParameters.foreign(privateData, "the client") != null) {
            return null;
        }
        ByteBuffer octets = ByteBuffer.wrap(privateData);
        octets.getInt();
        return new ChannelHello(octets.getLong(), octets.getInt());
    }
}
