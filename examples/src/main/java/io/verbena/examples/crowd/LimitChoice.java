package io.verbena.examples.crowd;

import io.verbena.verbs.ReceiveLimits;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How the receives are divided among the clients.
 *
 * @param kind the way
 * @param receives the limit of each client, for {@link Kind#FIXED}
 */
record LimitChoice(Kind kind, int receives) {
    /** Ways of dividing. */
    enum Kind {
        NONE,
        EQUAL,
        FIXED,
        WEIGHTED
    }

    private static final String FIXED = "fixed:";

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with {@code text}
     */
    static LimitChoice parse(String text) {
        return switch (text) {
            case "none" -> new LimitChoice(Kind.NONE, 0);
            case "equal" -> new LimitChoice(Kind.EQUAL, 0);
            case "weighted" -> new LimitChoice(Kind.WEIGHTED, 0);
            default -> fixed(text);
        };
    }

    private static LimitChoice fixed(String text) {
        if (!text.matches(FIXED + "[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' must be none, equal, weighted, or fixed:N with N from 1 to 999999");
        }
        return new LimitChoice(Kind.FIXED, Integer.parseInt(text.substring(FIXED.length())));
    }

    /** Returns the resource manager of the shared receive queue. */
    ReceiveLimits manager() {
        return switch (kind) {
            case NONE -> ReceiveLimits.none();
            case EQUAL -> ReceiveLimits.equalShares();
            case FIXED -> ReceiveLimits.fixed(receives);
            case WEIGHTED -> ReceiveLimits.weighted();
        };
    }

    /** Returns the limit that a client will have when all are there. */
    int limit(int depth, int clients, int weight, long totalWeight) {
        return switch (kind) {
            case NONE -> depth;
            case EQUAL -> Math.max(1, depth / clients);
            case FIXED -> receives;
            case WEIGHTED -> (int) Math.max(1, (long) depth * weight / totalWeight);
        };
    }

    @Override
    public String toString() {
        return kind == Kind.FIXED ? FIXED + receives : kind.name().toLowerCase(Locale.ROOT);
    }

    /** Reads one from the command line. */
    static final class Converter implements ITypeConverter<LimitChoice> {
        @Override
        public LimitChoice convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException e) {
                TypeConversionException wrong = new TypeConversionException(e.getMessage());
                wrong.initCause(e);
                throw wrong;
            }
        }
    }
}
