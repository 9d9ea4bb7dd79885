package io.verbena.benchmarks.end;

/**
 * Offsets into a region, one message behind the other and round again. The same at both ends and for all contenders, so that
 * all touch the same memory.
 *
 * <p>Thread rule: one thread.
 */
public final class MemoryWalk {
    private final int regionOctets;
    private final int stepOctets;
    private int next;

    /** Walks through {@code regionOctets} in steps of {@code stepOctets}, which divide it. */
    public MemoryWalk(int regionOctets, int stepOctets) {
        if (stepOctets < 1 || regionOctets % stepOctets != 0) {
            throw new IllegalArgumentException(
                    "steps of " + stepOctets + " octets do not divide a region of " + regionOctets);
        }
        this.regionOctets = regionOctets;
        this.stepOctets = stepOctets;
    }

    /** Returns the next offset. */
    public int next() {
        int offset = next;
        next += stepOctets;
        if (next == regionOctets) {
            next = 0;
        }
        return offset;
    }
}
