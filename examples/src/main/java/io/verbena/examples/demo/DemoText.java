package io.verbena.examples.demo;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.STag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How both ends of the demo put texts into memory, take them out, and describe memory. */
final class DemoText {
    /** Octets of each piece of memory in the demo. */
    static final int MEMORY_OCTETS = 64;

    /** The screen breaks lines at spaces; in the middle of memory it shall not. */
    static final char NO_BREAK = '\u00A0';

    private DemoText() {}

    /** Puts {@code text} at {@code offset} and dots behind it, up to {@link #MEMORY_OCTETS} octets. */
    static int put(ByteBuffer memory, int offset, String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < MEMORY_OCTETS; i++) {
            memory.put(offset + i, i < octets.length ? octets[i] : (byte) '.');
        }
        return octets.length;
    }

    static String get(ByteBuffer memory, int offset, int length) {
        byte[] octets = new byte[length];
        memory.get(offset, octets);
        return new String(octets, StandardCharsets.US_ASCII);
    }

    static String all(ByteBuffer memory) {
        return get(memory, 0, MEMORY_OCTETS);
    }

    /** Returns what the octets of one piece of memory are, as a line that does not break. */
    static String quoted(ByteBuffer memory) {
        return "'" + all(memory).replace(' ', NO_BREAK) + "'";
    }

    static String describe(MemoryRegion region, AccessFlag... granted) {
        int stag = region.stag();
        String rights = Arrays.stream(granted).map(AccessFlag::name).collect(Collectors.joining(", "));
        return region.lengthOctets() + " octets, STag " + STag.toString(stag) + " (index 0x"
                + Integer.toHexString(STag.index(stag)) + ", key 0x"
                + Integer.toHexString(STag.instance(stag)) + "), address 0x" + Long.toHexString(region.startAddress())
                + ", peer may: "
                + (rights.isEmpty() ? "nothing" : rights);
    }
}
