package io.verbena.verbs.async;

import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionSnapshot;

/** A region that only knows whether it was closed. */
final class FakeRegion implements MemoryRegion {
    private final int stag;
    private final long lengthOctets;
    private volatile boolean closed;

    FakeRegion(int stag, long lengthOctets) {
        this.stag = stag;
        this.lengthOctets = lengthOctets;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public ProtectionDomain protectionDomain() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int stag() {
        return stag;
    }

    @Override
    public long startAddress() {
        return 0x1000;
    }

    @Override
    public long lengthOctets() {
        return lengthOctets;
    }

    @Override
    public RegionSnapshot query() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed = true;
    }
}
