package io.verbena.examples.copy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a sender wants to send: the private data of its connection. On the wire: magic and version (4), size (8), name (rest,
 * UTF-8).
 *
 * @param name the name the file shall have
 * @param size octets of the file
 */
record CopyOffer(String name, long size) {
    private static final int MAGIC = 'V' << 24 | 'C' << 16 | 'P' << 8 | 1;
    private static final int NAME = 12;

    byte[] encode() {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(NAME + text.length)
                .putInt(MAGIC)
                .putLong(size)
                .put(text)
                .array();
    }

    /** Returns the receiver's private data: it knows this protocol in this version. */
    static byte[] acceptance() {
        return ByteBuffer.allocate(Integer.BYTES).putInt(MAGIC).array();
    }

    /** Returns whether a receiver's private data says that it knows this protocol in this version. */
    static boolean isAcceptance(byte[] privateData) {
        return Arrays.equals(privateData, acceptance());
    }

    /** Returns whether this is an offer at all, of this version. */
    static boolean isOffer(byte[] privateData) {
        return privateData.length >= NAME && ByteBuffer.wrap(privateData).getInt() == MAGIC;
    }

    /**
     * Reads one from octets that a peer sent.
     *
     * @throws IllegalArgumentException saying what is wrong with them
     */
    static CopyOffer decode(byte[] privateData) {
        ByteBuffer octets = ByteBuffer.wrap(privateData);
        octets.getInt();
        long size = octets.getLong();
        if (size < 0) {
            throw new IllegalArgumentException("a file cannot have 2^63 octets or more");
        }
        try {
            String name = StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
            String objection = PlainFileName.objection(name);
            if (objection != null) {
                throw new IllegalArgumentException(objection);
            }
            return new CopyOffer(name, size);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a file name must be UTF-8", e);
        }
    }
}
