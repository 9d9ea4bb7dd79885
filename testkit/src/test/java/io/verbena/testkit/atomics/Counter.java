package io.verbena.testkit.atomics;

import io.verbena.testkit.PairEnd;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RegionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A buffer in the machine's byte order, registered for everything a peer may do with it. */
record Counter(ByteBuffer memory, MemoryRegion region) {
    private static final AccessFlag[] RIGHTS = {
        AccessFlag.LOCAL_READ,
        AccessFlag.LOCAL_WRITE,
        AccessFlag.REMOTE_READ,
        AccessFlag.REMOTE_WRITE,
        AccessFlag.REMOTE_ATOMIC
    };

    /** Registers {@code octets} zeros. */
    static Counter open(PairEnd end, int octets) {
        return over(end, ByteBuffer.allocateDirect(octets));
    }

    /** Registers all octets of {@code memory}. */
    static Counter over(PairEnd end, ByteBuffer memory) {
        return new Counter(
                memory.duplicate().order(ByteOrder.nativeOrder()),
                end.register(List.of(memory.duplicate()), RegionOptions.access(RIGHTS)));
    }

    static RegionOptions rights() {
        return RegionOptions.access(RIGHTS);
    }

    int stag() {
        return region.stag();
    }

    /** Returns the address of the octet at {@code offset}. */
    long at(long offset) {
        return region.startAddress() + offset;
    }

    long value(int offset) {
        return memory.getLong(offset);
    }

    void value(int offset, long value) {
        memory.putLong(offset, value);
    }
}
