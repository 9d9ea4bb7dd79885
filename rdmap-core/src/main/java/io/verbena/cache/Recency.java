package io.verbena.cache;

/** Registrations in the order of their last use. Thread rule: one at a time. Allocates nothing. */
final class Recency {
    private CachedRegistration oldest;
    private CachedRegistration newest;
    private int count;

    int count() {
        return count;
    }

    /** Returns the one used least recently, or null. */
    CachedRegistration oldest() {
        return oldest;
    }

    void add(CachedRegistration added) {
        added.older = newest;
        added.newer = null;
        if (newest == null) {
            oldest = added;
        } else {
            newest.newer = added;
        }
        newest = added;
        count++;
    }

    void remove(CachedRegistration removed) {
        if (removed.older == null) {
            oldest = removed.newer;
        } else {
            removed.older.newer = removed.newer;
        }
        if (removed.newer == null) {
            newest = removed.older;
        } else {
            removed.newer.older = removed.older;
        }
        removed.older = null;
        removed.newer = null;
        count--;
    }

    /** Makes one that is there the newest. */
    void touch(CachedRegistration used) {
        if (used != newest) {
            remove(used);
            add(used);
        }
    }
}
