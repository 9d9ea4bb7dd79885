package io.verbena.queue;

import io.verbena.transport.EventLoop;
import java.util.IdentityHashMap;

/**
 * The loops from which the events of a channel come: those of the connections whose queue pairs complete into its queues.
 *
 * <p>Thread rule: any thread.
 */
final class Feeders {
    private final IdentityHashMap<EventLoop, Integer> connections = new IdentityHashMap<>();
    private volatile EventLoop only;

    /** Returns the one loop that all events come from at present, or null if there are none or several. */
    EventLoop only() {
        return only;
    }

    synchronized void add(EventLoop loop) {
        connections.merge(loop, 1, Integer::sum);
        look();
    }

    synchronized void remove(EventLoop loop) {
        connections.computeIfPresent(loop, (key, count) -> count == 1 ? null : count - 1);
        look();
    }

    private void look() {
        only = connections.size() == 1 ? connections.keySet().iterator().next() : null;
    }
}
