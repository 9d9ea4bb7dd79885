package io.verbena.cache;

import java.nio.ByteBuffer;

/**
 * Which memory a buffer is of.
 *
 * <p>A heap buffer is known by its array. Any other buffer is known by its own object: its address and capacity never change. A
 * direct or mapped buffer is also known by its address, where Java tells it; two buffers are then the same memory if one's addresses
 * lie inside the other's <em>and</em> both have the same lifetime, which is not over. Address alone proves nothing: memory
 * that was freed comes back.
 *
 * <p>Pure functions: any thread.
 */
final class MemoryIdentity {
    /** Never started: memory that it may use can be used by event loops, too. */
    private static final Thread ANY_OTHER_THREAD = new Thread(() -> {}, "verbena-cache-any-other-thread");

    private MemoryIdentity() {}

    /** Returns the object by which the memory is known: an array, or the buffer. */
    @SuppressWarnings(
            "ByteBufferBackingArray") // the array stands for all of itself; offset() says where the buffer is in it
    static Object key(ByteBuffer buffer) {
        return buffer.hasArray() ? buffer.array() : buffer;
    }

    /** Returns where the octet at the buffer's position is in the memory known by its {@link #key}. */
    static long offset(ByteBuffer buffer) {
        return buffer.hasArray() ? buffer.arrayOffset() + (long) buffer.position() : buffer.position();
    }

    /** Returns a buffer of all the memory that {@code key} stands for. */
    static ByteBuffer whole(Object key) {
        return key instanceof byte[] array
                ? ByteBuffer.wrap(array)
                : ((ByteBuffer) key).duplicate().clear();
    }

    /** Returns whether the buffer has an address that Java tells. */
    static boolean hasAddress(ByteBuffer buffer) {
        return SegmentAccess.available() && buffer.isDirect();
    }

    /**
     * Makes sure that event loops can use the memory.
     *
     * @throws IllegalArgumentException if its scope was closed, or one thread alone may use it
     */
    static void requireUsable(ByteBuffer buffer) {
        if (!hasAddress(buffer)) {
            return;
        }
        Object segment = SegmentAccess.segment(buffer);
        if (!SegmentAccess.alive(SegmentAccess.scope(segment))) {
            throw new IllegalArgumentException("the memory of buffer " + buffer + " is gone: its scope was closed");
        }
        if (!SegmentAccess.accessibleBy(segment, ANY_OTHER_THREAD)) {
            throw new IllegalArgumentException("the memory of buffer " + buffer
                    + " belongs to an arena that one thread alone may use: event loops could not");
        }
    }
}
