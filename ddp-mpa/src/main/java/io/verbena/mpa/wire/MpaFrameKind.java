package io.verbena.mpa.wire;

import java.nio.ByteBuffer;

/**
 * The two startup frames and their keys (RFC 5044 section 7.1.1). The keys differ in one octet, which is how two
 * initiators find out about each other.
 */
public enum MpaFrameKind {
    /** Sent by the initiator. */
    REQUEST("MPA ID Req Frame"),
    /** Sent by the responder. */
    REPLY("MPA ID Rep Frame");

    /** Octets of a key. */
    public static final int KEY_OCTETS = 16;

    private final String key;

    MpaFrameKind(String key) {
        this.key = key;
    }

    /**
     * One octet of the key.
     *
     * @param index 0 to 15
     * @return the octet
     */
    public byte keyOctet(int index) {
        return (byte) key.charAt(index);
    }

    /**
     * Counts how many octets agree with this key, so that a wrong one is seen before all sixteen have arrived.
     *
     * @param borrowed buffer holding the beginning of a frame
     * @param offset where the frame starts
     * @param available octets at hand
     * @return leading octets that agree, at most 16 and at most {@code available}
     */
    public int matchingOctets(ByteBuffer borrowed, int offset, int available) {
        int limit = Math.min(available, KEY_OCTETS);
        int matching = 0;
        while (matching < limit && borrowed.get(offset + matching) == keyOctet(matching)) {
            matching++;
        }
        return matching;
    }

    /**
     * Writes the key.
     *
     * @param borrowed buffer to receive it
     * @param offset where the frame starts
     */
    void put(ByteBuffer borrowed, int offset) {
        for (int index = 0; index < KEY_OCTETS; index++) {
            borrowed.put(offset + index, keyOctet(index));
        }
    }
}
