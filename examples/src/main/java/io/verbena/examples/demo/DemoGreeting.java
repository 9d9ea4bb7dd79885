package io.verbena.examples.demo;

import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The server's private data: where its memory is, and a text.
 *
 * @param open memory that the client may write and read
 * @param guarded memory that the client may only read
 * @param text a greeting
 */
record DemoGreeting(RemoteRegion open, RemoteRegion guarded, String text) {
    byte[] encode() {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer target = ByteBuffer.allocate(2 * RemoteRegion.ENCODED_OCTETS + octets.length);
        open.encode(target);
        guarded.encode(target);
        return target.put(octets).array();
    }

    static DemoGreeting decode(byte[] privateData) {
        ByteBuffer source = ByteBuffer.wrap(privateData);
        return new DemoGreeting(
                RemoteRegion.decode(source),
                RemoteRegion.decode(source),
                StandardCharsets.US_ASCII.decode(source).toString());
    }
}
