package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a connection ended at our end.
 *
 * @param cause why, or null if in good order
 * @param completions what completed until all was quiet, in order
 * @param events what the application was told besides, in order
 */
record Ending(FailureCause cause, List<WorkCompletion> completions, List<AsyncEvent> events) {

    /** Requires that the application was told of this and nothing else, with the Terminate that was sent, or none. */
    void requireEvent(AsyncEvent.Kind kind, FailedCheck check, String terminate) throws CommandFailedException {
        Expect.equal(
                "the events",
                List.of(kind),
                events.stream().map(AsyncEvent::kind).toList());
        requireCause("the event", events.get(0).cause(), check, terminate);
    }

    /** Requires that this request is the only one that failed of itself. */
    void requireFailed(CompletedOperation operation, WorkCompletionStatus status, FailedCheck check, String terminate)
            throws CommandFailedException {
        List<WorkCompletion> failed = completions.stream()
                .filter(each -> !each.success() && each.status() != WorkCompletionStatus.FLUSHED)
                .toList();
        if (failed.size() != 1) {
            throw new CommandFailedException("expected one " + operation + " that failed, found " + this);
        }
        Expect.equal("what failed", operation, failed.get(0).operation());
        Expect.equal("its status", status, failed.get(0).status());
        requireCause("its cause", failed.get(0).cause(), check, terminate);
    }

    /** Requires that nothing failed of itself. */
    void requireFlushedOnly() throws CommandFailedException {
        for (WorkCompletion each : completions) {
            if (!each.success()) {
                Expect.equal(
                        "status of a " + each.operation() + " (" + this + ")",
                        WorkCompletionStatus.FLUSHED,
                        each.status());
            }
        }
    }

    /** Requires that so many requests of the send queue completed: first those that did well, then those flushed. */
    void requireCompleted(int count) throws CommandFailedException {
        List<WorkCompletion> requests = completions.stream()
                .filter(each -> each.operation() != CompletedOperation.RECEIVE)
                .toList();
        Expect.equal("requests that completed", count, requests.size());
        boolean ended = false;
        long next = 0;
        for (WorkCompletion each : requests) {
            Expect.equal("the next request to complete", next++, each.id());
            if (ended && each.success()) {
                throw new CommandFailedException("a request succeeded behind one that did not");
            }
            ended |= !each.success();
        }
        if (events.stream().noneMatch(event -> event.kind() == AsyncEvent.Kind.TERMINATE_RECEIVED)) {
            requireFlushedOnly();
        } else {
            // It may name a Read.
            requireFailures(1);
        }
    }

    private void requireFailures(int most) throws CommandFailedException {
        long failures = completions.stream()
                .filter(each -> !each.success() && each.status() != WorkCompletionStatus.FLUSHED)
                .count();
        if (failures > most) {
            throw new CommandFailedException("expected " + most + " to fail of itself, found " + this);
        }
    }

    private static void requireCause(String what, FailureCause cause, FailedCheck check, String terminate)
            throws CommandFailedException {
        if (cause == null) {
            throw new CommandFailedException(what + " has no cause");
        }
        Expect.equal("the check of " + what, check, cause.root().check());
        String triple = cause.root().terminate() == null
                ? "none"
                : cause.root().terminate().triple();
        Expect.equal("the Terminate of " + what, terminate, triple);
    }

    /** Returns it in one line, with how many of each kind ended in each way. */
    @Override
    public String toString() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (WorkCompletion each : completions) {
            numbers.merge(each.operation() + " " + each.status(), 1, Integer::sum);
        }
        List<String> words = new ArrayList<>();
        numbers.forEach((end, number) -> words.add(number == 1 ? end : number + " " + end));
        for (AsyncEvent event : events) {
            words.add("event " + event.kind() + described(event.cause()));
        }
        return "ours: " + (words.isEmpty() ? "nothing" : String.join(", ", words));
    }

    private static String described(FailureCause cause) {
        if (cause == null) {
            return "";
        }
        return " (" + cause.root().check()
                + (cause.root().terminate() == null
                        ? ""
                        : " " + cause.root().terminate().triple())
                + ")";
    }
}
