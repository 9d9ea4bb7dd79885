package io.verbena.conformance.raw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An MPA startup frame in all its fields, right or wrong (RFC 5044 section 7.1, RFC 6581 section 9). Immutable;
 * {@code with...} methods return changed copies.
 *
 * @param key the 16 octets of the key; do not change
 * @param flags the flags octet: M 0x80, C 0x40, R 0x20, S 0x10
 * @param revision the revision
 * @param declaredLength the PD_Length field
 * @param body what follows it: the enhanced word, if there is one, and the private data; do not change
 */
public record RawStartup(byte[] key, int flags, int revision, int declaredLength, byte[] body) {
    /** Length of the frame without private data in octets. */
    public static final int HEADER_OCTETS = 20;

    /** A Read depth that is not negotiated. */
    public static final int NOT_NEGOTIATED = 0x3FFF;

    private static final byte[] REQUEST_KEY = "MPA ID Req Frame".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLY_KEY = "MPA ID Rep Frame".getBytes(StandardCharsets.US_ASCII);
    private static final int MARKERS = 0x80;
    private static final int CRC = 0x40;
    private static final int REJECTED = 0x20;
    private static final int ENHANCED = 0x10;

    /** Returns a Request of revision 1 that asks for CRC. */
    public static RawStartup request() {
        return new RawStartup(REQUEST_KEY, CRC, 1, 0, new byte[0]);
    }

    /** Returns a Reply of revision 1 that accepts and asks for CRC. */
    public static RawStartup reply() {
        return new RawStartup(REPLY_KEY, CRC, 1, 0, new byte[0]);
    }

    /** Reads the header of a frame; the body is still to come. */
    public static RawStartup header(byte[] octets) {
        ByteBuffer in = ByteBuffer.wrap(octets);
        byte[] key = new byte[16];
        in.get(key);
        return new RawStartup(key, in.get() & 0xFF, in.get() & 0xFF, in.getShort() & 0xFFFF, new byte[0]);
    }

    RawStartup withBody(byte[] octets) {
        return new RawStartup(key, flags, revision, declaredLength, octets);
    }

    /** Returns the octets. */
    public byte[] octets() {
        return ByteBuffer.allocate(HEADER_OCTETS + body.length)
                .put(key)
                .put((byte) flags)
                .put((byte) revision)
                .putShort((short) declaredLength)
                .put(body)
                .array();
    }

    /** Returns whether the key is that of a Request. */
    public boolean isRequest() {
        return Arrays.equals(key, REQUEST_KEY);
    }

    /** Returns whether the key is that of a Reply. */
    public boolean isReply() {
        return Arrays.equals(key, REPLY_KEY);
    }

    /** Returns whether markers are asked for. */
    public boolean markers() {
        return (flags & MARKERS) != 0;
    }

    /** Returns whether CRC is asked for. */
    public boolean crc() {
        return (flags & CRC) != 0;
    }

    /** Returns whether a Reply rejects. */
    public boolean rejected() {
        return (flags & REJECTED) != 0;
    }

    /** Returns whether there is an enhanced word. */
    public boolean enhanced() {
        return (flags & ENHANCED) != 0;
    }

    /** Returns the application's private data. */
    public byte[] privateData() {
        return enhanced() ? Arrays.copyOfRange(body, 4, body.length) : body.clone();
    }

    /** Returns the IRD of the enhanced word. */
    public int inboundReadDepth() {
        return ByteBuffer.wrap(body).getShort() & 0x3FFF;
    }

    /** Returns the ORD of the enhanced word. */
    public int outboundReadDepth() {
        return ByteBuffer.wrap(body).getShort(2) & 0x3FFF;
    }

    /** Returns the control flags of the enhanced word: A 8, B 4, C 2, D 1. */
    public int control() {
        int word = ByteBuffer.wrap(body).getInt();
        return ((word >>> 28) & 0xC) | ((word >>> 14) & 0x3);
    }

    /** Returns a copy with this flags octet. */
    public RawStartup withFlags(int octet) {
        return new RawStartup(key, octet, revision, declaredLength, body);
    }

    /** Returns a copy that asks for CRC or not. */
    public RawStartup withCrc(boolean wanted) {
        return withFlags(wanted ? flags | CRC : flags & ~CRC);
    }

    /** Returns a copy that asks for markers or not. */
    public RawStartup withMarkers(boolean wanted) {
        return withFlags(wanted ? flags | MARKERS : flags & ~MARKERS);
    }

    /** Returns a copy that rejects. */
    public RawStartup withReject() {
        return withFlags(flags | REJECTED);
    }

    /** Returns a copy with this revision. */
    public RawStartup withRevision(int number) {
        return new RawStartup(key, flags, number, declaredLength, body);
    }

    /** Returns a copy with this key. */
    public RawStartup withKey(String text) {
        return new RawStartup(text.getBytes(StandardCharsets.US_ASCII), flags, revision, declaredLength, body);
    }

    /** Returns a copy of revision 2 with an enhanced word in front of its private data. */
    public RawStartup withDepths(int inbound, int outbound) {
        return withEnhancedWord(0, inbound, outbound);
    }

    /** Returns a copy of revision 2 with an enhanced word; {@code control} is A 8, B 4, C 2, D 1. */
    public RawStartup withEnhancedWord(int control, int inbound, int outbound) {
        byte[] data = privateData();
        byte[] next = ByteBuffer.allocate(4 + data.length)
                .putShort((short) (((control >>> 2) << 14) | inbound))
                .putShort((short) (((control & 3) << 14) | outbound))
                .put(data)
                .array();
        return new RawStartup(key, flags | ENHANCED, 2, next.length, next);
    }

    /** Returns a copy with private data, behind the enhanced word if there is one. */
    public RawStartup withPrivateData(byte[] octets) {
        int word = enhanced() ? 4 : 0;
        byte[] next = Arrays.copyOf(body, word + octets.length);
        System.arraycopy(octets, 0, next, word, octets.length);
        return new RawStartup(key, flags, revision, next.length, next);
    }

    /** Returns a copy that says this PD_Length, whatever follows. */
    public RawStartup withDeclaredLength(int octets) {
        return new RawStartup(key, flags, revision, octets, body);
    }

    /** Returns a copy that ends after this many octets of enhanced word and private data, and says so in PD_Length. */
    public RawStartup withBodyCutTo(int octets) {
        return new RawStartup(key, flags, revision, octets, Arrays.copyOf(body, octets));
    }
}
