package io.verbena.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that begin together; what one of them throws fails the test. */
final class Crew implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Callable<Void>> jobs = new ArrayList<>();

    /** Work of one thread. */
    interface Job {
        void run() throws Exception;
    }

    Crew add(Job job) {
        jobs.add(() -> {
            job.run();
            return null;
        });
        return this;
    }

    /** Runs all jobs, each on its own thread, and waits for their ends. */
    void run() throws Exception {
        CyclicBarrier start = new CyclicBarrier(jobs.size());
        List<Future<?>> ends = new ArrayList<>();
        for (Callable<Void> job : jobs) {
            ends.add(threads.submit(() -> {
                start.await();
                return job.call();
            }));
        }
        for (Future<?> end : ends) {
            end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
