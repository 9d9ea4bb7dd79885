package io.verbena.benchmarks.ours;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A number in registered memory that the peer writes and an application's thread looks at. */
final class ControlWord {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private ControlWord() {}

    /** Returns the number at {@code offset}, a multiple of 8, as it is now. */
    static long read(ByteBuffer memory, int offset) {
        return (long) WORD.getVolatile(memory, offset);
    }

    /** Writes the number at {@code offset}, a multiple of 8. */
    static void write(ByteBuffer memory, int offset, long number) {
        WORD.setVolatile(memory, offset, number);
    }
}
