package io.verbena.device;

import io.verbena.cache.LooseRegion;
import io.verbena.memory.TableEntry;
import io.verbena.memory.TagRecord;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.LocalAtomics;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.Reregistration;
import java.nio.ByteBuffer;
import java.util.List;

/** A region of the adapter: a handle on its entries of the translation and protection table. Any thread. */
final class SoftMemoryRegion implements LooseRegion {
    private final SoftDevice device;
    private final TagRecord record;
    private final Object reregistering = new Object();
    private volatile SoftProtectionDomain domain;
    private volatile long announcedOctets;

    SoftMemoryRegion(SoftDevice device, SoftProtectionDomain domain, TagRecord record) {
        this.device = device;
        this.domain = domain;
        this.record = record;
        announcedOctets = record.current().lengthOctets();
        record.handle(this);
    }

    /** Returns what the table keeps of it. */
    TagRecord record() {
        return record;
    }

    /** Returns the length with which listeners heard of it; what they hear when it goes is the same. */
    long announcedOctets() {
        return announcedOctets;
    }

    /** Returns its present incarnation. */
    TableEntry entry() {
        return record.current();
    }

    SoftDevice device() {
        return device;
    }

    @Override
    public Object loosen() {
        return entry().onlyBacking().loosen();
    }

    @Override
    public Object held() {
        return entry().onlyBacking().held();
    }

    @Override
    public Object hold(ByteBuffer same) {
        return entry().onlyBacking().hold(same);
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    @Override
    public int stag() {
        return entry().stag();
    }

    @Override
    public long startAddress() {
        return entry().startAddress();
    }

    @Override
    public long lengthOctets() {
        return entry().lengthOctets();
    }

    @Override
    public MemorySnapshot query() {
        return entry().snapshot();
    }

    @Override
    public boolean valid() {
        return entry().valid();
    }

    @Override
    public FastRegistration fastRegistration(List<ByteBuffer> lent, RegionOptions options) {
        return device.memory().prepareRegistration(record, lent, options);
    }

    @Override
    public void reregister(Reregistration change) {
        synchronized (reregistering) {
            SoftProtectionDomain from = domain;
            SoftProtectionDomain to = change.protectionDomain() == null ? from : device.own(change.protectionDomain());
            if (to != from) {
                to.adopt(this);
            }
            int before = stag();
            try {
                TableEntry after = device.memory()
                        .reregister(record, to.number(), change.memory(), change.layout(), change.access());
                domain = to;
                device.onReregistered(before, announcedOctets, after);
                announcedOctets = after.lengthOctets();
            } finally {
                if (to != from) {
                    (domain == to ? from : to).forget(this);
                }
            }
        }
    }

    @Override
    public LocalAtomics atomics() {
        return new SoftLocalAtomics(this, domain.atomicUnit());
    }

    @Override
    public void close() {
        synchronized (reregistering) {
            domain.deregister(this);
        }
    }

    @Override
    public String toString() {
        return entry().toString();
    }
}
