package io.verbena.examples.perf;

import io.verbena.examples.command.OctetCount;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far a run is and how fast it goes: a bar on a terminal, nothing elsewhere. It goes when it is closed, and the row
 * of the table takes its place.
 *
 * <p>Thread rule: one thread; the bar draws on a thread of its own.
 */
final class PerfProgress implements AutoCloseable {
    private static final int WIDTH = 100;
    private static final int REDRAW_MS = 200;

    private final ProgressBar bar;
    private final RunLength length;

    private PerfProgress(ProgressBar bar, RunLength length) {
        this.bar = bar;
        this.length = length;
    }

    /** Shows nothing. */
    static PerfProgress none() {
        return new PerfProgress(null, null);
    }

    /** Begins to show a run. */
    static PerfProgress of(String name, RunLength length, boolean show) {
        if (!show) {
            return none();
        }
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(name)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MS)
                .hideEta()
                .clearDisplayOnFinish()
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH));
        if (length.iterations() == 0) {
            builder.setInitialMax(TimeUnit.NANOSECONDS.toMillis(length.nanos())).setUnit(" s", 1000);
        } else {
            builder.setInitialMax(length.iterations());
        }
        return new PerfProgress(builder.build(), length);
    }

    /**
     * Tells how far it is.
     *
     * @param nanos since the start
     * @param iterations messages of a queue pair
     * @param octetsPerSecond lately, or 0
     */
    void at(long nanos, long iterations, long octetsPerSecond) {
        if (bar == null) {
            return;
        }
        bar.stepTo(length.iterations() == 0 ? TimeUnit.NANOSECONDS.toMillis(nanos) : iterations);
        if (octetsPerSecond > 0) {
            bar.setExtraMessage(" " + OctetCount.words(octetsPerSecond) + "/s");
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
