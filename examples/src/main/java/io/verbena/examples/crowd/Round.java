package io.verbena.examples.crowd;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.verbs.cm.ConnectionFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One round: opens a server and a crowd of clients, connects them, warms up, lets the hostile client loose, counts for a
 * while, and works out the figures.
 *
 * <p>Thread rule: the command's thread.
 */
final class Round {
    private static final Duration FINISH = Duration.ofSeconds(20);

    /** Looks at a round while it runs. */
    @FunctionalInterface
    interface Watcher {
        /**
         * A look is due.
         *
         * @param counting whether messages count already, or the round still warms up
         * @param ns time since counting, or warming up, began
         */
        void look(Server server, boolean counting, long ns);
    }

    private final Plan plan;
    private final Diagnostics diagnostics;
    private final Watcher watcher;
    private final Duration lookEvery;

    Round(Plan plan, Diagnostics diagnostics, Watcher watcher, Duration lookEvery) {
        this.plan = plan;
        this.diagnostics = diagnostics;
        this.watcher = watcher;
        this.lookEvery = lookEvery;
    }

    /**
     * Runs it.
     *
     * @param warmUp time before messages count
     * @param counted time in which they do
     */
    Figures run(Duration warmUp, Duration counted)
            throws CommandFailedException, ConnectionFailedException, IOException, InterruptedException {
        try (Server server = new Server(plan, diagnostics.deviceOptions("server"));
                Clients clients = new Clients(plan, diagnostics.deviceOptions("clients"))) {
            clients.connect(server.address());
            try (Worker service = Worker.start("crowd-service", server.service());
                    Worker crowd = Worker.start("crowd-clients", clients)) {
                List<Worker> workers = List.of(service, crowd);
                watch(server, workers, false, warmUp);
                if (plan.hostility() == Hostility.NONE) {
                    return count(server, clients, null, workers, counted);
                }
                try (HostileClient hostile = new HostileClient(plan, server.address());
                        Worker attack = Worker.start("crowd-hostile", hostile)) {
                    return count(server, clients, hostile, List.of(service, crowd, attack), counted);
                }
            }
        }
    }

    private Figures count(Server server, Clients clients, HostileClient hostile, List<Worker> workers, Duration counted)
            throws CommandFailedException, InterruptedException {
        Delays delays = new Delays();
        server.service().countDelays(delays);
        Map<String, Long> processorsBefore = ProcessorTimes.now();
        long began = System.nanoTime();
        long[] before = taken(server);
        watch(server, workers, true, counted);
        long[] after = taken(server);
        long ns = System.nanoTime() - began;
        Map<String, Double> busy = ProcessorTimes.busy(processorsBefore, ProcessorTimes.now(), ns);
        server.service().countDelays(null);

        boolean finished = clients.finish(FINISH);
        for (Worker worker : workers) {
            worker.check();
        }
        server.ending();
        Figures.Counted figures = new Figures.Counted(rates(before, after, ns), busy, delays);
        return Figures.of(plan, server, clients, hostile, figures, finished);
    }

    private void watch(Server server, List<Worker> workers, boolean counting, Duration time)
            throws CommandFailedException, InterruptedException {
        long began = System.nanoTime();
        Beat beat = new Beat(lookEvery);
        for (long ns = 0; ns < time.toNanos(); ns = System.nanoTime() - began) {
            if (!beat.await()) {
                throw new InterruptedException();
            }
            for (Worker worker : workers) {
                worker.check();
            }
            watcher.look(server, counting, System.nanoTime() - began);
        }
    }

    private static List<Double> rates(long[] before, long[] after, long ns) {
        return IntStream.range(0, before.length)
                .mapToObj(client -> (after[client] - before[client]) * 1e9 / ns)
                .toList();
    }

    /** Returns how many messages of each well-behaved client were taken in. */
    private long[] taken(Server server) {
        long[] taken = new long[plan.clients()];
        for (ServedClient client : new ArrayList<>(server.clients())) {
            if (!client.hostile()) {
                taken[client.number()] = client.taken();
            }
        }
        return taken;
    }
}
