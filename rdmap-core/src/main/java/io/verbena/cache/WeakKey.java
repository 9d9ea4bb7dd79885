package io.verbena.cache;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/** Something known by an object that it does not keep alive; an element of an {@link IdentityIndex}. */
abstract class WeakKey<T extends WeakKey<T>> extends WeakReference<Object> {
    final int hash;

    /** The next with the same hash. */
    T next;

    WeakKey(Object key, ReferenceQueue<Object> queue) {
        super(key, queue);
        hash = System.identityHashCode(key);
    }
}
