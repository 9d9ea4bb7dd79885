package io.verbena.device;

import io.verbena.memory.TableEntry;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.LocalAtomics;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.Reregistration;
import java.nio.ByteBuffer;
import java.util.List;

/** A region of the adapter: a handle on its entry of the translation and protection table. Any thread. */
final class SoftMemoryRegion implements MemoryRegion {
    private final SoftProtectionDomain domain;
    private final TableEntry entry;

    SoftMemoryRegion(SoftProtectionDomain domain, TableEntry entry) {
        this.domain = domain;
        this.entry = entry;
    }

    TableEntry entry() {
        return entry;
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    @Override
    public int stag() {
        return entry.stag();
    }

    @Override
    public long startAddress() {
        return entry.startAddress();
    }

    @Override
    public long lengthOctets() {
        return entry.lengthOctets();
    }

    @Override
    public MemorySnapshot query() {
        return entry.snapshot();
    }

    @Override
    public boolean valid() {
        return entry.valid();
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
        return new SoftLocalAtomics(this, domain.atomicUnit());
    }

    @Override
    public void close() {
        domain.deregister(this);
    }

    @Override
    public String toString() {
        return entry.toString();
    }
}
