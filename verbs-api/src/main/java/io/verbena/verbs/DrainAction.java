package io.verbena.verbs;

import java.util.function.IntFunction;

/**
 * What a {@link DrainMonitor} does about the queue pair that drains a shared receive queue.
 *
 * <p>Thread rule: called on the thread that polls, between two completions.
 */
@FunctionalInterface
public interface DrainAction {
    /** A queue pair has become the offender. */
    void onOffender(DrainRate offender);

    /** Returns an action that first does this, then {@code next}. */
    default DrainAction andThen(DrainAction next) {
        return offender -> {
            onOffender(offender);
            next.onOffender(offender);
        };
    }

    /**
     * Lowers the offender's limit ({@link SharedReceiveQueue#cap}). It stays until the application takes it back.
     *
     * @param queue the queue that is drained
     * @param queuePairs finds a queue pair by its number; null: it is gone, and nothing is done
     * @param most receives that the offender may hold from now on
     */
    static DrainAction lowerLimit(SharedReceiveQueue queue, IntFunction<QueuePair> queuePairs, int most) {
        return offender -> {
            QueuePair queuePair = queuePairs.apply(offender.queuePairNumber());
            if (queuePair != null) {
                queue.cap(queuePair, most);
            }
        };
    }

    /**
     * Drops the offender's connection ({@link QueuePair#abort}).
     *
     * @param queuePairs finds a queue pair by its number; null: it is gone, and nothing is done
     */
    static DrainAction drop(IntFunction<QueuePair> queuePairs) {
        return offender -> {
            QueuePair queuePair = queuePairs.apply(offender.queuePairNumber());
            if (queuePair != null) {
                queuePair.abort();
            }
        };
    }
}
