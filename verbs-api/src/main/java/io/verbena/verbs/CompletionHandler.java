package io.verbena.verbs;

/** Receives completions from {@link CompletionQueue#poll(int, CompletionHandler)}. */
@FunctionalInterface
public interface CompletionHandler {
    /**
     * One completion.
     *
     * @param completion a view that is valid during this call
     */
    void onCompletion(WorkCompletion completion);
}
