package io.verbena.examples.siw;

import io.verbena.verbs.CompletedOperation;

/**
 * One of the {@link MixedOperations}: {@code struct step} of {@code mix.c}.
 *
 * @param operation WRITE, READ or SEND
 * @param kind which Send
 * @param slot the slot of the other end's arena that is written or read
 * @param octets the length
 * @param offset where in the slot
 */
record Step(CompletedOperation operation, SendKind kind, int slot, int octets, int offset) {
    static final int SLOTS = 16;
    static final int SLOT_OCTETS = 8192;
    private static final int SHORT_READ_OCTETS = 32;
    private static final int[] SIZES = {0, 1, 3, 31, 1457, 4095};
    private static final SendKind[] KINDS = {SendKind.SOLICITED, SendKind.INVALIDATING, SendKind.SOLICITED_INVALIDATING
    };

    /** Returns the {@code index}-th operation of the end with this seed. */
    static Step of(int seed, int index) {
        int what = mixed(seed, index);
        int where = mixed(seed + 1_000_003, index);
        int way = Integer.remainderUnsigned(what, 10);
        int length = Integer.remainderUnsigned(Integer.divideUnsigned(what, 10), 10);
        int kind = Integer.remainderUnsigned(Integer.divideUnsigned(what, 100), 8);
        CompletedOperation operation =
                way < 3 ? CompletedOperation.WRITE : way < 6 ? CompletedOperation.READ : CompletedOperation.SEND;
        int octets = length < SIZES.length ? SIZES[length] : (where >>> 4) % (SLOT_OCTETS + 1);
        if (operation == CompletedOperation.READ && octets <= SHORT_READ_OCTETS) {
            // Ours alone. See TransferCases for what siw makes of a Read of no octets, and of a short one across two
            // pages.
            octets += SHORT_READ_OCTETS + 1;
        }
        return new Step(
                operation,
                kind < KINDS.length ? KINDS[kind] : SendKind.PLAIN,
                where & SLOTS - 1,
                octets,
                Integer.remainderUnsigned(mixed(seed + 2_000_003, index), SLOT_OCTETS - octets + 1));
    }

    /** Returns how many of the first {@code count} operations of that end are Sends. */
    static int sends(int seed, int count) {
        int sends = 0;
        for (int i = 0; i < count; i++) {
            sends += of(seed, i).operation() == CompletedOperation.SEND ? 1 : 0;
        }
        return sends;
    }

    /** Returns where in the slots of the arena it begins. */
    int place() {
        return slot * SLOT_OCTETS + offset;
    }

    private static int mixed(int seed, int index) {
        int x = seed * 0x9E3779B9 + index * 0x85EBCA6B;
        x ^= x >>> 15;
        x *= 0x2C1B3C6D;
        x ^= x >>> 12;
        x *= 0x297A2D39;
        return x ^ x >>> 15;
    }
}
