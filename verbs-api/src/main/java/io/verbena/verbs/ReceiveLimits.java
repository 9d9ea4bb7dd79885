package io.verbena.verbs;

/**
 * Decides how many receives of a shared receive queue each queue pair may hold (SYS-SRQ-01). It is asked for every queue pair
 * when one is created or destroyed, when the queue is resized, and when the application says so
 * ({@link SharedReceiveQueue#refreshLimits}).
 *
 * <p>Thread rule: asked on the thread that causes it, one call at a time for each queue. It must not call back into the queue.
 */
@FunctionalInterface
public interface ReceiveLimits {
    /**
     * Returns the limit of a queue pair.
     *
     * @return 0 to {@link ReceiveShare#depth()}; 0 admits nothing
     */
    int limit(ReceiveShare share);

    /** Sets no limit: every queue pair may use the whole queue. */
    static ReceiveLimits none() {
        return ReceiveShare::depth;
    }

    /**
     * Gives every queue pair the same number, whatever the depth of the queue.
     *
     * @throws IllegalArgumentException if it is below 0
     */
    static ReceiveLimits fixed(int receives) {
        if (receives < 0) {
            throw new IllegalArgumentException("limit " + receives + " must be at least 0");
        }
        return share -> receives;
    }

    /** Divides the queue into equal parts, rounded down, but at least one receive each. */
    static ReceiveLimits equalShares() {
        return share -> Math.max(1, share.depth() / share.queuePairs());
    }

    /** Divides the queue in proportion to the weights of the queue pairs, rounded down, but at least one receive each. */
    static ReceiveLimits weighted() {
        return share -> (int) Math.max(1, (long) share.depth() * share.weight() / share.totalWeight());
    }
}
