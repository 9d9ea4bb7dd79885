package io.verbena.verbs;

import java.nio.ByteBuffer;
import java.util.List;

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

    /**
     * Returns the Steering Tag, for local use (libibverbs: lkey) and for the peer (rkey). While the region is not valid: the
     * one that it had last, or of a region that was never valid, will have first.
     */
    int stag();

    /** Returns whether it can be used: false before its first fast registration and after an invalidate. */
    boolean valid();

    /** Returns the (unsigned) address of the first octet; 0 of a region that was never valid. */
    long startAddress();

    /** Returns the length in octets, 1 or more; 0 of a region that was never valid. */
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
    MemorySnapshot query();

    /**
     * Prepares to make this region valid over the remaining octets of the buffers (SYS-MEM-05). Nothing happens until it is
     * posted ({@link SendRequest#fastRegister} or {@link SendRequest#exposing}). Each registration has an STag of its own,
     * newer than those made before.
     *
     * @param lent as for {@link ProtectionDomain#register}
     * @throws IllegalArgumentException if it can never work: no octets, a read-only buffer with a write right, start address
     *     and length that pass 2^64
     * @throws IllegalStateException if the region is closed or shared
     */
    FastRegistration fastRegistration(List<ByteBuffer> lent, RegionOptions options);

    /** Prepares to make this region valid over the remaining octets of one buffer, with these rights and local read. */
    default FastRegistration fastRegistration(ByteBuffer lent, AccessFlag... access) {
        return fastRegistration(List.of(lent), RegionOptions.access(access));
    }

    /**
     * Changes memory, rights, domain, or several of them at once (verb: Reregister). The STag changes. Operations under way
     * with the old STag fail with a protection error. If it fails nothing is changed.
     *
     * @throws IllegalArgumentException if the change is not possible, as for {@link ProtectionDomain#register}
     * @throws IllegalStateException if the region is closed, shared, or not valid while its memory should stay
     * @throws ResourceInUseException if windows are bound to it
     */
    void reregister(Reregistration change);

    /** Returns the atomic operations of this end on the region. */
    LocalAtomics atomics();

    /**
     * Deregisters: when this returns, nothing reads or changes its octets through the adapter any more; operations under
     * way fail with a protection error (VRB-MR-08). Idempotent.
     *
     * @throws ResourceInUseException if windows are bound to it
     */
    @Override
    void close();
}
