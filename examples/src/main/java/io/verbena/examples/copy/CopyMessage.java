package io.verbena.examples.copy;

import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the two ends tell each other with Sends. On the wire: kind (1), then what the kind has. */
sealed interface CopyMessage {
    /** The longest message in octets. */
    int MAX_OCTETS = 256;

    /** Octets of a digest (SHA-256). */
    int DIGEST_OCTETS = 32;

    /** Receiver: so many octets of the file are allocated; a sign of life while that takes time. */
    record Allocated(long octets) implements CopyMessage {}

    /** Receiver: the file is this memory (of no meaning if the file is empty). */
    record Ready(RemoteRegion memory) implements CopyMessage {}

    /** Sender: the first so many octets have been written. */
    record Written(long octets) implements CopyMessage {}

    /** Receiver: the first so many octets are in the digest. */
    record Digested(long octets) implements CopyMessage {}

    /** Sender: everything has been written, and this is its digest. */
    record Complete(byte[] digest) implements CopyMessage {}

    /** Receiver: the file has its name and is on the disk. */
    record Stored() implements CopyMessage {}

    /** Either: it cannot go on, for this reason. */
    record Failed(String reason) implements CopyMessage {}

    /** Returns the encoded form, ready to be read. */
    default ByteBuffer encode() {
        ByteBuffer octets = ByteBuffer.allocate(MAX_OCTETS);
        if (this instanceof Allocated allocated) {
            octets.put((byte) 1).putLong(allocated.octets());
        } else if (this instanceof Ready ready) {
            ready.memory().encode(octets.put((byte) 2));
        } else if (this instanceof Written written) {
            octets.put((byte) 3).putLong(written.octets());
        } else if (this instanceof Digested digested) {
            octets.put((byte) 4).putLong(digested.octets());
        } else if (this instanceof Complete complete) {
            octets.put((byte) 5).put(complete.digest());
        } else if (this instanceof Stored) {
            octets.put((byte) 6);
        } else if (this instanceof Failed failed) {
            byte[] text = failed.reason().getBytes(StandardCharsets.UTF_8);
            octets.put((byte) 7).put(text, 0, Math.min(text.length, octets.remaining()));
        }
        return octets.flip();
    }

    /**
     * Reads one from octets that a peer sent.
     *
     * @param borrowed from its position to its limit
     * @throws IllegalArgumentException if they are no message
     */
    static CopyMessage decode(ByteBuffer borrowed) {
        if (!borrowed.hasRemaining()) {
            throw new IllegalArgumentException("a message without octets");
        }
        int length = borrowed.remaining();
        int kind = borrowed.get();
        return switch (kind) {
            case 1 -> new Allocated(number(borrowed));
            case 2 -> new Ready(RemoteRegion.decode(borrowed));
            case 3 -> new Written(number(borrowed));
            case 4 -> new Digested(number(borrowed));
            case 5 -> new Complete(octets(borrowed, DIGEST_OCTETS));
            case 6 -> new Stored();
            case 7 -> new Failed(printable(borrowed));
            default ->
                throw new IllegalArgumentException("a message of unknown kind " + kind + " and " + length + " octets");
        };
    }

    private static long number(ByteBuffer source) {
        return ByteBuffer.wrap(octets(source, Long.BYTES)).getLong();
    }

    private static byte[] octets(ByteBuffer source, int count) {
        if (source.remaining() != count) {
            throw new IllegalArgumentException(
                    "a message with " + source.remaining() + " octets where " + count + " belong");
        }
        byte[] octets = new byte[count];
        source.get(octets);
        return octets;
    }

    /** Text of a peer for a terminal: no control characters. */
    private static String printable(ByteBuffer source) {
        return StandardCharsets.UTF_8.decode(source).toString().replaceAll("\\p{Cntrl}", " ");
    }
}
