package io.verbena.testkit.accounts;

import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.GiveBack;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A shared receive queue, and what it has to be by rules of its own (SYS-SRQ-01 to -05 and -09): receives wait in their order, a
 * queue pair below its limit draws the first of them, and what it has drawn counts until it is given back.
 */
final class ModelQueue {
    /** What becomes of a message that needs a receive. */
    enum Outcome {
        DRAWS,
        IS_DROPPED,
        ENDS_THE_CONNECTION
    }

    final SharedReceiveQueue queue;
    final Places places;
    final ArrayDeque<Receive> waiting = new ArrayDeque<>();
    final Map<Integer, ModelAccount> accounts = new LinkedHashMap<>();
    /** Receives whose completion was polled, if the application gives them back: what names them. */
    final List<Polled> polled = new ArrayList<>();

    private final BiConsumer<AsyncEvent.Kind, Integer> events;
    ModelLimits limits;
    int depth;
    int posted;
    int lowWatermark;
    boolean armed;

    /** A receive that the application has to give back. */
    record Polled(long handle, ModelAccount account, Receive receive) {}

    /**
     * Begins to watch a queue.
     *
     * @param events hears of each event that has to come, and of which queue pair; -1 for none
     */
    ModelQueue(
            SharedReceiveQueue queue, ModelLimits limits, Places places, BiConsumer<AsyncEvent.Kind, Integer> events) {
        this.queue = queue;
        this.limits = limits;
        this.places = places;
        this.events = events;
        depth = queue.options().depth();
        lowWatermark = queue.options().lowWatermark();
        armed = lowWatermark > 0;
    }

    boolean byApplication() {
        return queue.options().giveBack() == GiveBack.BY_APPLICATION;
    }

    int receivesPerMessage() {
        return queue.options().receivesPerMessage();
    }

    // ---- receives ----

    boolean full() {
        return posted == depth;
    }

    void post(Receive receive) {
        waiting.add(receive);
        posted++;
    }

    Outcome admit(ModelAccount account) {
        if (account.held >= account.limit()) {
            return queue.options().refusal() == ReceiveRefusal.DROP_MESSAGE
                    ? Outcome.IS_DROPPED
                    : Outcome.ENDS_THE_CONNECTION;
        }
        return waiting.isEmpty() ? Outcome.ENDS_THE_CONNECTION : Outcome.DRAWS;
    }

    Receive draw(ModelAccount account) {
        Receive receive = waiting.remove();
        account.held++;
        account.drawn++;
        if (armed && waiting.size() < lowWatermark) {
            armed = false;
            events.accept(AsyncEvent.Kind.SHARED_RECEIVE_QUEUE_LOW, -1);
        }
        if (account.armedAt != ModelAccount.NOT_ARMED && account.held > account.armedAt) {
            account.armedAt = ModelAccount.NOT_ARMED;
            events.accept(AsyncEvent.Kind.RECEIVE_LIMIT_REACHED, account.queuePairNumber);
        }
        return receive;
    }

    /** A message is refused on its way: what it has drawn waits again, before all others. */
    void putBack(ModelAccount account, List<Receive> drawn) {
        for (int i = drawn.size() - 1; i >= 0; i--) {
            waiting.addFirst(drawn.get(i));
        }
        account.held -= drawn.size();
        account.drawn -= drawn.size();
    }

    /** A message is going to be dropped; the first is told of at once, because its peer may never end it. */
    void refused(ModelAccount account) {
        if (!account.dropping) {
            account.dropping = true;
            events.accept(AsyncEvent.Kind.MESSAGE_DROPPED, account.queuePairNumber);
        }
    }

    /** All of a message that is dropped has come. */
    void dropped(ModelAccount account, long octets) {
        account.droppedMessages++;
        account.droppedOctets += octets;
    }

    /** A completion was polled: its receive is given back, or the application has to do that. */
    void consumed(ModelAccount account, Receive receive, long handle) {
        if (byApplication()) {
            polled.add(new Polled(handle, account, receive));
        } else {
            release(account, receive);
        }
    }

    void release(ModelAccount account, Receive receive) {
        account.held--;
        posted--;
        receive.free();
    }

    // ---- queue pairs and limits ----

    ModelAccount attach(int queuePairNumber, int weight) {
        ModelAccount account = new ModelAccount(queuePairNumber, weight);
        accounts.put(queuePairNumber, account);
        manage(limits, depth);
        return account;
    }

    /** The queue pair is destroyed; the caller has freed the memory of what it held except what was polled. */
    void detach(ModelAccount account) {
        posted -= account.held;
        account.held = 0;
        accounts.remove(account.queuePairNumber);
        for (Polled each : polled) {
            if (each.account == account) {
                each.receive.free();
            }
        }
        polled.removeIf(each -> each.account == account);
        manage(limits, depth);
    }

    /** Returns whether a manager sets no limit above a depth. */
    boolean fits(ModelLimits next, int forDepth) {
        long total = totalWeight();
        return accounts.values().stream()
                .allMatch(account -> next.limit(account, accounts.size(), total, forDepth) <= forDepth);
    }

    void manage(ModelLimits next, int forDepth) {
        long total = totalWeight();
        limits = next;
        depth = forDepth;
        accounts.values().forEach(account -> account.managed = next.limit(account, accounts.size(), total, forDepth));
    }

    private long totalWeight() {
        return accounts.values().stream().mapToLong(account -> account.weight).sum();
    }

    // ---- comparing ----

    /** Looks at the invariants, and compares the queue with the model. */
    void check() {
        SharedReceiveQueueSnapshot now = queue.query();
        int held = 0;
        for (ReceiveHolder holder : now.holders()) {
            if (holder.held() < 0 || holder.limit() < 0) {
                throw new AssertionError(queue + ": below zero: " + holder);
            }
            held += holder.held();
        }
        if (now.posted() != now.free() + held || now.posted() > now.depth()) {
            throw new AssertionError(queue + ": posted is not free + held, or above the depth: " + now);
        }
        if (now.posted() != posted
                || now.free() != waiting.size()
                || now.depth() != depth
                || now.lowWatermark() != lowWatermark
                || now.armed() != armed
                || now.holders().size() != accounts.size()) {
            throw new AssertionError(queue + " is not what the model has: posted " + posted + ", free "
                    + waiting.size() + ", depth " + depth + ", watermark " + lowWatermark + ", armed " + armed + ", "
                    + accounts.size() + " queue pairs; but " + now);
        }
        for (ReceiveHolder holder : now.holders()) {
            ModelAccount account = accounts.get(holder.queuePairNumber());
            if (account == null
                    || holder.limit() != account.limit()
                    || holder.held() != account.held
                    || holder.drawn() != account.drawn
                    || holder.droppedMessages() != account.droppedMessages
                    || holder.droppedOctets() != account.droppedOctets) {
                throw new AssertionError(
                        queue + " has " + holder + ", the model " + (account == null ? "nothing" : words(account)));
            }
        }
    }

    private static String words(ModelAccount account) {
        return "limit " + account.limit() + ", held " + account.held + ", drawn " + account.drawn + ", dropped "
                + account.droppedMessages + " of " + account.droppedOctets + " octets";
    }
}
