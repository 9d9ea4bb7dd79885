package io.verbena.mpa;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Properties;

/** Octets by name, read from a test resource with lines {@code name = hex}. */
public final class HexVectors {
    private final Properties lines = new Properties();

    public HexVectors(String resource) {
        try (InputStream in = HexVectors.class.getResourceAsStream(resource)) {
            lines.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] octets(String name) {
        String hex = lines.getProperty(name);
        if (hex == null) {
            throw new IllegalArgumentException("no vector named " + name);
        }
        return HexFormat.of().parseHex(hex);
    }

    public ByteBuffer buffer(String name) {
        return ByteBuffer.wrap(octets(name));
    }

    /** A buffer in which every octet that is forgotten shows. */
    public static ByteBuffer prefilled(int capacity) {
        ByteBuffer buffer = ByteBuffer.allocate(capacity);
        for (int i = 0; i < capacity; i++) {
            buffer.put(i, (byte) 0xA5);
        }
        return buffer;
    }

    /** Octet i is (7 i + 3) modulo 256. */
    public static byte[] pattern(int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (7 * i + 3);
        }
        return octets;
    }

    public static byte[] slice(ByteBuffer buffer, int offset, int length) {
        byte[] octets = new byte[length];
        buffer.get(offset, octets);
        return octets;
    }
}
