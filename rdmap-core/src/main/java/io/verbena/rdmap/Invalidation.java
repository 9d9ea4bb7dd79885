package io.verbena.rdmap;

import io.verbena.memory.Invalidator;
import io.verbena.memory.TableEntry;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.observe.StackEvents;

/**
 * Invalidates an STag in the name of a queue pair (state machines 8.2), and tells of it.
 *
 * <p>Thread rule: the stream's loop, which holds no pin on any memory then. Allocates nothing.
 */
final class Invalidation {
    private Invalidation() {}

    /**
     * Invalidates an STag because the peer asks for it with a Send, when that is delivered.
     *
     * @return null if it is invalid now, else why it may not be invalidated
     */
    static FailedCheck byPeer(RdmapUser user, int stag) {
        // VRB-QP-09: without any remote access of the queue pair there is nothing that the peer could give back.
        if (!user.remoteAccessAllowed()) {
            return FailedCheck.QUEUE_PAIR_ACCESS;
        }
        if (user.remoteAccessPolicy() == RemoteAccessPolicy.WINDOWS_ONLY && isRegion(user, stag)) {
            // What the peer cannot reach it has no business with.
            return FailedCheck.ENTRY_TYPE;
        }
        return invalidate(user, stag, Invalidator.PEER, StackEvents.Invalidation.PEER);
    }

    /**
     * Invalidates the sink of an own Read, whose request asked for it, when its Response is delivered.
     *
     * @return null if it is invalid now, else why it may not be invalidated
     */
    static FailedCheck ofReadSink(RdmapUser user, int stag) {
        return invalidate(user, stag, Invalidator.READ, StackEvents.Invalidation.READ);
    }

    /**
     * Invalidates what a local invalidate names, when its turn on the send queue has come.
     *
     * @return null if it is invalid now, else why it may not be invalidated
     */
    static FailedCheck local(RdmapUser user, int stag) {
        return invalidate(user, stag, Invalidator.LOCAL, StackEvents.Invalidation.LOCAL);
    }

    private static FailedCheck invalidate(RdmapUser user, int stag, Invalidator who, StackEvents.Invalidation why) {
        StackEvents events = user.events();
        boolean wasValid = events != null && valid(user, stag);
        FailedCheck failed = user.memory().invalidate(stag, user.protectionDomain(), user, who);
        if (failed == null && wasValid) {
            events.onInvalidated(user.deviceName(), user.number(), stag, why);
        }
        return failed;
    }

    private static boolean isRegion(RdmapUser user, int stag) {
        TableEntry entry = user.memory().lookup(stag);
        return entry != null && entry.type() == EntryType.REGION;
    }

    private static boolean valid(RdmapUser user, int stag) {
        TableEntry entry = user.memory().lookup(stag);
        return entry != null && entry.valid();
    }
}
