package io.verbena.verbs;

import java.util.ArrayList;
import java.util.List;

/**
 * Several send requests that are posted together and ring the doorbell once. Reusable: {@link #clear()} keeps the
 * requests for the next round, so a steady program allocates nothing.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class SendBatch {
    private final List<SendRequest> requests = new ArrayList<>();
    private int count;

    /** Returns the next request of the batch, to be filled. */
    public SendRequest add() {
        if (count == requests.size()) {
            requests.add(new SendRequest());
        }
        return requests.get(count++);
    }

    /** Returns the number of requests. */
    public int size() {
        return count;
    }

    /** Returns request {@code i}. */
    public SendRequest get(int i) {
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
