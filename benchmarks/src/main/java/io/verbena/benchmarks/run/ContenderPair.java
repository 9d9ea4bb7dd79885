package io.verbena.benchmarks.run;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import io.verbena.benchmarks.row.Figures;
import java.io.IOException;
import java.time.Duration;

/**
 * The server and the client of one contender. They live through all measurements of a row, and do nothing between them.
 *
 * <p>Thread rule: one thread.
 */
final class ContenderPair implements AutoCloseable {
    /** Longer than the ends wait for each other, so that their own words are heard. */
    private static final Duration ANSWER_LIMIT = Patience.LIMIT.plusSeconds(15);

    private final EndHandle server;
    private final EndHandle client;

    private ContenderPair(EndHandle server, EndHandle client) {
        this.server = server;
        this.client = client;
    }

    /** Starts both; they are not connected yet. */
    static ContenderPair start(EndLauncher launcher, Contender contender, BenchRow row, Effort effort)
            throws IOException {
        EndHandle server = launcher.start(new EndTask(EndTask.Role.SERVER, contender, row, effort));
        try {
            EndHandle client = launcher.start(new EndTask(EndTask.Role.CLIENT, contender, row, effort));
            return new ContenderPair(server, client);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Connects them. */
    void connect() throws EndFailedException, InterruptedException {
        server.command("listen");
        String ports = server.await("ports", ANSWER_LIMIT);
        server.command("accept");
        client.command("connect " + ports);
        client.await("connected", ANSWER_LIMIT);
        server.await("accepted", ANSWER_LIMIT);
    }

    /** Measures once. */
    Measurement measure(Duration time) throws EndFailedException, InterruptedException {
        server.command("serve");
        server.await("serving", ANSWER_LIMIT);
        client.command("measure " + time.toNanos());
        Figures found = Figures.decode(client.await("figures", time.plus(ANSWER_LIMIT)));
        server.command("end");
        return new Measurement(found, Figures.decode(server.await("figures", ANSWER_LIMIT)));
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    /**
     * What both ends found.
     *
     * @param client what the client found
     * @param server what the server found
     */
    record Measurement(Figures client, Figures server) {}
}
