package io.verbena.testkit.memoryrequests;

import io.verbena.testkit.PairOptions;
import io.verbena.verbs.PlacementMode;
import java.util.function.UnaryOperator;

/** The ways in which octets travel and progress is made: what memory requests do must not depend on them. */
enum Way {
    VALIDATED(options -> options),
    EAGER(options -> options.withPlacement(PlacementMode.EAGER)),
    DIRECT(options -> options.withPlacement(PlacementMode.DIRECT)),
    MARKERS(options -> options.withMarkers(true, true)),
    CALLER_DRIVEN(PairOptions::withCallerDrivenProgress),
    ONE_DEVICE(PairOptions::withOneDevice);

    private final UnaryOperator<PairOptions> change;

    Way(UnaryOperator<PairOptions> change) {
        this.change = change;
    }

    PairOptions apply(PairOptions options) {
        return change.apply(options);
    }
}
