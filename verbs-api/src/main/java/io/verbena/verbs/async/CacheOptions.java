package io.verbena.verbs.async;

/** The limits of a {@link RegistrationCache}. Immutable; {@code with...} methods return changed copies. */
public final class CacheOptions {
    private static final CacheOptions DEFAULTS = new CacheOptions(1024, 1L << 30);

    private final int maxEntries;
    private final long maxOctets;

    private CacheOptions(int maxEntries, long maxOctets) {
        this.maxEntries = maxEntries;
        this.maxOctets = maxOctets;
    }

    /** Returns the defaults: 1024 registrations of 1 GiB together. */
    public static CacheOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns a copy with the most registrations at one time.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public CacheOptions withMaxEntries(int entries) {
        if (entries < 1) {
            throw new IllegalArgumentException("maxEntries " + entries + " must be at least 1");
        }
        return new CacheOptions(entries, maxOctets);
    }

    /**
     * Returns a copy with the most octets of all registrations together.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public CacheOptions withMaxOctets(long octets) {
        if (octets < 1) {
            throw new IllegalArgumentException("maxOctets " + octets + " must be at least 1");
        }
        return new CacheOptions(maxEntries, octets);
    }

    /** Returns the most registrations at one time, those in use included. */
    public int maxEntries() {
        return maxEntries;
    }

    /** Returns the most octets of all registrations together, those in use included. */
    public long maxOctets() {
        return maxOctets;
    }
}
