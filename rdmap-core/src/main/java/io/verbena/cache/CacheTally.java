package io.verbena.cache;

import io.verbena.verbs.async.CacheLookup;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.async.CacheStatistics;
import io.verbena.verbs.observe.StackEvents;
import java.util.EnumMap;
import java.util.Map;

/** Counts what a cache does and tells the listeners. Thread rule: under the cache's lock. */
final class CacheTally {
    private final String device;
    private final StackEvents events;
    private final long[] lookups = new long[CacheLookup.values().length];
    private final long[] removals = new long[CacheRemoval.values().length];

    CacheTally(CacheHost host) {
        device = host.protectionDomain().device().name();
        events = host.events();
    }

    void onLookup(CacheLookup outcome, CachedRegistration used) {
        lookups[outcome.ordinal()]++;
        if (events != null) {
            events.onCacheLookup(device, outcome, used.stag());
        }
    }

    void onRegistered(CachedRegistration made) {
        if (events != null) {
            events.onCacheRegistered(device, made.stag(), made.lengthOctets());
        }
    }

    void onRemoved(CachedRegistration removed, CacheRemoval why) {
        removals[why.ordinal()]++;
        if (events != null) {
            events.onCacheRemoved(device, removed.stag(), removed.lengthOctets(), why);
        }
    }

    CacheStatistics statistics(int entries, int inUse, long octets) {
        Map<CacheRemoval, Long> byReason = new EnumMap<>(CacheRemoval.class);
        for (CacheRemoval reason : CacheRemoval.values()) {
            byReason.put(reason, removals[reason.ordinal()]);
        }
        return new CacheStatistics(
                entries,
                inUse,
                octets,
                lookups[CacheLookup.HIT.ordinal()],
                lookups[CacheLookup.MISS.ordinal()],
                lookups[CacheLookup.UPGRADE.ordinal()],
                byReason);
    }
}
