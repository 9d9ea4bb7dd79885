package io.verbena.queue;

import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.ReceiveShare;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * The accounts of the queue pairs that use a {@link SharedReceives}, in the order in which they came.
 *
 * <p>Thread rule: under the lock of the shared receives.
 */
final class ReceiveAccounts {
    private final Map<Integer, ReceiveAccount> byQueuePair = new LinkedHashMap<>();

    void add(ReceiveAccount account) {
        byQueuePair.put(account.queuePairNumber(), account);
    }

    void remove(ReceiveAccount account) {
        byQueuePair.remove(account.queuePairNumber());
    }

    /**
     * Returns the account of a queue pair.
     *
     * @param queue what the queue is called in the message
     * @throws IllegalArgumentException if the queue pair has none
     */
    ReceiveAccount require(int queuePairNumber, SharedReceives queue) {
        ReceiveAccount account = byQueuePair.get(queuePairNumber);
        if (account == null) {
            throw new IllegalArgumentException("queue pair " + queuePairNumber + " does not use " + queue);
        }
        return account;
    }

    /** Sets the limit of each queue pair, by number. */
    void manage(ToIntFunction<Integer> limits) {
        byQueuePair.forEach((queuePairNumber, account) -> account.managedLimit = limits.applyAsInt(queuePairNumber));
    }

    /** Returns what a resource manager is to know of each queue pair if the depth were {@code forDepth}. Allocates. */
    List<ReceiveShare> shares(int forDepth) {
        long total = 0;
        for (ReceiveAccount account : byQueuePair.values()) {
            total += account.weight();
        }
        List<ReceiveShare> shares = new ArrayList<>(byQueuePair.size());
        for (ReceiveAccount account : byQueuePair.values()) {
            shares.add(new ReceiveShare(
                    account.queuePairNumber(), account.weight(), account.held, byQueuePair.size(), total, forDepth));
        }
        return shares;
    }

    /** Returns what each queue pair may hold, holds and was refused. Allocates. */
    List<ReceiveHolder> holders() {
        List<ReceiveHolder> holders = new ArrayList<>(byQueuePair.size());
        for (ReceiveAccount account : byQueuePair.values()) {
            holders.add(new ReceiveHolder(
                    account.queuePairNumber(),
                    account.limit(),
                    account.held,
                    account.drawn,
                    account.droppedMessages,
                    account.droppedOctets,
                    account.ahead,
                    account.refusedAhead));
        }
        return holders;
    }
}
