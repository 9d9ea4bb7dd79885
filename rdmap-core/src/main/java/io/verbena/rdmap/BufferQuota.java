package io.verbena.rdmap;

import io.verbena.transport.EventLoop;
import io.verbena.verbs.DeviceOptions.BufferGrant;

/**
 * How many buffers of the adapter's pool the queue pair of a stream may have, how many it has, and which direction of the
 * stream waits for the other to give one back (SYS-POOL-02).
 *
 * <p>Thread rule: the stream's loop.
 */
final class BufferQuota {
    private final EventLoop loop;
    private final int most;
    private final BufferGrant grant;
    private int taken;
    private Runnable sender;
    private Runnable receiver;

    BufferQuota(EventLoop loop, int most, BufferGrant grant) {
        this.loop = loop;
        this.most = most;
        this.grant = grant;
    }

    /** Returns whether an operation that still needs {@code buffers} may get the next one. */
    boolean leaves(int buffers) {
        return most - taken >= (grant == BufferGrant.WHOLE_OPERATION ? buffers : 1);
    }

    /** Counts one that the queue pair has got. */
    void take() {
        taken++;
    }

    /** Counts one that it has given back, and resumes what waited for that. */
    void giveBack() {
        taken--;
        if (receiver != null) {
            loop.execute(receiver);
            receiver = null;
        }
        if (sender != null) {
            loop.execute(sender);
            sender = null;
        }
    }

    /** Counts one that it has given back because it did not get the rest that it needs: that is no reason to try again. */
    void giveUp() {
        taken--;
    }

    /** Resumes the sending direction when a buffer comes back. */
    void awaitToSend(Runnable resume) {
        sender = resume;
    }

    /** Resumes the receiving direction when a buffer comes back. */
    void awaitToReceive(Runnable resume) {
        receiver = resume;
    }

    /** Returns whether the receiving direction waits. */
    boolean receiverWaits() {
        return receiver != null;
    }

    /** Forgets that the receiving direction waits. */
    void forgetReceiver() {
        receiver = null;
    }

    /** Forgets that the sending direction waits. */
    void forgetSender() {
        sender = null;
    }
}
