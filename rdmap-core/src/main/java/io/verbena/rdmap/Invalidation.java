package io.verbena.rdmap;

import io.verbena.memory.RegionEntry;
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
        return invalidate(user, stag, true);
    }

    /**
     * Invalidates the sink of an own Read, whose request asked for it.
     *
     * @return null if it is invalid now, else why it may not be invalidated
     */
    static FailedCheck own(RdmapUser user, int stag) {
        return invalidate(user, stag, false);
    }

    private static FailedCheck invalidate(RdmapUser user, int stag, boolean byPeer) {
        RegionEntry entry = user.memory().lookup(stag);
        if (entry == null) {
            return FailedCheck.ENTRY_VALID;
        }
        if (entry.protectionDomain() != user.protectionDomain()) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        if (!entry.valid()) {
            // Invalidating what is already invalid succeeds (wire formats, W15).
            return null;
        }
        if (entry.stag() != stag) {
            return FailedCheck.TAG_INSTANCE;
        }
        if (byPeer && !entry.remotelyAccessible()) {
            return FailedCheck.ACCESS_RIGHT;
        }
        entry.invalidate();
        return null;
    }
}
