package io.verbena.rdmap;

import io.verbena.mpa.FpduDeframer;
import io.verbena.transport.EventLoop;

/**
 * Notices a peer that stops in the middle of an FPDU while that occupies staging memory, which it must not hold for ever. A
 * peer that is slow but goes on is borne with. One timer at most, and only while there is something to watch.
 *
 * <p>Thread rule: the stream's loop.
 */
final class StallWatch {
    /** How long a peer may stop. */
    static final long TIMEOUT_NS = 10_000_000_000L;

    private final EventLoop loop;
    private final FpduDeframer deframer;
    private final Runnable onStalled;
    private EventLoop.Timer timer;
    private long received;
    private long receivedBefore;

    StallWatch(EventLoop loop, FpduDeframer deframer, Runnable onStalled) {
        this.loop = loop;
        this.deframer = deframer;
        this.onStalled = onStalled;
    }

    /** So many octets have arrived. */
    void received(int octets) {
        received += octets;
    }

    /** Begins to watch if half an FPDU occupies staging memory now. */
    void look() {
        if (timer == null && deframer.holdsStaging()) {
            receivedBefore = received;
            timer = loop.schedule(TIMEOUT_NS, this::onTimer);
        }
    }

    private void onTimer() {
        timer = null;
        if (deframer.holdsStaging() && received == receivedBefore) {
            onStalled.run();
        } else {
            look();
        }
    }

    /** Ends the watch. */
    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
