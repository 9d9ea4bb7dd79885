package io.verbena.benchmarks.row;

import java.time.Duration;

/** How much is done. */
public enum Effort {
    /** To get figures. */
    FULL(64 << 20, Duration.ofMillis(2500), Duration.ofMillis(800), 10_000, 1000, 4000, 10_000),
    /** To see that it works; the figures mean nothing. */
    QUICK(4 << 20, Duration.ofMillis(5), Duration.ofMillis(10), 20, 8, 16, 8);

    private final int regionOctets;
    private final Duration warmUp;
    private final Duration sample;
    private final int idleQueuePairs;
    private final int activeQueuePairs;
    private final int connections;
    private final int countedOperations;

    Effort(
            int regionOctets,
            Duration warmUp,
            Duration sample,
            int idleQueuePairs,
            int activeQueuePairs,
            int connections,
            int countedOperations) {
        this.regionOctets = regionOctets;
        this.warmUp = warmUp;
        this.sample = sample;
        this.idleQueuePairs = idleQueuePairs;
        this.activeQueuePairs = activeQueuePairs;
        this.connections = connections;
        this.countedOperations = countedOperations;
    }

    /** Returns the octets of memory that each end walks through. */
    public int regionOctets() {
        return regionOctets;
    }

    /** Returns how long each contender works before it is measured. */
    public Duration warmUp() {
        return warmUp;
    }

    /** Returns how long one measurement takes. */
    public Duration sample() {
        return sample;
    }

    /** Returns how many queue pairs are idle at once, if file descriptors suffice. */
    public int idleQueuePairs() {
        return idleQueuePairs;
    }

    /** Returns how many queue pairs are active at once. */
    public int activeQueuePairs() {
        return activeQueuePairs;
    }

    /** Returns the most connections made in one measurement. */
    public int connections() {
        return connections;
    }

    /** Returns the operations over which allocation is counted. */
    public int countedOperations() {
        return countedOperations;
    }
}
