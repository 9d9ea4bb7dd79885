package io.verbena.memory;

/**
 * Tells failures of buffers whose memory has gone from other failures. From Java 22 on a buffer can be a view of a memory
 * segment; when the application closes the segment's scope, or keeps it to one thread, every access of ours throws. That is
 * the same to us as a region that was deregistered: the access fails, and nothing else does.
 *
 * <p>Pure functions: any thread.
 */
public final class ClosedMemory {
    /** There from Java 19 on. */
    private static final String WRONG_THREAD = "java.lang.WrongThreadException";

    private ClosedMemory() {}

    /** Tells whether an access to registered memory failed because the memory is gone, or another thread's alone. */
    public static boolean isReasonOf(RuntimeException failure) {
        return failure instanceof IllegalStateException
                || WRONG_THREAD.equals(failure.getClass().getName());
    }
}
