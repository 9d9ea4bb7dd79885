package io.verbena.examples.rping;

import java.util.concurrent.Semaphore;

/** A thread for each client, up to a limit. */
final class ClientThreads {
    private final Semaphore free;
    private int started;

    ClientThreads(int limit) {
        free = new Semaphore(limit);
    }

    /** Runs {@code work} on a thread of its own; false if all are busy. */
    boolean start(Runnable work) {
        if (!free.tryAcquire()) {
            return false;
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } finally {
                        free.release();
                    }
                },
                "rping-client-" + started++);
        thread.setDaemon(true);
        thread.start();
        return true;
    }
}
