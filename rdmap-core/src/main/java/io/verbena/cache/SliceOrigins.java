package io.verbena.cache;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;

/** The slices that a cache made where addresses are not told. Thread rule: one at a time. */
final class SliceOrigins {
    private final IdentityIndex<SliceOrigin> known = new IdentityIndex<>();
    private final ReferenceQueue<Object> garbage = new ReferenceQueue<>();

    /** Returns {@code parent.slice(index, length)} and remembers where it came from. */
    ByteBuffer slice(ByteBuffer parent, int index, int length) {
        forgetGarbage();
        ByteBuffer slice = parent.slice(index, length);
        SliceOrigin before = known.find(parent);
        ByteBuffer first = before == null ? null : before.parent();
        known.add(
                first == null
                        ? new SliceOrigin(slice, parent, index, garbage)
                        : new SliceOrigin(slice, first, before.offset() + index, garbage));
        return slice;
    }

    /** Returns where {@code buffer} came from, or null. */
    SliceOrigin of(ByteBuffer buffer) {
        return known.find(buffer);
    }

    private void forgetGarbage() {
        for (Reference<?> next = garbage.poll(); next != null; next = garbage.poll()) {
            known.remove((SliceOrigin) next);
        }
    }
}
