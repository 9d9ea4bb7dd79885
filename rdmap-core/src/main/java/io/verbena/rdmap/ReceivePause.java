package io.verbena.rdmap;

import io.verbena.transport.EventLoop;
import io.verbena.verbs.observe.StackEvents;

/**
 * How a stream waits for a receive: it stops reading, so that its peer's window fills, and is called when a receive is there
 * ({@link io.verbena.queue.ReceiveSource#takeOrWait()}). Who was waited for too long gets no receive any more.
 *
 * <p>Thread rule: the stream's loop, except {@link #on()}.
 */
final class ReceivePause {
    private final RdmapUser user;
    private final EventLoop loop;
    private final Runnable onTooLong;
    private EventLoop.Timer timer;
    private volatile boolean on;
    private long sinceNs;

    /** Makes a pause that has not begun; {@code onTooLong} hears when one has lasted as long as it may. */
    ReceivePause(RdmapUser user, EventLoop loop, Runnable onTooLong) {
        this.user = user;
        this.loop = loop;
        this.onTooLong = onTooLong;
    }

    /** Returns whether the stream waits. Any thread; a snapshot. */
    boolean on() {
        return on;
    }

    /** The stream begins to wait. */
    void begin() {
        on = true;
        sinceNs = loop.clock().nanoTime();
        timer = loop.schedule(user.longestPauseNs(), onTooLong);
        StackEvents events = user.events();
        if (events != null) {
            events.onStreamPaused(user.deviceName(), user.number());
        }
    }

    /** The stream got a receive and waits for another one. */
    void again() {
        timer.cancel();
        timer = loop.schedule(user.longestPauseNs(), onTooLong);
    }

    /** The stream reads again, or has ended. */
    void end() {
        on = false;
        timer.cancel();
        user.receiveQueue().stopWaiting();
        StackEvents events = user.events();
        if (events != null) {
            events.onStreamResumed(
                    user.deviceName(), user.number(), loop.clock().nanoTime() - sinceNs);
        }
    }
}
