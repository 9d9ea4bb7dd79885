package io.verbena.cache;

import org.agrona.collections.Int2ObjectHashMap;

/**
 * Finds things by the identity of an object, which it does not keep alive. A thing whose object is garbage is found no more and
 * stays until it is removed.
 *
 * <p>Thread rule: one at a time. Finding allocates nothing.
 */
final class IdentityIndex<T extends WeakKey<T>> {
    private final Int2ObjectHashMap<T> chains = new Int2ObjectHashMap<>();

    /** Returns what is known by {@code key} itself, or null. */
    T find(Object key) {
        for (T each = chains.get(System.identityHashCode(key)); each != null; each = each.next) {
            if (each.refersTo(key)) {
                return each;
            }
        }
        return null;
    }

    /** Adds a thing whose key has none yet. */
    void add(T added) {
        added.next = chains.put(added.hash, added);
    }

    /** Removes a thing; does nothing if it is not there. */
    void remove(T removed) {
        T first = chains.get(removed.hash);
        if (first == removed) {
            if (removed.next == null) {
                chains.remove(removed.hash);
            } else {
                chains.put(removed.hash, removed.next);
            }
            return;
        }
        for (T each = first; each != null; each = each.next) {
            if (each.next == removed) {
                each.next = removed.next;
                return;
            }
        }
    }
}
