package io.verbena.cache;

import java.lang.ref.ReferenceQueue;

/**
 * Tells a cache of memory that became garbage. It has a daemon thread from the first registration until the cache is closed, so that
 * registrations go even if nobody calls the cache any more.
 *
 * <p>Thread rule: under the cache's lock; the thread takes that lock itself.
 */
final class GarbageWatch {
    private final ReferenceQueue<Object> garbage = new ReferenceQueue<>();
    private final String threadName;
    private final SoftRegistrationCache cache;
    private Thread thread;

    GarbageWatch(String threadName, SoftRegistrationCache cache) {
        this.threadName = threadName;
        this.cache = cache;
    }

    /** Begins to watch and returns where registrations of memory that became garbage have to queue. */
    ReferenceQueue<Object> begin() {
        if (thread == null) {
            thread = new Thread(this::watch, threadName);
            thread.setDaemon(true);
            thread.start();
        }
        return garbage;
    }

    /** Ends the thread. */
    void end() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void watch() {
        try {
            while (true) {
                cache.onGarbage((CachedRegistration) garbage.remove());
            }
        } catch (InterruptedException closed) {
            // By end(), and by nobody else: the thread is known here alone.
            assert cache.closed() : closed;
        }
    }
}
