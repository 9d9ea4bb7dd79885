package io.verbena.verbs.async;

import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.LocalAtomics;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.Reregistration;
import java.nio.ByteBuffer;
import java.util.List;

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
    public boolean valid() {
        return !closed;
    }

    @Override
    public MemorySnapshot query() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FastRegistration fastRegistration(List<ByteBuffer> lent, RegionOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reregister(Reregistration change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LocalAtomics atomics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed = true;
    }
}
