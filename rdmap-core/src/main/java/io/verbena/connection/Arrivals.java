package io.verbena.connection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What has come to a listener and was not taken yet. The application takes one after the other, or names a handler that gets
 * all.
 *
 * <p>Thread rule: any thread.
 *
 * @param <T> what comes
 */
final class Arrivals<T> {
    private final String plural;
    private final Waiting waiting;
    private final Executor handlers;

    private final ArrayDeque<T> untaken = new ArrayDeque<>();
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private Consumer<T> handler;
    private boolean closed;

    /**
     * Makes an empty one.
     *
     * @param plural what comes, for messages
     * @param handlers runs the handler
     */
    Arrivals(String plural, Waiting waiting, Executor handlers) {
        this.plural = plural;
        this.waiting = waiting;
        this.handlers = handlers;
    }

    /** One has come: to the handler if there is one. Does nothing if closed. */
    void add(T one) {
        Consumer<T> to;
        synchronized (this) {
            if (closed) {
                return;
            }
            to = handler;
            if (to == null) {
                untaken.add(one);
                arrival.complete(null);
            }
        }
        if (to != null) {
            handlers.execute(() -> to.accept(one));
        }
    }

    /** Takes one back that nobody has taken; returns whether that was so. */
    synchronized boolean remove(T one) {
        return untaken.remove(one);
    }

    /** Returns how many wait to be taken. */
    synchronized int untaken() {
        return untaken.size();
    }

    /**
     * Waits for the next one and takes it.
     *
     * @return null if none came within {@code deadline}
     * @throws IllegalStateException if closed, or if a handler takes all
     * @throws IllegalArgumentException if the deadline is negative
     */
    T next(Duration deadline) throws InterruptedException {
        Patience patience = new Patience(waiting, deadline);
        CompletableFuture<Void> awaited;
        do {
            synchronized (this) {
                requireOpen();
                if (handler != null) {
                    throw new IllegalStateException("the " + plural + " of this listener go to a handler");
                }
                T one = untaken.poll();
                if (one != null) {
                    return one;
                }
                if (arrival.isDone()) {
                    arrival = new CompletableFuture<>();
                }
                awaited = arrival;
            }
        } while (patience.await(awaited));
        return null;
    }

    /** Names the handler that gets all from now on, those first that wait already. */
    void handTo(Consumer<T> next) {
        List<T> left;
        synchronized (this) {
            requireOpen();
            handler = next;
            left = takeAll();
        }
        for (T one : left) {
            handlers.execute(() -> next.accept(one));
        }
    }

    /** Takes nothing more and wakes who waits; returns what nobody has taken. */
    synchronized List<T> close() {
        closed = true;
        arrival.complete(null);
        return takeAll();
    }

    private List<T> takeAll() {
        List<T> left = new ArrayList<>(untaken);
        untaken.clear();
        return left;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the listener is closed");
        }
    }
}
