package io.verbena.testkit.walk;

import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.WorkCompletion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

/** One end of a connection of a walk. */
final class WalkEnd {
    final WalkDevice device;
    final QueuePair queuePair;
    final Deque<WorkCompletion> completions = new ArrayDeque<>();
    private final CompletionQueue queue;

    WalkEnd(WalkDevice device, int domainIndex, UnaryOperator<QueuePairOptions> change) {
        this.device = device;
        queue = device.device.createCompletionQueue(64);
        queuePair = device.domains
                .get(domainIndex)
                .createQueuePair(change.apply(QueuePairOptions.with(queue).withDepths(16, 16)));
    }

    int domain() {
        return queuePair.protectionDomain().number();
    }

    int number() {
        return queuePair.number();
    }

    RemoteAccessPolicy policy() {
        return queuePair.options().remoteAccessPolicy();
    }

    boolean reactive() {
        return queuePair.options().registrationFailurePolicy() == RegistrationFailurePolicy.REACTIVE;
    }

    /** Takes over what has completed. */
    void poll() {
        queue.poll(Integer.MAX_VALUE, completion -> completions.add(completion.copy()));
    }

    /** Returns the completion of request {@code id}, or null. */
    WorkCompletion completion(long id) {
        return completions.stream().filter(each -> each.id() == id).findFirst().orElse(null);
    }

    void close() {
        queuePair.close();
        queue.close();
    }

    @Override
    public String toString() {
        return device.name + " qp" + number();
    }
}
