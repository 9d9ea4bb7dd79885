package io.verbena.testkit.walk;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.WindowType;
import java.util.EnumSet;
import java.util.Set;

/**
 * The model of one Tag Index: a region or window and its rules. All that the adapter's table has to do about an access or a
 * change is here in the order of SYS-MEM-08, SYS-MEM-09 and of the Javadoc of the verbs.
 */
final class ModelTag {
    final EntryType type;
    final WindowType windowType;
    final MemoryRegion region;
    final MemoryWindow window;

    /** Registrations of this memory that share its translation entries, this one included. */
    Set<ModelTag> sharers = Set.of();

    int domain;
    boolean freed;
    boolean shared;
    boolean remoteAccess;
    long reservedPages;

    /** Counts what was prepared, and which of that is or was in force last. */
    int prepared;

    int inForce;

    // The incarnation in force, or the last one.
    int stag;
    boolean valid;
    boolean usedUp;
    long start;
    int length;
    Set<AccessFlag> rights = EnumSet.noneOf(AccessFlag.class);
    boolean oneTouch;
    boolean zeroBased;
    ModelBlock block;
    int blockOffset;

    // Of a bound window.
    ModelTag boundTo;
    WalkEnd boundBy;
    int boundWindows;

    ModelTag(MemoryRegion region, int domain) {
        type = EntryType.REGION;
        windowType = null;
        this.region = region;
        window = null;
        this.domain = domain;
        stag = region.stag();
    }

    ModelTag(MemoryWindow window, int domain) {
        type = EntryType.WINDOW;
        windowType = window.type();
        region = null;
        this.window = window;
        this.domain = domain;
        stag = window.stag();
    }

    // ---- what an access needs ----

    /** SYS-MEM-08: local memory of a request. {@code tag} is what the STag's index leads to, or null. */
    static FailedCheck local(ModelTag tag, int stag, long address, long length, int domain, AccessFlag right) {
        if (length == 0) {
            return null;
        }
        FailedCheck unusable = unusable(tag, stag);
        if (unusable != null) {
            return unusable;
        }
        if (tag.type != EntryType.REGION) {
            return FailedCheck.ENTRY_TYPE;
        }
        if (tag.domain != domain) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        return tag.range(stag, address, length, right);
    }

    /** SYS-MEM-09: memory that the peer of {@code end} wants. */
    static FailedCheck remote(ModelTag tag, int stag, long address, long length, WalkEnd end, AccessFlag right) {
        if (length == 0) {
            return null;
        }
        FailedCheck unusable = unusable(tag, stag);
        if (unusable != null) {
            return unusable;
        }
        if (tag.type == EntryType.REGION && end.policy() == RemoteAccessPolicy.WINDOWS_ONLY) {
            return FailedCheck.ENTRY_TYPE;
        }
        if (tag.windowType == WindowType.QUEUE_PAIR) {
            if (tag.boundBy != end) {
                return FailedCheck.QUEUE_PAIR_ASSOCIATION;
            }
        } else if (tag.domain != end.domain()) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        return tag.range(stag, address, length, right);
    }

    private static FailedCheck unusable(ModelTag tag, int stag) {
        if (tag == null || !tag.valid) {
            return tag != null && tag.usedUp && tag.stag == stag
                    ? FailedCheck.ALREADY_TOUCHED
                    : FailedCheck.ENTRY_VALID;
        }
        return null;
    }

    private FailedCheck range(int otherStag, long address, long octets, AccessFlag right) {
        if (otherStag != stag) {
            return FailedCheck.TAG_INSTANCE;
        }
        if (Long.compareUnsigned(address + octets - 1, address) < 0) {
            return FailedCheck.ADDRESS_WRAP;
        }
        long offset = address - start;
        if (offset < 0 || offset + octets > length) {
            return FailedCheck.BASE_AND_BOUNDS;
        }
        return rights.contains(right) ? null : FailedCheck.ACCESS_RIGHT;
    }

    /** SYS-MEM-12, in order: the last segment of a message has used one-touch memory. */
    void touched() {
        if (oneTouch) {
            invalid();
            usedUp = true;
        }
    }

    // ---- what a change needs ----

    /** State machines 8.2: may {@code end} invalidate it? */
    static FailedCheck invalidate(ModelTag tag, int stag, WalkEnd end, boolean byPeer) {
        if (byPeer && end.policy() == RemoteAccessPolicy.WINDOWS_ONLY && tag != null && tag.type == EntryType.REGION) {
            // What the peer cannot reach it may not revoke.
            return FailedCheck.ENTRY_TYPE;
        }
        if (tag == null) {
            return FailedCheck.ENTRY_VALID;
        }
        if (tag.shared) {
            return FailedCheck.ENTRY_SHARED;
        }
        if (tag.valid && tag.boundBy != null) {
            if (tag.boundBy != end) {
                return FailedCheck.QUEUE_PAIR_ASSOCIATION;
            }
        } else if (tag.domain != end.domain()) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        if (!tag.valid) {
            return null;
        }
        if (tag.boundWindows > 0) {
            return FailedCheck.WINDOWS_BOUND;
        }
        if (tag.stag != stag) {
            return FailedCheck.TAG_INSTANCE;
        }
        return byPeer && tag.rights.stream().noneMatch(ModelTag::remote) ? FailedCheck.ACCESS_RIGHT : null;
    }

    static boolean remote(AccessFlag right) {
        return right == AccessFlag.REMOTE_READ || right == AccessFlag.REMOTE_WRITE || right == AccessFlag.REMOTE_ATOMIC;
    }

    /** Takes it out of use. */
    void invalid() {
        if (valid) {
            valid = false;
            if (boundTo != null) {
                boundTo.boundWindows--;
                boundTo = null;
                boundBy = null;
            }
        }
    }

    // ---- what a query says ----

    /** Returns what is wrong with a snapshot of it, or null. */
    String difference(MemorySnapshot found) {
        String wrong = differ("valid", valid, found.valid());
        wrong = wrong != null ? wrong : differ("type", type, found.type());
        wrong = wrong != null ? wrong : differ("stag", stag, found.stag());
        wrong = wrong != null ? wrong : differ("domain", domain, found.protectionDomain());
        wrong = wrong != null ? wrong : differ("shared", shared, found.shared());
        wrong = wrong != null ? wrong : differ("bound windows", boundWindows, found.boundWindows());
        if (wrong == null && type == EntryType.REGION) {
            wrong = differ("sharers", Math.max(1, sharers.size()), found.sharers());
            wrong = wrong != null ? wrong : differ("reserved pages", reservedPages, found.reservedPages());
        }
        if (wrong == null && valid) {
            wrong = differ("start", start, found.startAddress());
            wrong = wrong != null ? wrong : differ("length", (long) length, found.lengthOctets());
            wrong = wrong != null ? wrong : differ("rights", rights, found.access());
            wrong = wrong != null ? wrong : differ("one-touch", oneTouch, found.oneTouch());
            wrong = wrong != null
                    ? wrong
                    : differ("queue pair", boundBy == null ? -1 : boundBy.number(), found.queuePairNumber());
        }
        return wrong;
    }

    private static String differ(String what, Object expected, Object found) {
        return expected.equals(found) ? null : what + " is " + found + ", the model has " + expected;
    }
}
