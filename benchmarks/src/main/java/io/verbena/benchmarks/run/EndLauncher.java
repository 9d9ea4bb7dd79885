package io.verbena.benchmarks.run;

import io.verbena.benchmarks.end.EndTask;
import java.io.IOException;

/** Starts ends. */
@FunctionalInterface
public interface EndLauncher {
    /** Starts one, and returns what it is commanded with; the caller has to close it. */
    EndHandle start(EndTask task) throws IOException;
}
