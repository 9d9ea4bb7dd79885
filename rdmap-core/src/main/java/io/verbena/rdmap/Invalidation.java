package io.verbena.rdmap;

import io.verbena.memory.Invalidator;
import io.verbena.verbs.FailedCheck;

/**
 * Invalidates an STag at the moment a message is delivered (state machines 8.2): a Send with Invalidate, or the Response to
 * a Read with Local Invalidate.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing.
 */
final class Invalidation {
    private Invalidation() {}

    /**
     * Invalidates an STag because the peer asks for it with a Send.
     *
     * @return null if it is invalid now, else why it may not be invalidated
     */
    static FailedCheck byPeer(RdmapUser user, int stag) {
        // VRB-QP-09: without any remote access of the queue pair there is nothing that the peer could give back.
        if (!user.remoteReadAllowed() && !user.remoteWriteAllowed()) {
            return FailedCheck.QUEUE_PAIR_ACCESS;
        }
        return user.memory().invalidate(stag, user.protectionDomain(), user, Invalidator.PEER);
    }

    /**
     * Invalidates the sink of an own Read, whose request asked for it.
     *
     * @return null if it is invalid now, else why it may not be invalidated
     */
    static FailedCheck own(RdmapUser user, int stag) {
        return user.memory().invalidate(stag, user.protectionDomain(), user, Invalidator.READ);
    }
}
