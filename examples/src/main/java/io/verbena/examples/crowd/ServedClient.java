package io.verbena.examples.crowd;

import io.verbena.verbs.QueuePair;
import java.util.concurrent.atomic.LongAdder;

/**
 * A client as the server knows it.
 *
 * <p>Thread rule: changed by the service's thread, read by any.
 */
final class ServedClient {
    private final int number;
    private final boolean hostile;
    private final int credit;
    private final QueuePair queuePair;
    private volatile long taken;
    private final LongAdder wrong = new LongAdder();
    private long acknowledged;
    private long drawnBefore = -1;
    private boolean stuck;

    ServedClient(int number, boolean hostile, int credit, QueuePair queuePair) {
        this.number = number;
        this.hostile = hostile;
        this.credit = credit;
        this.queuePair = queuePair;
    }

    int number() {
        return number;
    }

    boolean hostile() {
        return hostile;
    }

    int credit() {
        return credit;
    }

    QueuePair queuePair() {
        return queuePair;
    }

    /** Returns how many messages of it were taken in. */
    long taken() {
        return taken;
    }

    /** Returns how many messages were not the one that had to come next, to the last octet. */
    long wrong() {
        return wrong.sum();
    }

    /** Counts a message, which has to be the next one of this client. The hostile client sends what it likes. */
    void take(Message message) {
        long before = taken;
        if (!hostile && !message.is(number, before)) {
            wrong.increment();
        }
        taken = before + 1;
    }

    /** Returns whether it has not been told of all its messages yet. */
    boolean awaitsAcknowledgement() {
        return acknowledged < taken;
    }

    /** It has been told of all its messages. */
    void acknowledged() {
        acknowledged = taken;
    }

    /**
     * Looks whether a message of it got stuck: it has drawn a receive that it had drawn at the last look, too, and that has
     * not completed. True once for each.
     *
     * @param drawn receives that it has drawn ever
     */
    boolean gotStuck(long drawn) {
        boolean now = drawn == drawnBefore && drawn > taken;
        boolean since = now && !stuck;
        stuck = now;
        drawnBefore = drawn;
        return since;
    }
}
