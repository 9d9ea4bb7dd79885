package io.verbena.examples.perf;

import java.util.Map;

/** What one round yielded. */
sealed interface PerfRow permits BandwidthRow, LatencyRow {
    /** Returns it as a line of the table. */
    String line();

    /** Returns it by names, in the order to show them. */
    Map<String, Object> facts();
}
