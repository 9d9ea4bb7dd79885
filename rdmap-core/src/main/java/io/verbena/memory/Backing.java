package io.verbena.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One of the buffers that a region consists of, and the views of it that event loops keep for re-use.
 *
 * <p>Position and limit belong to a {@link ByteBuffer} object, not to its octets; so the shared buffer here is only
 * touched by absolute index, and who needs a position borrows a view from a {@link ViewLender}. Free views are kept here,
 * so that they go away together with the region.
 *
 * <p>Thread rule: any thread; the stack of an event loop is touched by that loop alone.
 */
public final class Backing {
    private static final ViewStack[] NO_STACKS = {};

    private final ByteBuffer octets;

    /** By event loop; an array is never changed once it is here, a larger one takes its place. */
    private volatile ViewStack[] stacks = NO_STACKS;

    /** Takes the remaining octets of {@code lent}, whose position and limit do not matter afterwards. */
    Backing(ByteBuffer lent) {
        octets = lent.slice();
    }

    /** Returns the shared buffer; only for access by absolute index. */
    ByteBuffer octets() {
        return octets;
    }

    /** Returns the number of octets. */
    int lengthOctets() {
        return octets.capacity();
    }

    /** Returns the free views of an event loop. */
    ViewStack viewsOf(int loopIndex) {
        ViewStack[] known = stacks;
        if (loopIndex < known.length && known[loopIndex] != null) {
            return known[loopIndex];
        }
        return addViewsOf(loopIndex);
    }

    private synchronized ViewStack addViewsOf(int loopIndex) {
        ViewStack[] more = Arrays.copyOf(stacks, Math.max(stacks.length, loopIndex + 1));
        if (more[loopIndex] == null) {
            more[loopIndex] = new ViewStack();
            stacks = more;
        }
        return more[loopIndex];
    }

    /** Free views of one backing for one event loop: at most {@link #MAX_FREE}, further ones are left to the collector. */
    final class ViewStack {
        /** The most free views kept; as many as were lent at one time are usually enough. */
        static final int MAX_FREE = 1024;

        private ByteBuffer[] free = new ByteBuffer[4];
        private int count;

        ByteBuffer pop() {
            if (count == 0) {
                return octets.duplicate();
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
}
