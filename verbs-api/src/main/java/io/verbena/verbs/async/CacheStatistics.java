package io.verbena.verbs.async;

import java.util.Map;

/**
 * What a {@link RegistrationCache} holds and has done, at one moment.
 *
 * @param entries registrations now, those included that are given up and only wait for their last lease
 * @param entriesInUse those of them that are leased
 * @param octets the sum of their lengths
 * @param hits lookups that found a registration with the right that was needed
 * @param misses lookups that registered
 * @param upgrades lookups that registered anew because a right was missing
 * @param removals registrations given up, by reason; every reason is there
 */
public record CacheStatistics(
        int entries,
        int entriesInUse,
        long octets,
        long hits,
        long misses,
        long upgrades,
        Map<CacheRemoval, Long> removals) {
    /** Makes the statistics with a copy of the map. */
    public CacheStatistics {
        removals = Map.copyOf(removals);
    }

    /** Returns the registrations given up for {@code reason}. */
    public long removals(CacheRemoval reason) {
        return removals.getOrDefault(reason, 0L);
    }
}
