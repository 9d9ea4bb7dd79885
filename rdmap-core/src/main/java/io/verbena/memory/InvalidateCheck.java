package io.verbena.memory;

import io.verbena.verbs.FailedCheck;

/** Whether an STag may be invalidated (state machines 8.2). Under the table's lock. */
final class InvalidateCheck {
    private InvalidateCheck() {}

    /**
     * Returns the first check that fails, or null if the entry may be invalidated, or is invalid already.
     *
     * @param entry what the table has at the STag's index, or null
     */
    static FailedCheck check(TableEntry entry, int stag, int protectionDomain, Object queuePair, Invalidator who) {
        if (entry == null) {
            return FailedCheck.ENTRY_VALID;
        }
        TagRecord record = entry.record();
        if (record.shared()) {
            return FailedCheck.ENTRY_SHARED;
        }
        // VRB-MW-06: a bound window asks for the queue pair that bound it, everything else for the domain. One that a
        // message
        // of that queue pair has claimed (one-touch) is bound until the message is placed.
        if (!entry.outOfUse() && entry.queuePair() != null) {
            if (entry.queuePair() != queuePair) {
                return FailedCheck.QUEUE_PAIR_ASSOCIATION;
            }
        } else if (entry.protectionDomain() != protectionDomain) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        if (entry.outOfUse()) {
            // VRB-MO-07: what is invalid already has no key to compare with.
            return null;
        }
        if (!record.boundWindows().isEmpty()) {
            return FailedCheck.WINDOWS_BOUND;
        }
        if (entry.stag() != stag) {
            return FailedCheck.TAG_INSTANCE;
        }
        return who == Invalidator.PEER && !entry.remotelyAccessible() ? FailedCheck.ACCESS_RIGHT : null;
    }
}
