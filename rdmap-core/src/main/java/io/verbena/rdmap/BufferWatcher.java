package io.verbena.rdmap;

import io.verbena.verbs.BufferUse;
import io.verbena.verbs.observe.StackEvents;

/**
 * Tells listeners when a stream begins to wait for a buffer of the adapter's pool, and when it goes on.
 *
 * <p>Thread rule: the stream's loop.
 */
final class BufferWatcher {
    private final RdmapUser user;
    private boolean sendingWaits;
    private boolean receivingWaits;

    BufferWatcher(RdmapUser user) {
        this.user = user;
    }

    /** Returns the number of the queue pair. */
    int queuePair() {
        return user.number();
    }

    /** The sending direction has what it needs, or waits. */
    void sending(boolean ready) {
        if (sendingWaits == ready) {
            sendingWaits = !ready;
            tell(BufferUse.Type.TRANSMIT, sendingWaits);
        }
    }

    /** The receiving direction has what it needs, or waits. */
    void receiving(boolean ready) {
        if (receivingWaits == ready) {
            receivingWaits = !ready;
            tell(BufferUse.Type.RECEIVE, receivingWaits);
        }
    }

    private void tell(BufferUse.Type type, boolean waits) {
        StackEvents events = user.events();
        if (events == null) {
            return;
        }
        if (waits) {
            events.onBufferWait(user.deviceName(), user.number(), type);
        } else {
            events.onBufferWaitEnd(user.deviceName(), user.number(), type);
        }
    }
}
