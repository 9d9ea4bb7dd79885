package io.verbena.examples.command;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A thread for each peer that a server serves, up to a limit. Closing interrupts them and waits, so that none still uses what
 * the server closes next.
 *
 * <p>Thread rule: the server's thread.
 */
public final class PeerThreads implements AutoCloseable {
    private static final long END_MS = TimeUnit.SECONDS.toMillis(10);

    private final String name;
    private final Semaphore free;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private int started;

    /** Makes none yet; they will be called {@code name} with a number. */
    public PeerThreads(String name, int limit) {
        this.name = name;
        free = new Semaphore(limit);
    }

    /** Runs {@code work}, which must end soon when interrupted, on a thread of its own; false if the limit is reached. */
    public boolean start(Runnable work) {
        if (!free.tryAcquire()) {
            return false;
        }
        Thread thread = new Thread(() -> run(work), name + "-" + started++);
        thread.setDaemon(true);
        running.add(thread);
        thread.start();
        return true;
    }

    private void run(Runnable work) {
        try {
            work.run();
        } finally {
            running.remove(Thread.currentThread());
            free.release();
        }
    }

    @Override
    public void close() {
        running.forEach(Thread::interrupt);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MS);
        boolean interrupted = Thread.interrupted();
        for (Thread thread : running) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            try {
                thread.join(Math.max(1, leftMs));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
