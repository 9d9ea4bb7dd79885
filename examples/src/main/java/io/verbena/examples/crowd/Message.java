package io.verbena.examples.crowd;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The octets of a message: who sent it, as which one, when, a filling that is different in each, and a sum over all. So the
 * receiver notices a message that was lost, came twice, in the wrong place or altered.
 *
 * <p>Thread rule: one thread at a time.
 */
final class Message {
    /** The shortest message. */
    static final int MIN_OCTETS = 32;

    private static final int CLIENT = 0;
    private static final int SEQUENCE = CLIENT + Long.BYTES;
    private static final int SENT_NS = SEQUENCE + Long.BYTES;
    private static final int FILLING = SENT_NS + Long.BYTES;

    private final CRC32C sum = new CRC32C();
    private ByteBuffer octets;
    private int offset;
    private int length;

    /** Shows the message of {@code length} octets from {@code offset} on. */
    Message wrap(ByteBuffer borrowed, int from, int lengthOctets) {
        octets = borrowed;
        offset = from;
        length = lengthOctets;
        return this;
    }

    /** Writes a message. */
    void write(int client, long sequence, long sentNs) {
        octets.putLong(offset + CLIENT, client);
        octets.putLong(offset + SEQUENCE, sequence);
        octets.putLong(offset + SENT_NS, sentNs);
        int end = length - Integer.BYTES;
        for (int i = FILLING; i < end; i++) {
            octets.put(offset + i, filling(client, sequence, i));
        }
        octets.putInt(offset + end, sum(end));
    }

    private static byte filling(int client, long sequence, int i) {
        return (byte) (client * 7L + sequence * 13 + i);
    }

    /** Returns whether it is the message that {@code client} sent as its {@code sequence}th, to the last octet. */
    boolean is(int client, long sequence) {
        int end = length - Integer.BYTES;
        return length >= MIN_OCTETS
                && octets.getLong(offset + CLIENT) == client
                && octets.getLong(offset + SEQUENCE) == sequence
                && octets.getInt(offset + end) == sum(end);
    }

    /** Returns when it was sent, by {@code System.nanoTime} of this JVM. */
    long sentNs() {
        return octets.getLong(offset + SENT_NS);
    }

    private int sum(int end) {
        sum.reset();
        sum.update(octets.duplicate().limit(offset + end).position(offset));
        return (int) sum.getValue();
    }
}
