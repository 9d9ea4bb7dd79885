package io.verbena.examples.crowd;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The figures of one round, or of two beside each other, as a table. */
final class Report {
    private static final String FORM = "%-46s %14s %14s%n";

    private final PrintWriter out;
    private final Figures without;
    private final Figures with;

    /** Either may be null, not both. */
    Report(PrintWriter out, Figures without, Figures with) {
        this.out = out;
        this.without = without;
        this.with = with;
    }

    void print() {
        out.printf(Locale.ROOT, FORM, "", without == null ? "" : "without", with == null ? "" : "with hostile");
        row("well-behaved messages a second", round -> number(Math.round(round.perSecond())));
        if (ratio() > 0) {
            out.printf(Locale.ROOT, FORM, "  with, in parts of without", "", decimal(ratio()));
        }
        row("slowest client, in parts of what it wanted", round -> decimal(round.slowest()));
        row("sending to taking in, ms: median", round -> tenths(round.delays().percentile(50)));
        row("  99 %", round -> tenths(round.delays().percentile(99)));
        row("  longest", round -> tenths(round.delays().percentile(100)));
        row("messages of well-behaved clients", round -> number(round.sent()));
        row("  missing, wrong, dropped", round -> round.missing() + ", " + round.wrong() + ", " + round.otherDropped());
        row("connections lost", round -> number(round.lostClients().size()));
        row("receives on the queue", round -> number(round.plan().depth()));
        row("  free, at least", round -> number(round.leastFree()));
        row("  held by one well-behaved client, at most", round -> number(round.mostHeldByOthers()));
        row("  held by the hostile client, at most", round -> number(round.mostHeldByHostile()));
        row("  its limit", round -> number(round.plan().limit(round.plan().clients())));
        row("messages of the hostile client", round -> number(round.hostileSent()));
        row("  dropped", round -> number(round.hostileDropped()));
        row("pool buffers in use, at most", round -> round.mostPooled() + " of " + round.poolCapacity());
        row("  by the hostile client", round -> number(round.mostPooledForHostile()));
        out.println("processors busy");
        (with == null ? without : with)
                .busy()
                .keySet()
                .forEach(what -> row("  " + what, round -> decimal(round.busy().get(what))));
        if (with != null) {
            names();
        }
        out.flush();
    }

    private void names() {
        out.println("The hostile client " + with.plan().hostility().words() + ". What names it:");
        for (Map.Entry<String, Long> event : with.hostileEvents().entrySet()) {
            out.printf(Locale.ROOT, "  %-30s %,d times%n", event.getKey(), event.getValue());
        }
        out.println("Others that were named: "
                + (with.otherNamed().isEmpty() ? "none" : with.otherNamed().toString())
                + ". The queue ran low " + with.lowEvents() + " times. At the end of the hostile client "
                + with.hostileEnd() + ".");
    }

    /** Returns the throughput with the hostile client in parts of that without it, or 0 if there are not both. */
    double ratio() {
        return without == null || with == null ? 0 : with.perSecond() / without.perSecond();
    }

    private void row(String name, Function<Figures, String> value) {
        out.printf(
                Locale.ROOT,
                FORM,
                name,
                without == null ? "" : value.apply(without),
                with == null ? "" : value.apply(with));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
