package io.verbena.examples.crowd;

import io.verbena.verbs.ReceiveRefusal;
import java.util.Locale;

/** What becomes of a message beyond its client's limit, as the command line names it. */
enum Refusal {
    DROP_MESSAGE(ReceiveRefusal.DROP_MESSAGE),
    DROP_CONNECTION(ReceiveRefusal.DROP_CONNECTION);

    private final ReceiveRefusal verb;

    Refusal(ReceiveRefusal verb) {
        this.verb = verb;
    }

    ReceiveRefusal verb() {
        return verb;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
