package io.verbena.device;

import io.verbena.memory.ClosedMemory;
import io.verbena.memory.TableEntry;
import io.verbena.rdmap.AtomicUnit;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.LocalAtomics;

/** Atomic operations of the application on a region: on the same unit as those of peers. Any thread. */
final class SoftLocalAtomics implements LocalAtomics {
    private final SoftMemoryRegion region;
    private final AtomicUnit unit;

    SoftLocalAtomics(SoftMemoryRegion region, AtomicUnit unit) {
        this.region = region;
        this.unit = unit;
    }

    @Override
    public long fetchAdd(long offset, long addend, long mask) {
        TableEntry entry = pin(offset);
        try {
            return unit.fetchAdd(entry, entry.startAddress() + offset, addend, mask);
        } catch (RuntimeException failure) {
            throw explained(failure);
        } finally {
            entry.unpin();
        }
    }

    @Override
    public long compareSwap(long offset, long compare, long compareMask, long swap, long swapMask) {
        TableEntry entry = pin(offset);
        try {
            return unit.compareSwap(entry, entry.startAddress() + offset, compare, compareMask, swap, swapMask);
        } catch (RuntimeException failure) {
            throw explained(failure);
        } finally {
            entry.unpin();
        }
    }

    /** Returns what the application is told: of memory whose scope was closed the JDK says too little. */
    private RuntimeException explained(RuntimeException failure) {
        return ClosedMemory.isReasonOf(failure)
                ? new IllegalStateException(
                        region + " cannot be used: the scope of its memory was closed, or is another thread's alone",
                        failure)
                : failure;
    }

    /** Returns the region's entry, pinned, if the octets at {@code offset} can be operated on. */
    private TableEntry pin(long offset) {
        TableEntry entry = region.entry();
        if (!entry.pin(entry.stag())) {
            throw new IllegalStateException(region + " is not valid");
        }
        boolean usable = false;
        try {
            requireUsable(entry, offset);
            usable = true;
        } finally {
            if (!usable) {
                entry.unpin();
            }
        }
        return entry;
    }

    private static void requireUsable(TableEntry entry, long offset) {
        if (offset < 0 || offset > entry.lengthOctets() - AtomicUnit.OCTETS) {
            throw new IndexOutOfBoundsException(AtomicUnit.OCTETS + " octets at offset " + offset
                    + " are not inside a region of " + entry.lengthOctets() + " octets");
        }
        long address = entry.startAddress() + offset;
        if (!AtomicUnit.aligned(address)) {
            throw new IllegalArgumentException("address 0x" + Long.toHexString(address) + " at offset " + offset
                    + " must be a multiple of " + AtomicUnit.OCTETS);
        }
        if (!entry.allows(AccessFlag.LOCAL_WRITE)) {
            throw new IllegalStateException(entry + " does not have the right " + AccessFlag.LOCAL_WRITE);
        }
    }
}
