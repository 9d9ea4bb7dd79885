package io.verbena.benchmarks.scale;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import java.nio.ByteBuffer;

/**
 * Places of 64 octets that Writes go to, and one that they come from. One region over all places, or one for each.
 *
 * <p>Thread rule: one thread.
 */
final class CrowdMemory {
    /** Octets of a message. */
    static final int OCTETS = 64;

    private static final int NUMBER_AT = OCTETS - Long.BYTES;

    private final ProtectionDomain domain;
    private final ByteBuffer source = ByteBuffer.allocateDirect(OCTETS);
    private final MemoryRegion sourceRegion;
    private final ByteBuffer places;
    private final MemoryRegion whole;
    private final int[] stags;
    private final long[] addresses;

    /** Makes {@code count} places, all reached through one region. */
    CrowdMemory(ProtectionDomain domain, int count) {
        this.domain = domain;
        sourceRegion = domain.register(source.duplicate(), AccessFlag.LOCAL_WRITE);
        places = ByteBuffer.allocateDirect(count * OCTETS);
        whole = domain.register(
                places.duplicate(), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.WINDOW_BIND);
        stags = new int[count];
        addresses = new long[count];
        for (int i = 0; i < count; i++) {
            reach(i, whole.stag(), whole.startAddress() + (long) i * OCTETS);
        }
    }

    int count() {
        return stags.length;
    }

    /** Returns the region over all places. */
    MemoryRegion whole() {
        return whole;
    }

    /** Returns the region that messages come from. */
    MemoryRegion source() {
        return sourceRegion;
    }

    int stag(int place) {
        return stags[place];
    }

    long address(int place) {
        return addresses[place];
    }

    /** Says through what Writes to a place go from now on. */
    void reach(int place, int stag, long address) {
        stags[place] = stag;
        addresses[place] = address;
    }

    /** Registers each place, and lets Writes go through these regions. */
    void registerEach() {
        for (int i = 0; i < count(); i++) {
            MemoryRegion region = register(i);
            reach(i, region.stag(), region.startAddress());
        }
    }

    /** Registers one place. */
    MemoryRegion register(int place) {
        return domain.register(
                places.duplicate().limit((place + 1) * OCTETS).position(place * OCTETS),
                AccessFlag.LOCAL_WRITE,
                AccessFlag.REMOTE_WRITE);
    }

    /** Puts a number behind the message that comes next. */
    void number(long number) {
        source.putLong(NUMBER_AT, number);
    }

    /** Returns whether the message of that number is in its place. */
    boolean arrived(int place, long number) {
        return places.getLong(place * OCTETS + NUMBER_AT) == number;
    }
}
