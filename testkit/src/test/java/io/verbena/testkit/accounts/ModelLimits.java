package io.verbena.testkit.accounts;

import io.verbena.verbs.ReceiveLimits;
import java.util.SplittableRandom;

/**
 * A resource manager, and on its own what it has to say.
 *
 * @param kind which
 * @param value the number of {@link Kind#FIXED}, the seed of {@link Kind#CALLBACK}
 */
record ModelLimits(Kind kind, int value) {
    /** Those of the verbs, and a function. */
    enum Kind {
        NONE,
        FIXED,
        EQUAL,
        WEIGHTED,
        CALLBACK
    }

    static ModelLimits random(SplittableRandom random, int depth) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        return new ModelLimits(kind, kind == Kind.FIXED ? random.nextInt(depth / 4 + 2) : random.nextInt(1000));
    }

    ReceiveLimits manager() {
        return switch (kind) {
            case NONE -> ReceiveLimits.none();
            case FIXED -> ReceiveLimits.fixed(value);
            case EQUAL -> ReceiveLimits.equalShares();
            case WEIGHTED -> ReceiveLimits.weighted();
            case CALLBACK -> share -> called(share.queuePairNumber(), share.depth());
        };
    }

    /** Returns the limit of one of {@code queuePairs} queue pairs, which may be more than the depth. */
    int limit(ModelAccount account, int queuePairs, long totalWeight, int depth) {
        return switch (kind) {
            case NONE -> depth;
            case FIXED -> value;
            case EQUAL -> Math.max(1, depth / queuePairs);
            case WEIGHTED -> (int) Math.max(1, depth * (long) account.weight / totalWeight);
            case CALLBACK -> called(account.queuePairNumber, depth);
        };
    }

    private int called(int queuePairNumber, int depth) {
        return (queuePairNumber * 31 + value) % Math.min(depth + 1, 9);
    }
}
