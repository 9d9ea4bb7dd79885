package io.verbena.testkit.accounts;

import io.verbena.verbs.ResourceInUseException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The steps that change shared receive queues and completion queues, rightly and wrongly, and give receives back. */
final class QueueSteps {
    static final int MOST_DEPTH = 96;
    private static final int REMEMBERED = 20;

    private final SplittableRandom random;
    private final Journal journal;
    private final List<Spent> spent = new ArrayList<>();

    /** A receive that was given back. */
    private record Spent(ModelQueue queue, long handle) {}

    QueueSteps(SplittableRandom random, Journal journal) {
        this.random = random;
        this.journal = journal;
    }

    /** Gives some receives back whose completions were polled; now and then one that was given back before. */
    void giveBack(ModelQueue queue, int count) {
        if (!queue.byApplication()) {
            requireRefused(IllegalStateException.class, () -> queue.queue.giveBack(0), queue + " takes its own back");
            return;
        }
        journal.line("up to " + count + " receives back to " + queue.queue);
        for (int i = 0; i < count && !queue.polled.isEmpty(); i++) {
            ModelQueue.Polled next = queue.polled.remove(random.nextInt(queue.polled.size()));
            queue.queue.giveBack(next.handle());
            queue.release(next.account(), next.receive());
            remember(new Spent(queue, next.handle()));
        }
        if (!spent.isEmpty()) {
            Spent again = spent.get(random.nextInt(spent.size()));
            requireRefused(
                    IllegalStateException.class,
                    () -> again.queue.queue.giveBack(again.handle),
                    "a receive that was given back twice");
        }
    }

    /** A queue pair is going to be destroyed: what it holds will be given back by that. */
    void willEnd(End end) {
        if (end.shared != null) {
            for (ModelQueue.Polled each : end.shared.polled) {
                if (each.account() == end.account) {
                    remember(new Spent(end.shared, each.handle()));
                }
            }
        }
    }

    private void remember(Spent one) {
        spent.add(one);
        if (spent.size() > REMEMBERED) {
            spent.remove(0);
        }
    }

    /** Changes something of a shared receive queue. */
    void change(ModelQueue queue, End user) {
        switch (random.nextInt(7)) {
            case 0, 1 -> limits(queue);
            case 2 -> cap(queue, user);
            case 3 -> armHeld(queue, user);
            case 4 -> arm(queue);
            case 5 -> resize(queue);
            default -> {
                if (random.nextBoolean()) {
                    queue.queue.refreshLimits();
                } else if (!queue.accounts.isEmpty()) {
                    requireRefused(ResourceInUseException.class, queue.queue::close, "closing a queue that is used");
                }
            }
        }
    }

    private void limits(ModelQueue queue) {
        ModelLimits next = random.nextInt(12) == 0 && !queue.accounts.isEmpty()
                ? new ModelLimits(ModelLimits.Kind.FIXED, queue.depth + 1)
                : ModelLimits.random(random, queue.depth);
        journal.line(queue.queue + " gets " + next);
        if (queue.fits(next, queue.depth)) {
            queue.queue.limits(next.manager());
            queue.manage(next, queue.depth);
        } else {
            requireRefused(
                    IllegalArgumentException.class,
                    () -> queue.queue.limits(next.manager()),
                    "a limit above the depth");
        }
    }

    private void cap(ModelQueue queue, End user) {
        int most = random.nextInt(3) == 0 ? queue.depth : random.nextInt(queue.depth + 2);
        journal.line(queue.queue + " caps " + user + " at " + most);
        if (user.shared == queue && most <= queue.depth) {
            queue.queue.cap(user.queuePair, most);
            user.account.cap = most == queue.depth ? ModelAccount.NO_CAP : most;
        } else {
            requireRefused(
                    IllegalArgumentException.class,
                    () -> queue.queue.cap(user.queuePair, most),
                    "a cap of another queue's queue pair, or above the depth");
        }
    }

    private void armHeld(ModelQueue queue, End user) {
        int held = random.nextInt(4) - (random.nextInt(8) == 0 ? 4 : 0);
        journal.line(queue.queue + " arms " + user + " at " + held);
        if (user.shared == queue && held >= 0) {
            queue.queue.armHeld(user.queuePair, held);
            user.account.armedAt = held;
        } else {
            requireRefused(
                    IllegalArgumentException.class,
                    () -> queue.queue.armHeld(user.queuePair, held),
                    "an event of another queue's queue pair, or below zero");
        }
    }

    private void arm(ModelQueue queue) {
        int mark = random.nextInt(queue.depth + 3) - 1;
        journal.line(queue.queue + " is armed at " + mark);
        if (mark >= 0 && mark <= queue.depth) {
            queue.queue.arm(mark);
            queue.lowWatermark = mark;
            queue.armed = mark > 0;
        } else {
            requireRefused(IllegalArgumentException.class, () -> queue.queue.arm(mark), "a watermark out of range");
        }
    }

    private void resize(ModelQueue queue) {
        int depth = 1 + random.nextInt(MOST_DEPTH);
        journal.line(queue.queue + " is resized to " + depth);
        if (depth >= queue.posted && depth >= queue.lowWatermark && queue.fits(queue.limits, depth)) {
            queue.queue.resize(depth);
            queue.manage(queue.limits, depth);
        } else {
            requireRefused(
                    IllegalArgumentException.class,
                    () -> queue.queue.resize(depth),
                    "a depth below what the queue has, its watermark or a limit");
        }
    }

    /** Changes the capacity of a completion queue. */
    void resize(ModelCompletions completions, int least, int most) {
        int capacity = least + random.nextInt(most - least + 1);
        journal.line(completions.queue + " is resized to " + capacity);
        if (capacity >= completions.size()) {
            completions.queue.resize(capacity);
            completions.capacity = capacity;
        } else {
            requireRefused(
                    IllegalArgumentException.class,
                    () -> completions.queue.resize(capacity),
                    "a capacity below what is there");
        }
    }

    private static void requireRefused(Class<? extends RuntimeException> how, Runnable verb, String what) {
        try {
            verb.run();
        } catch (RuntimeException refusal) {
            if (how.isInstance(refusal)) {
                return;
            }
            throw refusal;
        }
        throw new AssertionError(what + " was not refused");
    }
}
