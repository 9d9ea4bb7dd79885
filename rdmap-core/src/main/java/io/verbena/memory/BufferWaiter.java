package io.verbena.memory;

import io.verbena.transport.EventLoop;
import io.verbena.verbs.BufferUse;

/**
 * A stream's place in the line of those who wait for a staging buffer. The buffer that is given to it becomes its queue
 * pair's at that moment, so that nobody can take it before the stream comes for it.
 *
 * <p>Thread rule: made and used on the stream's loop; what changes in between changes under the pool's lock.
 */
public final class BufferWaiter {
    private static final long NOT_IN_LINE = -1;

    /** What can be waited for; each kind has a line of its own. */
    enum Kind {
        /** A whole buffer to send with. */
        TRANSMIT(BufferUse.DEPARTING, false),
        /** A whole buffer to receive with. */
        RECEIVE(BufferUse.ARRIVING, false),
        /** A small buffer to receive with. */
        RECEIVE_SMALL(BufferUse.ARRIVING, true);

        /** What the buffer is noted for until the stream says more. */
        final BufferUse use;

        final boolean small;

        Kind(BufferUse use, boolean small) {
            this.use = use;
            this.small = small;
        }
    }

    private final EventLoop loop;
    private final Runnable resume;
    final int owner;
    final Kind kind;

    // ---- under the pool's lock ----

    StagingBuffer granted;

    /** Grows from one who takes a place to the next. */
    long turn = NOT_IN_LINE;

    BufferWaiter next;
    BufferWaiter previous;

    private BufferWaiter(EventLoop loop, int owner, Kind kind, Runnable resume) {
        this.loop = loop;
        this.owner = owner;
        this.kind = kind;
        this.resume = resume;
    }

    /** Makes the waiter of a stream that sends; {@code resume} runs on {@code loop} once there is a buffer for it. */
    public static BufferWaiter toSend(EventLoop loop, int owner, Runnable resume) {
        return new BufferWaiter(loop, owner, Kind.TRANSMIT, resume);
    }

    /** Makes the waiter of a stream that reads; {@code resume} runs on {@code loop} once there is a buffer for it. */
    public static BufferWaiter toReceive(EventLoop loop, int owner, Runnable resume) {
        return new BufferWaiter(loop, owner, Kind.RECEIVE, resume);
    }

    /** Makes the waiter of a stream that reads and needs a small buffer. */
    public static BufferWaiter toReceiveLittle(EventLoop loop, int owner, Runnable resume) {
        return new BufferWaiter(loop, owner, Kind.RECEIVE_SMALL, resume);
    }

    boolean waiting() {
        return turn != NOT_IN_LINE;
    }

    void leftLine() {
        turn = NOT_IN_LINE;
    }

    /** Tells the stream; not under the pool's lock. */
    void wake() {
        loop.execute(resume);
    }
}
