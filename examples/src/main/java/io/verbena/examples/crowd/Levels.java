package io.verbena.examples.crowd;

import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import java.util.function.IntPredicate;

/**
 * The extremes of the shared receive queue's levels, and whether its accounts were right at every look.
 *
 * <p>Thread rule: the service's thread writes, any reads.
 */
final class Levels {
    private volatile int leastFree = Integer.MAX_VALUE;
    private volatile int mostHeldByOthers;
    private volatile int mostHeldByHostile;
    private volatile int mostPooled;
    private volatile int mostPooledForHostile;
    private volatile String broken;

    /**
     * Takes a look into account.
     *
     * @param posted receives that have to be on the queue at this moment
     * @param hostile says of a queue pair whether it is the hostile client's
     */
    void look(SharedReceiveQueueSnapshot now, int posted, IntPredicate hostile) {
        leastFree = Math.min(leastFree, now.free());
        if (now.posted() != now.free() + now.held() || now.posted() != posted) {
            broken = "posted " + now.posted() + ", free " + now.free() + ", held " + now.held() + ", where " + posted
                    + " should be posted";
        }
        int others = mostHeldByOthers;
        int hostiles = mostHeldByHostile;
        for (ReceiveHolder holder : now.holders()) {
            if (holder.held() < 0 || holder.limit() < 0) {
                broken = "below zero: " + holder;
            }
            if (hostile.test(holder.queuePairNumber())) {
                hostiles = Math.max(hostiles, holder.held());
            } else {
                others = Math.max(others, holder.held());
            }
        }
        mostHeldByOthers = others;
        mostHeldByHostile = hostiles;
    }

    /** Takes a look at the adapter's buffer pool into account. */
    void look(BufferPoolSnapshot now, IntPredicate hostile) {
        mostPooled = Math.max(mostPooled, now.owned());
        for (BufferPoolSnapshot.Holding holding : now.holdings()) {
            if (!holding.loop() && hostile.test(holding.number())) {
                mostPooledForHostile = Math.max(mostPooledForHostile, holding.buffers() + holding.smallBuffers());
            }
        }
        if (now.made() > now.capacity()) {
            broken = "the pool has " + now.made() + " buffers, and " + now.capacity() + " are allowed";
        }
    }

    /** Returns the most buffers of the pool that were in use. */
    int mostPooled() {
        return mostPooled;
    }

    /** Returns the most buffers of the pool, small ones too, that the hostile client's queue pair had. */
    int mostPooledForHostile() {
        return mostPooledForHostile;
    }

    /** Returns the fewest receives that ever waited for a message. */
    int leastFree() {
        return leastFree;
    }

    /** Returns the most receives that one well-behaved client ever held. */
    int mostHeldByOthers() {
        return mostHeldByOthers;
    }

    /** Returns the most receives that the hostile client ever held. */
    int mostHeldByHostile() {
        return mostHeldByHostile;
    }

    /** Returns which account was wrong, or null. */
    String broken() {
        return broken;
    }
}
