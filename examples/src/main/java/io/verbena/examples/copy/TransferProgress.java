package io.verbena.examples.copy;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far a transfer has come: a bar on a terminal, nothing elsewhere.
 *
 * <p>Thread rule: one thread; the bar draws on a thread of its own.
 */
final class TransferProgress implements AutoCloseable {
    private static final int WIDTH = 100;
    private static final int REDRAW_MS = 200;

    private final ProgressBar bar;

    private TransferProgress(ProgressBar bar) {
        this.bar = bar;
    }

    /** Begins to show a transfer of {@code size} octets. */
    static TransferProgress of(String name, long size, boolean show) {
        if (!show || size == 0) {
            return new TransferProgress(null);
        }
        return new TransferProgress(new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(size)
                .setUnit(" MiB", 1 << 20)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MS)
                .showSpeed(new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                .build());
    }

    void at(long octets) {
        if (bar != null) {
            bar.stepTo(octets);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
