package io.verbena.verbs;

/**
 * Gives a peer access to a part of a region for a while, cheaper than registering: bound through the send queue, revoked by
 * a local invalidate, by the peer's Send with Invalidate, or by its use (one-touch, SYS-MEM-12).
 *
 * <p>A window is for remote access only; as local memory of a request it is refused. At access its own rights count, and
 * those of the queue pair, not the region's.
 *
 * <p>Thread rule: any thread.
 */
public interface MemoryWindow extends AutoCloseable {
    /** Returns the domain it belongs to. */
    ProtectionDomain protectionDomain();

    /** Returns which rule says who may use it. */
    WindowType type();

    /** Returns the STag that it has now, if valid, else the one that it had last or will have first. */
    int stag();

    /** Returns whether it is bound. */
    boolean valid();

    /**
     * Prepares to bind it to {@code length} octets of {@code region} from {@code offset} on, so that the first octet has the
     * address that it has in the region. Nothing happens until the binding is posted
     * ({@link SendRequest#bindWindow}). Each binding has an STag of its own, as {@link PreparedAccess#stag()} says.
     *
     * <p>The addresses are those that the region has now. While a fast registration of it waits to be processed those are the old
     * ones, from 0 on if it had none: prepare the binding once the registration is complete, or give the registration that very
     * start address ({@link RegionOptions#withStartAddress}).
     *
     * @param length octets, 0 or more; none gives a window that nothing can be reached through, and unbinds one of
     *     {@link WindowType#PROTECTION_DOMAIN}
     * @param access {@link AccessFlag#REMOTE_READ}, {@link AccessFlag#REMOTE_WRITE}, {@link AccessFlag#REMOTE_ATOMIC}: at
     *     least one, unless {@code length} is 0
     * @throws IllegalArgumentException if a right is none of these or none is given, or region and window are of different
     *     devices
     */
    WindowBinding binding(MemoryRegion region, long offset, long length, AccessFlag... access);

    /** Does what {@link #binding} does, but the window's first octet has address 0. */
    WindowBinding zeroBasedBinding(MemoryRegion region, long offset, long length, AccessFlag... access);

    /** Returns what the table holds of it now. */
    MemorySnapshot query();

    /** Frees the window, bound or not: when this returns, nothing reaches memory through it any more. Idempotent. */
    @Override
    void close();
}
