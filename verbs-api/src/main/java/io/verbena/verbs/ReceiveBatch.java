package io.verbena.verbs;

import java.util.ArrayList;
import java.util.List;

/**
 * Several receive requests that are posted together. Reusable like {@link SendBatch}.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class ReceiveBatch {
    private final List<ReceiveRequest> requests = new ArrayList<>();
    private int count;

    /** Returns the next request of the batch, to be filled. */
    public ReceiveRequest add() {
        if (count == requests.size()) {
            requests.add(new ReceiveRequest());
        }
        return requests.get(count++);
    }

    /** Returns the number of requests. */
    public int size() {
        return count;
    }

    /** Returns request {@code i}. */
    public ReceiveRequest get(int i) {
        if (i < 0 || i >= count) {
            throw new IndexOutOfBoundsException("request " + i + " of a batch of " + count);
        }
        return requests.get(i);
    }

    /** Empties the batch. */
    public void clear() {
        count = 0;
    }
}
