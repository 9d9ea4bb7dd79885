package io.verbena.cache;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/** Of which buffer a slice is a part, where addresses do not tell. Keeps neither alive. */
final class SliceOrigin extends WeakKey<SliceOrigin> {
    private final WeakReference<ByteBuffer> parent;
    private final int offset;

    SliceOrigin(ByteBuffer slice, ByteBuffer parent, int offset, ReferenceQueue<Object> queue) {
        super(slice, queue);
        this.parent = new WeakReference<>(parent);
        this.offset = offset;
    }

    /** Returns the buffer, or null if it is garbage. */
    ByteBuffer parent() {
        return parent.get();
    }

    /** Returns where the slice begins in the buffer. */
    int offset() {
        return offset;
    }
}
