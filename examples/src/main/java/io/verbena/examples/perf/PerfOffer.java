package io.verbena.examples.perf;

import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;

/**
 * The server's private data on the control connection: where the data connections go, and what they show to be let in. On the
 * wire: letters and version (4), token (8), port (4), memory (20).
 *
 * @param token proves that a data connection is of this client
 * @param port where the data connections go, on the host of the control connection
 * @param memory the server's memory
 */
record PerfOffer(long token, int port, RemoteRegion memory) {
    private static final int ENCODED_OCTETS = 16 + RemoteRegion.ENCODED_OCTETS;

    byte[] encode() {
        ByteBuffer octets = ByteBuffer.allocate(ENCODED_OCTETS)
                .putInt(PerfParameters.greeting())
                .putLong(token)
                .putInt(port);
        memory.encode(octets);
        return octets.array();
    }

    /**
     * Reads one from octets that a server sent.
     *
     * @throws IllegalArgumentException saying what is wrong with them
     */
    static PerfOffer decode(byte[] privateData) {
        String foreign = PerfParameters.foreign(privateData, "the server");
        if (foreign != null) {
            throw new IllegalArgumentException(foreign);
        }
        if (privateData.length != ENCODED_OCTETS) {
            throw new IllegalArgumentException(
                    "the server's answer has " + privateData.length + " octets where " + ENCODED_OCTETS + " belong");
        }
        ByteBuffer octets = ByteBuffer.wrap(privateData);
        octets.getInt();
        long token = octets.getLong();
        int port = octets.getInt();
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("the server names " + port + " as its port for data");
        }
        return new PerfOffer(token, port, RemoteRegion.decode(octets));
    }
}
