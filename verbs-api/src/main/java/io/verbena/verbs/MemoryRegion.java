package io.verbena.verbs;

/**
 * Memory that the adapter may use: registered buffers, found through an entry of the translation and protection table.
 *
 * <p>Addresses are in the region's own numbering: its first octet has {@link #startAddress()}, the next one more, across
 * all its buffers. The buffers stay the application's; it must leave the octets named by a request alone from posting to
 * completion.
 *
 * <p>Thread rule: any thread.
 */
public interface MemoryRegion extends AutoCloseable {
    /** Returns the domain it belongs to. */
    ProtectionDomain protectionDomain();

    /** Returns the Steering Tag, for local use (libibverbs: lkey) and for the peer (rkey). */
    int stag();

    /** Returns the (unsigned) address of the first octet. */
    long startAddress();

    /** Returns the length in octets, 1 or more. */
    long lengthOctets();

    /** Returns the value that tells a peer how to reach the whole region. */
    default RemoteRegion remote() {
        return new RemoteRegion(stag(), startAddress(), lengthOctets());
    }

    /**
     * Returns the value that tells a peer how to reach {@code length} octets from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if they are not inside the region
     */
    default RemoteRegion remote(long offset, long length) {
        return remote().slice(offset, length);
    }

    /** Returns what the table holds of it now. */
    RegionSnapshot query();

    /**
     * Deregisters: when this returns, nothing reads or changes its octets through the adapter any more; operations under
     * way fail with a protection error (VRB-MR-08). Idempotent.
     *
     * @throws ResourceInUseException if windows are bound to it
     */
    @Override
    void close();
}
