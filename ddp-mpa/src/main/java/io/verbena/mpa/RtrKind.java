package io.verbena.mpa;

import io.verbena.mpa.wire.EnhancedWord;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Zero-length messages that can tell the responder of a peer-to-peer connection that it may send (RFC 6581 section 9.2).
 * In order of preference: a Write leaves no trace at the peer, a Read takes a credit for a moment, a Send takes a
 * receive buffer.
 */
public enum RtrKind {
    WRITE,
    READ,
    SEND;

    /**
     * Kinds that an enhanced word names.
     *
     * @param word the word; its B, C and D bits count only with A
     * @return a set, empty without A
     */
    static Set<RtrKind> in(EnhancedWord word) {
        EnumSet<RtrKind> kinds = EnumSet.noneOf(RtrKind.class);
        if (word.peerToPeer()) {
            addIf(word.writeReady(), WRITE, kinds);
            addIf(word.readReady(), READ, kinds);
            addIf(word.sendReady(), SEND, kinds);
        }
        return Collections.unmodifiableSet(kinds);
    }

    /**
     * Kinds that two sides share.
     *
     * @param some one side's
     * @param others the other side's
     * @return a set that cannot be changed
     */
    static Set<RtrKind> common(Collection<RtrKind> some, Collection<RtrKind> others) {
        EnumSet<RtrKind> kinds = EnumSet.noneOf(RtrKind.class);
        kinds.addAll(some);
        kinds.retainAll(others);
        return Collections.unmodifiableSet(kinds);
    }

    /**
     * The kind to prefer.
     *
     * @param kinds kinds to choose from
     * @return one of them, or null if there is none
     */
    static RtrKind preferred(Collection<RtrKind> kinds) {
        for (RtrKind kind : values()) {
            if (kinds.contains(kind)) {
                return kind;
            }
        }
        return null;
    }

    private static void addIf(boolean condition, RtrKind kind, Set<RtrKind> kinds) {
        if (condition) {
            kinds.add(kind);
        }
    }
}
