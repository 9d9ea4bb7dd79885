package io.verbena.device;

import io.verbena.memory.TagRecord;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** A window of the adapter: a handle on its entries of the translation and protection table. Any thread. */
final class SoftMemoryWindow implements MemoryWindow {
    private static final Set<AccessFlag> POSSIBLE = Collections.unmodifiableSet(
            EnumSet.of(AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_ATOMIC));

    private final SoftDevice device;
    private final SoftProtectionDomain domain;
    private final TagRecord record;

    SoftMemoryWindow(SoftDevice device, SoftProtectionDomain domain, TagRecord record) {
        this.device = device;
        this.domain = domain;
        this.record = record;
        record.handle(this);
    }

    /** Returns what the table keeps of it. */
    TagRecord record() {
        return record;
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    @Override
    public WindowType type() {
        return record.windowType();
    }

    @Override
    public int stag() {
        return record.current().stag();
    }

    @Override
    public boolean valid() {
        return record.current().valid();
    }

    @Override
    public WindowBinding binding(MemoryRegion region, long offset, long length, AccessFlag... access) {
        return prepare(region, offset, length, false, access);
    }

    @Override
    public WindowBinding zeroBasedBinding(MemoryRegion region, long offset, long length, AccessFlag... access) {
        return prepare(region, offset, length, true, access);
    }

    private WindowBinding prepare(
            MemoryRegion region, long offset, long length, boolean zeroBased, AccessFlag[] access) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("a window of " + length + " octets from offset " + offset
                    + " of a region: neither may be negative");
        }
        Set<AccessFlag> rights = EnumSet.noneOf(AccessFlag.class);
        Collections.addAll(rights, access);
        if (!POSSIBLE.containsAll(rights)) {
            throw new IllegalArgumentException("a window can have " + POSSIBLE + ", but " + rights + " was asked for");
        }
        if (rights.isEmpty() && length > 0) {
            throw new IllegalArgumentException(
                    "a window of " + length + " octets needs at least one right of " + POSSIBLE);
        }
        return device.memory().prepareBinding(record, device.own(region).record(), offset, length, zeroBased, rights);
    }

    @Override
    public MemorySnapshot query() {
        return record.current().snapshot();
    }

    @Override
    public void close() {
        domain.free(this);
    }

    @Override
    public String toString() {
        return record.current().toString();
    }
}
