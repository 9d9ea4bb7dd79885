package io.verbena.testkit.cache;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/** Arenas of {@code java.lang.foreign}, reached by reflection because these tests are compiled for Java 17. */
final class ForeignMemory implements AutoCloseable {
    private final Object arena;

    private ForeignMemory(Object arena) {
        this.arena = arena;
    }

    /** Opens an arena whose memory is freed when it is closed, for any thread. */
    static ForeignMemory shared() throws ReflectiveOperationException {
        return new ForeignMemory(arena("ofShared"));
    }

    /** Opens an arena for the calling thread alone. */
    static ForeignMemory confined() throws ReflectiveOperationException {
        return new ForeignMemory(arena("ofConfined"));
    }

    ByteBuffer allocate(long octets) throws ReflectiveOperationException {
        Object segment = Class.forName("java.lang.foreign.SegmentAllocator")
                .getMethod("allocate", long.class, long.class)
                .invoke(arena, octets, 8L);
        return (ByteBuffer)
                method("java.lang.foreign.MemorySegment", "asByteBuffer").invoke(segment);
    }

    /** Returns where the memory of a buffer begins. */
    static long address(ByteBuffer buffer) throws ReflectiveOperationException {
        Class<?> segments = Class.forName("java.lang.foreign.MemorySegment");
        Object segment = segments.getMethod("ofBuffer", java.nio.Buffer.class).invoke(null, buffer);
        return (long) method("java.lang.foreign.MemorySegment", "address").invoke(segment);
    }

    @Override
    public void close() throws ReflectiveOperationException {
        method("java.lang.foreign.Arena", "close").invoke(arena);
    }

    private static Object arena(String kind) throws ReflectiveOperationException {
        return method("java.lang.foreign.Arena", kind).invoke(null);
    }

    private static Method method(String type, String name) throws ReflectiveOperationException {
        return Class.forName(type).getMethod(name);
    }
}
