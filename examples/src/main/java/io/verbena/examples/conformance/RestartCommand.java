package io.verbena.examples.conformance;

import io.verbena.conformance.Renewal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The user's command that makes the stack under test anew. Its standard output is dropped, its standard error is ours.
 *
 * <p>Thread rule: one thread.
 */
final class RestartCommand implements Renewal {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final String line;

    /** Takes what {@code sh -c} is to run. */
    RestartCommand(String line) {
        this.line = line;
    }

    @Override
    public void renew() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(
                        "--restart: '" + line + "' did not end within " + LONGEST.toMinutes() + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new IOException("--restart: '" + line + "' ended with exit code " + process.exitValue());
            }
        } finally {
            // Nothing if it has ended: what it started then goes on.
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
