package io.verbena.verbs;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * What shall change of a region (verb: Reregister Non-Shared Memory Region): memory, rights, domain, each alone or together;
 * what is not mentioned stays. Immutable; {@code with...} methods return changed copies.
 */
public final class Reregistration {
    private static final Reregistration NOTHING = new Reregistration(null, null, null, null);

    private final List<ByteBuffer> memory;
    private final RegionOptions layout;
    private final Set<AccessFlag> access;
    private final ProtectionDomain protectionDomain;

    private Reregistration(
            List<ByteBuffer> memory, RegionOptions layout, Set<AccessFlag> access, ProtectionDomain protectionDomain) {
        this.memory = memory;
        this.layout = layout;
        this.access = access;
        this.protectionDomain = protectionDomain;
    }

    /** Returns a change of rights (and local read, which is always on). */
    public static Reregistration access(AccessFlag... flags) {
        return NOTHING.withAccess(flags);
    }

    /** Returns a change of memory; see {@link #withMemory}. */
    public static Reregistration memory(List<ByteBuffer> lent, RegionOptions layout) {
        return NOTHING.withMemory(lent, layout);
    }

    /** Returns a change of domain. */
    public static Reregistration protectionDomain(ProtectionDomain next) {
        return NOTHING.withProtectionDomain(next);
    }

    /** Returns a copy with other rights (and local read, which is always on). */
    public Reregistration withAccess(AccessFlag... flags) {
        return new Reregistration(memory, layout, RegionOptions.access(flags).access(), protectionDomain);
    }

    /**
     * Returns a copy with other memory.
     *
     * @param lent the remaining octets of these buffers become the region's, as in {@link ProtectionDomain#register}
     * @param options start address, page size, translation mode, one-touch; its rights do not matter
     */
    public Reregistration withMemory(List<ByteBuffer> lent, RegionOptions options) {
        return new Reregistration(List.copyOf(lent), options, access, protectionDomain);
    }

    /** Returns a copy with another domain, of the same device. */
    public Reregistration withProtectionDomain(ProtectionDomain next) {
        return new Reregistration(memory, layout, access, next);
    }

    /** Returns the new memory, or null if it stays. */
    public List<ByteBuffer> memory() {
        return memory;
    }

    /** Returns how the new memory is laid out, or null if the memory stays. */
    public RegionOptions layout() {
        return layout;
    }

    /** Returns the new rights, or null if they stay. */
    public Set<AccessFlag> access() {
        return access;
    }

    /** Returns the new domain, or null if it stays. */
    public ProtectionDomain protectionDomain() {
        return protectionDomain;
    }
}
