package io.verbena.verbs;

/**
 * Walks over the completions of a queue without allocating:
 *
 * <pre>{@code
 * while (cursor.next()) {
 *     handle(cursor.id(), cursor.status());
 * }
 * }</pre>
 *
 * <p>Thread rule: one thread at a time; several cursors of one queue share its completions, each is given once.
 */
public interface CompletionCursor extends WorkCompletion {
    /**
     * Takes the next completion off the queue and makes this cursor show it; false if there is none. On a caller-driven
     * device an empty queue makes the device progress first.
     */
    boolean next();
}
