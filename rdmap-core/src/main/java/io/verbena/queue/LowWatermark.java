package io.verbena.queue;

/**
 * The mark below which a shared receive queue tells that it runs low: once, until it is armed again (SYS-SRQ-05).
 *
 * <p>Thread rule: under the lock of the queue.
 */
final class LowWatermark {
    /** No event is due. */
    static final int SILENT = -1;

    private int mark;
    private boolean armed;

    LowWatermark(int mark) {
        arm(mark);
    }

    /** Sets the mark and arms it; 0 disarms it. */
    void arm(int next) {
        mark = next;
        armed = next > 0;
    }

    /** Arms the mark that was set last. */
    void rearm() {
        armed = mark > 0;
    }

    int mark() {
        return mark;
    }

    boolean armed() {
        return armed;
    }

    /** Disarms it if fewer wait than the mark says: returns how many do, or {@link #SILENT} if no event is due. */
    int fall(int waiting) {
        if (!armed || waiting >= mark) {
            return SILENT;
        }
        armed = false;
        return waiting;
    }
}
