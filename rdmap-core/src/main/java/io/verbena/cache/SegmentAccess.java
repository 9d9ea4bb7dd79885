package io.verbena.cache;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * {@code java.lang.foreign.MemorySegment} as far as it tells where the memory of a buffer lies and how long it lives. It is found
 * at run time, because this code also runs where it does not exist: it is final since Java 22.
 *
 * <p>Pure functions: any thread. The handles are constants, so the compiler sees through them.
 */
final class SegmentAccess {
    private static final int FIRST_VERSION = 22;

    private static final MethodHandle OF_BUFFER;
    private static final MethodHandle ADDRESS;
    private static final MethodHandle SCOPE;
    private static final MethodHandle IS_ALIVE;
    private static final MethodHandle IS_ACCESSIBLE_BY;

    static {
        MethodHandle ofBuffer = null;
        MethodHandle address = null;
        MethodHandle scope = null;
        MethodHandle alive = null;
        MethodHandle accessible = null;
        if (Runtime.version().feature() >= FIRST_VERSION) {
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                Class<?> segmentClass = Class.forName("java.lang.foreign.MemorySegment");
                Class<?> scopeClass = Class.forName("java.lang.foreign.MemorySegment$Scope");
                ofBuffer = lookup.findStatic(
                                segmentClass, "ofBuffer", MethodType.methodType(segmentClass, Buffer.class))
                        .asType(MethodType.methodType(Object.class, ByteBuffer.class));
                address = lookup.findVirtual(segmentClass, "address", MethodType.methodType(long.class))
                        .asType(MethodType.methodType(long.class, Object.class));
                scope = lookup.findVirtual(segmentClass, "scope", MethodType.methodType(scopeClass))
                        .asType(MethodType.methodType(Object.class, Object.class));
                alive = lookup.findVirtual(scopeClass, "isAlive", MethodType.methodType(boolean.class))
                        .asType(MethodType.methodType(boolean.class, Object.class));
                accessible = lookup.findVirtual(
                                segmentClass, "isAccessibleBy", MethodType.methodType(boolean.class, Thread.class))
                        .asType(MethodType.methodType(boolean.class, Object.class, Thread.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
        OF_BUFFER = ofBuffer;
        ADDRESS = address;
        SCOPE = scope;
        IS_ALIVE = alive;
        IS_ACCESSIBLE_BY = accessible;
    }

    private SegmentAccess() {}

    /** Returns whether this Java tells addresses of direct buffers; nothing else here may be called if not. */
    static boolean available() {
        return OF_BUFFER != null;
    }

    /** Returns the segment of the remaining octets. */
    static Object segment(ByteBuffer borrowed) {
        try {
            return (Object) OF_BUFFER.invokeExact(borrowed);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** Returns where a segment of native memory begins. */
    static long address(Object segment) {
        try {
            return (long) ADDRESS.invokeExact(segment);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** Returns the lifetime of the memory; two that are equal are one. It may keep the memory alive. */
    static Object scope(Object segment) {
        try {
            return (Object) SCOPE.invokeExact(segment);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** Returns whether a lifetime has not ended. */
    static boolean alive(Object scope) {
        try {
            return (boolean) IS_ALIVE.invokeExact(scope);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** Returns whether {@code thread} may use the memory. */
    static boolean accessibleBy(Object segment, Thread thread) {
        try {
            return (boolean) IS_ACCESSIBLE_BY.invokeExact(segment, thread);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    private static RuntimeException unexpected(Throwable failure) {
        if (failure instanceof RuntimeException known) {
            return known;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("java.lang.foreign failed", failure);
    }
}
