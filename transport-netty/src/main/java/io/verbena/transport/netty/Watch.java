package io.verbena.transport.netty;

/**
 * When the own thread of a loop looks whether those who borrow the loop still come, and what it concludes.
 *
 * <p>It looks rarely while somebody comes often, because a look costs a wake-up; and soon again when visits become rare. So
 * the loop is left alone for at most about the sum of the longest and the shortest time between looks, and for twice the
 * shortest if there was no rush before.
 *
 * <p>Thread rule: the own thread of the loop.
 */
final class Watch {
    /** The shortest time between two looks, in nanoseconds. */
    static final long SHORTEST_NS = 100_000;

    /** The longest time between two looks, in nanoseconds. */
    static final long LONGEST_NS = 800_000;

    /** So many visits from one look to the next are a rush. */
    static final int RUSH = 4;

    private long intervalNs;
    private int visits;
    private boolean looked;

    /** Begins anew: the next look only takes note. */
    void restart() {
        looked = false;
    }

    /**
     * Looks.
     *
     * @param now the number of visits until now
     * @return whether there was none since the last look
     */
    boolean nobodyCameSince(int now) {
        int came = now - visits;
        visits = now;
        if (!looked) {
            looked = true;
            intervalNs = SHORTEST_NS;
            return false;
        }
        intervalNs = came >= RUSH ? Math.min(2 * intervalNs, LONGEST_NS) : SHORTEST_NS;
        return came == 0;
    }

    /** Returns when to look again, in nanoseconds from now. */
    long lookAgainInNs() {
        return intervalNs;
    }
}
