package io.verbena.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Octets as people write them down: hex text, and files of named vectors with one {@code name = hex} a line.
 *
 * <p>Thread rule: any thread.
 */
public final class HexVectors {
    private final String origin;
    private final Map<String, byte[]> vectors;

    private HexVectors(String origin, Map<String, byte[]> vectors) {
        this.origin = origin;
        this.vectors = vectors;
    }

    /**
     * Reads the resource {@code name} beside {@code owner}. Empty lines and lines that begin with {@code #} are skipped.
     *
     * @throws IllegalArgumentException if there is no such resource, a line is not {@code name = hex}, or a name comes twice
     */
    public static HexVectors load(Class<?> owner, String name) {
        InputStream stream = owner.getResourceAsStream(name);
        if (stream == null) {
            throw new IllegalArgumentException("no resource " + name + " beside " + owner.getName());
        }
        Map<String, byte[]> vectors = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    add(vectors, name, line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new HexVectors(name, vectors);
    }

    private static void add(Map<String, byte[]> vectors, String origin, String line) {
        int sign = line.lastIndexOf('=');
        if (sign < 0) {
            throw new IllegalArgumentException("line of " + origin + " is not 'name = hex': " + line);
        }
        String name = line.substring(0, sign).strip();
        if (vectors.put(name, octets(line.substring(sign + 1))) != null) {
            throw new IllegalArgumentException("vector '" + name + "' comes twice in " + origin);
        }
    }

    /**
     * Returns a copy of the vector of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public byte[] get(String name) {
        byte[] octets = vectors.get(name);
        if (octets == null) {
            throw new IllegalArgumentException("no vector '" + name + "' in " + origin + ", only " + vectors.keySet());
        }
        return octets.clone();
    }

    /** Returns the names, in the file's order. */
    public Iterable<String> names() {
        return vectors.keySet();
    }

    /** Returns the octets of hex text; blanks are ignored. */
    public static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s+", ""));
    }

    /** Returns hex text of {@code octets}. */
    public static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    /** Returns {@code count} octets that repeat late: octet i is (7 i + 3) mod 256. */
    public static byte[] pattern(int count) {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) (7 * i + 3);
        }
        return octets;
    }
}
