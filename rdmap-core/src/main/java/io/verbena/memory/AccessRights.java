package io.verbena.memory;

import io.verbena.verbs.AccessFlag;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Rights as a bit mask, one bit a flag. Pure functions: any thread. */
final class AccessRights {
    private static final int WRITING =
            bit(AccessFlag.LOCAL_WRITE) | bit(AccessFlag.REMOTE_WRITE) | bit(AccessFlag.REMOTE_ATOMIC);

    private static final int REMOTE =
            bit(AccessFlag.REMOTE_READ) | bit(AccessFlag.REMOTE_WRITE) | bit(AccessFlag.REMOTE_ATOMIC);

    private AccessRights() {}

    static int mask(Set<AccessFlag> flags) {
        int mask = 0;
        for (AccessFlag flag : flags) {
            mask |= bit(flag);
        }
        return mask;
    }

    static Set<AccessFlag> flags(int mask) {
        Set<AccessFlag> flags = EnumSet.noneOf(AccessFlag.class);
        for (AccessFlag flag : AccessFlag.values()) {
            if (contains(mask, flag)) {
                flags.add(flag);
            }
        }
        return Collections.unmodifiableSet(flags);
    }

    static boolean contains(int mask, AccessFlag flag) {
        return (mask & bit(flag)) != 0;
    }

    /** Tells whether any of the rights is the peer's. */
    static boolean remote(int mask) {
        return (mask & REMOTE) != 0;
    }

    /** Tells whether any of the rights lets octets change. */
    static boolean writing(int mask) {
        return (mask & WRITING) != 0;
    }

    /** Tells whether every remote right in {@code window} has the local right that it needs in {@code region}. */
    static boolean haveTheirLocalRights(int window, int region) {
        boolean reads = contains(window, AccessFlag.REMOTE_READ);
        boolean writes = (window & WRITING) != 0;
        return (!reads || contains(region, AccessFlag.LOCAL_READ))
                && (!writes || contains(region, AccessFlag.LOCAL_WRITE));
    }

    private static int bit(AccessFlag flag) {
        return 1 << flag.ordinal();
    }
}
