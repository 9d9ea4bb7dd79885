package io.verbena.verbs;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a region is registered. Immutable; {@code with...} methods return changed copies.
 *
 * <p>Defaults: local read only, the device chooses the start address, page size and translation mode.
 */
public final class RegionOptions {
    private static final RegionOptions DEFAULTS = new RegionOptions(
            Collections.unmodifiableSet(EnumSet.of(AccessFlag.LOCAL_READ)), Base.DEVICE_CHOSEN, 0, 0, null, false);

    /** Who chooses the address of the region's first octet. */
    public enum Base {
        /** The device chooses an address that no other region of it has. */
        DEVICE_CHOSEN,
        /** The consumer chooses (libibverbs: {@code ibv_reg_mr_iova}). */
        CONSUMER_CHOSEN,
        /** The first octet has address 0. */
        ZERO
    }

    private final Set<AccessFlag> access;
    private final Base base;
    private final long startAddress;
    private final int pageOctets;
    private final TranslationMode translationMode;
    private final boolean oneTouch;

    private RegionOptions(
            Set<AccessFlag> access,
            Base base,
            long startAddress,
            int pageOctets,
            TranslationMode translationMode,
            boolean oneTouch) {
        this.access = access;
        this.base = base;
        this.startAddress = startAddress;
        this.pageOctets = pageOctets;
        this.translationMode = translationMode;
        this.oneTouch = oneTouch;
    }

    /** Returns the defaults. */
    public static RegionOptions defaults() {
        return DEFAULTS;
    }

    /** Returns the defaults with these rights (and local read, which is always on unless {@link #withExactAccess}). */
    public static RegionOptions access(AccessFlag... flags) {
        Set<AccessFlag> set = EnumSet.of(AccessFlag.LOCAL_READ);
        Collections.addAll(set, flags);
        return DEFAULTS.withExactAccess(set);
    }

    /**
     * Returns a copy with exactly these rights. Not allowed: no right at all, remote read without local read, remote write
     * or remote atomic without local write.
     *
     * @throws IllegalArgumentException if the combination is not allowed
     */
    public RegionOptions withExactAccess(Set<AccessFlag> flags) {
        Set<AccessFlag> copy = EnumSet.noneOf(AccessFlag.class);
        copy.addAll(flags);
        if (!copy.contains(AccessFlag.LOCAL_READ) && !copy.contains(AccessFlag.LOCAL_WRITE)) {
            throw new IllegalArgumentException("a region needs LOCAL_READ or LOCAL_WRITE, but got " + copy);
        }
        if (copy.contains(AccessFlag.REMOTE_READ) && !copy.contains(AccessFlag.LOCAL_READ)) {
            throw new IllegalArgumentException("REMOTE_READ needs LOCAL_READ, but got " + copy);
        }
        if (copy.contains(AccessFlag.REMOTE_WRITE) && !copy.contains(AccessFlag.LOCAL_WRITE)) {
            throw new IllegalArgumentException("REMOTE_WRITE needs LOCAL_WRITE, but got " + copy);
        }
        if (copy.contains(AccessFlag.REMOTE_ATOMIC) && !copy.contains(AccessFlag.LOCAL_WRITE)) {
            throw new IllegalArgumentException("REMOTE_ATOMIC needs LOCAL_WRITE, but got " + copy);
        }
        return new RegionOptions(
                Collections.unmodifiableSet(copy), base, startAddress, pageOctets, translationMode, oneTouch);
    }

    /** Returns a copy whose first octet has the (unsigned) address {@code address}; address + length must not pass 2^64. */
    public RegionOptions withStartAddress(long address) {
        return new RegionOptions(access, Base.CONSUMER_CHOSEN, address, pageOctets, translationMode, oneTouch);
    }

    /** Returns a copy whose first octet has address 0. */
    public RegionOptions withZeroBase() {
        return new RegionOptions(access, Base.ZERO, 0, pageOctets, translationMode, oneTouch);
    }

    /**
     * Returns a copy with a page size: 4 KiB, 8 KiB, 64 KiB, 1 MiB, 16 MiB or 256 MiB; 0 lets the device choose.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public RegionOptions withPageOctets(int octets) {
        switch (octets) {
            case 0, 1 << 12, 1 << 13, 1 << 16, 1 << 20, 1 << 24, 1 << 28 -> {
                return new RegionOptions(access, base, startAddress, octets, translationMode, oneTouch);
            }
            default ->
                throw new IllegalArgumentException("page size " + octets
                        + " must be 4 KiB, 8 KiB, 64 KiB, 1 MiB, 16 MiB, 256 MiB, or 0 to let the device choose");
        }
    }

    /** Returns a copy with a forced translation mode; null lets the device choose by the number of pages. */
    public RegionOptions withTranslationMode(TranslationMode mode) {
        return new RegionOptions(access, base, startAddress, pageOctets, mode, oneTouch);
    }

    /**
     * Returns a copy for memory that is valid for the first tagged message only that targets it: a Write of the peer, or the
     * Response to a Read of this end (SYS-MEM-12). Its last segment makes the region invalid. Reads of the memory, atomic
     * operations on it, and segments without octets do not use it up.
     *
     * <p>It cannot have {@link AccessFlag#WINDOW_BIND}, and cannot be shared: registering it so, or with
     * {@link ProtectionDomain#registerShared}, throws {@link IllegalArgumentException}.
     */
    public RegionOptions withOneTouch(boolean yes) {
        return new RegionOptions(access, base, startAddress, pageOctets, translationMode, yes);
    }

    /** Returns the rights. */
    public Set<AccessFlag> access() {
        return access;
    }

    /** Returns who chooses the start address. */
    public Base base() {
        return base;
    }

    /** Returns the start address if the consumer chose one. */
    public long startAddress() {
        return startAddress;
    }

    /** Returns the page size in octets, or 0 for the device's choice. */
    public int pageOctets() {
        return pageOctets;
    }

    /** Returns whether the memory is valid for one message only. */
    public boolean oneTouch() {
        return oneTouch;
    }

    /** Returns the forced translation mode, or null for the device's choice. */
    public TranslationMode translationMode() {
        return translationMode;
    }
}
