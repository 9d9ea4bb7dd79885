package io.verbena.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Free views of one backing for one event loop: at most {@link #MAX_FREE}, further ones are left to the collector.
 *
 * <p>Thread rule: that event loop.
 */
final class ViewStack {
    /** The most free views kept; as many as were lent at one time are usually enough. */
    static final int MAX_FREE = 1024;

    private final ByteBuffer shared;
    private ByteBuffer[] free = new ByteBuffer[4];
    private int count;

    /** Starts without a view of {@code shared}. */
    ViewStack(ByteBuffer shared) {
        this.shared = shared;
    }

    ByteBuffer pop() {
        if (count == 0) {
            return shared.duplicate();
        }
        ByteBuffer view = free[--count];
        free[count] = null;
        return view;
    }

    void push(ByteBuffer view) {
        if (count == MAX_FREE) {
            return;
        }
        if (count == free.length) {
            free = Arrays.copyOf(free, 2 * count);
        }
        free[count++] = view;
    }

    int count() {
        return count;
    }
}
