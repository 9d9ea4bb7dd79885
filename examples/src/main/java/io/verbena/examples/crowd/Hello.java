package io.verbena.examples.crowd;

import java.nio.ByteBuffer;

/**
 * The private data of a connection. A client says who it is; the server answers with its credit.
 *
 * @param number the client's number, or its credit
 */
record Hello(int number) {
    /** Returns the octets on the wire. */
    byte[] encode() {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if the length is wrong
     */
    static Hello decode(byte[] octets) {
        if (octets.length != Integer.BYTES) {
            throw new IllegalArgumentException(
                    "private data of " + octets.length + " octets, where " + Integer.BYTES + " were expected");
        }
        return new Hello(ByteBuffer.wrap(octets).getInt());
    }
}
