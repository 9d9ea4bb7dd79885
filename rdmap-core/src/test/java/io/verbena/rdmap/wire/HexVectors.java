package io.verbena.rdmap.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Set;

/** Octets by name, read from a test resource with lines {@code name = hex}. */
final class HexVectors {
    private final Properties lines = new Properties();

    HexVectors(String resource) {
        try (InputStream in = HexVectors.class.getResourceAsStream(resource)) {
            lines.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<String> names() {
        return lines.stringPropertyNames();
    }

    ByteBuffer buffer(String name) {
        String hex = lines.getProperty(name);
        if (hex == null) {
            throw new IllegalArgumentException("no vector named " + name);
        }
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    /** A buffer in which every octet that is forgotten shows. */
    static ByteBuffer prefilled(int capacity) {
        ByteBuffer buffer = ByteBuffer.allocate(capacity);
        for (int i = 0; i < capacity; i++) {
            buffer.put(i, (byte) 0xA5);
        }
        return buffer;
    }

    static String hex(ByteBuffer buffer, int offset, int length) {
        byte[] octets = new byte[length];
        buffer.get(offset, octets);
        return HexFormat.of().formatHex(octets);
    }
}
