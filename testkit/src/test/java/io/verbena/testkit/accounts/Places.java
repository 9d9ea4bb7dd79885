package io.verbena.testkit.accounts;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A region divided into places of equal size, which are taken and given back. */
final class Places {
    private static final byte EMPTY = (byte) 0xA5;

    final MemoryRegion region;
    final int octets;
    private final ByteBuffer memory;
    private final ByteBuffer empty;
    private final int[] free;
    private int freeCount;

    Places(ProtectionDomain domain, int count, int octets, AccessFlag... access) {
        this.octets = octets;
        byte[] fill = new byte[octets];
        Arrays.fill(fill, EMPTY);
        empty = ByteBuffer.allocateDirect(octets).put(0, fill);
        memory = ByteBuffer.allocateDirect(count * octets);
        region = domain.register(memory.duplicate(), access);
        free = new int[count];
        for (int place = count - 1; place >= 0; place--) {
            clear(place);
            free[freeCount++] = place;
        }
    }

    /** Takes a place and empties it; -1 if none is free. */
    int take() {
        if (freeCount == 0) {
            return -1;
        }
        int place = free[--freeCount];
        clear(place);
        return place;
    }

    void giveBack(int place) {
        free[freeCount++] = place;
    }

    int freeCount() {
        return freeCount;
    }

    long offset(int place) {
        return (long) place * octets;
    }

    ByteBuffer piece(int place, int length) {
        return memory.slice(place * octets, length);
    }

    /** Returns whether nothing was written to a place since it was taken but zeros at its beginning. */
    boolean untouched(int place, int zeros) {
        ByteBuffer piece = piece(place, octets);
        for (int i = 0; i < zeros; i++) {
            if (piece.get(i) != 0) {
                return false;
            }
        }
        return piece.slice(zeros, octets - zeros).mismatch(empty.slice(0, octets - zeros)) < 0;
    }

    private void clear(int place) {
        memory.put(place * octets, empty, 0, octets);
    }
}
