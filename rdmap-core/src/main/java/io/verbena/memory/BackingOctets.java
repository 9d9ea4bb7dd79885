package io.verbena.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The octets of a {@link Backing}, and the views of them that event loops keep for re-use. Who has this object keeps the
 * octets reachable.
 *
 * <p>Position and limit belong to a {@link ByteBuffer} object, not to its octets; so the shared buffer here is only
 * touched by absolute index, and who needs a position borrows a view from a {@link ViewLender}. Free views are kept here,
 * so that they go away together with the octets.
 *
 * <p>Thread rule: any thread; the stack of an event loop is touched by that loop alone.
 */
final class BackingOctets {
    private static final ViewStack[] NO_STACKS = {};

    private final ByteBuffer shared;

    /** By event loop; an array is never changed once it is here, a larger one takes its place. */
    private volatile ViewStack[] stacks = NO_STACKS;

    /** Takes the remaining octets of {@code lent}, whose position and limit do not matter afterwards. */
    BackingOctets(ByteBuffer lent) {
        shared = lent.slice();
    }

    /** Returns the shared buffer; only for access by absolute index. */
    ByteBuffer shared() {
        return shared;
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
            more[loopIndex] = new ViewStack(shared);
            stacks = more;
        }
        return more[loopIndex];
    }
}
