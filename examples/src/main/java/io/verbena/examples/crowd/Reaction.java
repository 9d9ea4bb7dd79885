package io.verbena.examples.crowd;

import java.util.Locale;

/** What the server does about an offender. */
enum Reaction {
    /** Says who it is, and leaves the rest to the limits. */
    REPORT,
    /** Lowers its limit to one receive. */
    LOWER,
    /** Breaks its connection. */
    DROP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
