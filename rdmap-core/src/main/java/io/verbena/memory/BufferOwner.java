package io.verbena.memory;

/** Numbers for those who can have a staging buffer: queue pairs by their numbers, event loops below zero, or nobody. */
public final class BufferOwner {
    /** Has the buffers that are free. */
    public static final int NOBODY = -1;

    private static final int FIRST_LOOP = -2;

    private BufferOwner() {}

    /** Returns the owner that stands for the event loop of this index. */
    public static int loop(int index) {
        return FIRST_LOOP - index;
    }

    /** Returns whether {@code owner} stands for an event loop. */
    public static boolean isLoop(int owner) {
        return owner <= FIRST_LOOP;
    }

    /** Returns the loop's index or the queue pair's number. */
    static int number(int owner) {
        return isLoop(owner) ? FIRST_LOOP - owner : owner;
    }

    /** Returns the owner in words. */
    static String words(int owner) {
        if (owner == NOBODY) {
            return "nobody";
        }
        return (isLoop(owner) ? "event loop " : "queue pair ") + number(owner);
    }
}
