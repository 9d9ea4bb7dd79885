package io.verbena.examples.conformance;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that the application of the contract offers on one connection, in the order of the contract: for everything, for
 * Reads only, for Writes only, for nobody, and in another protection domain.
 *
 * <p>Thread rule: one thread.
 */
final class OfferedMemory implements AutoCloseable {
    private static final int REGION_OCTETS = 65536;
    private static final int SMALL_OCTETS = 4096;
    private static final int ENTRY_OCTETS = 16;

    private final ProtectionDomain foreignDomain;
    private final List<MemoryRegion> regions = new ArrayList<>();

    OfferedMemory(Device device, ProtectionDomain domain) {
        foreignDomain = device.allocateProtectionDomain();
        AccessFlag[] everything = {
            AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_ATOMIC
        };
        register(domain, REGION_OCTETS, everything);
        register(domain, SMALL_OCTETS, AccessFlag.REMOTE_READ);
        register(domain, SMALL_OCTETS, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        register(domain, SMALL_OCTETS, AccessFlag.LOCAL_WRITE);
        register(foreignDomain, SMALL_OCTETS, everything);
    }

    private void register(ProtectionDomain domain, int octets, AccessFlag... rights) {
        regions.add(domain.register(ByteBuffer.allocateDirect(octets), rights));
    }

    /** Returns what tells the peer of it: for each region address (8), STag (4), length (4), big-endian. */
    ByteBuffer offer() {
        ByteBuffer offer = ByteBuffer.allocate(ENTRY_OCTETS * regions.size());
        for (MemoryRegion region : regions) {
            offer.putLong(region.startAddress()).putInt(region.stag()).putInt((int) region.lengthOctets());
        }
        return offer.flip();
    }

    @Override
    public void close() {
        regions.forEach(MemoryRegion::close);
        foreignDomain.close();
    }
}
