package io.verbena.rdmap.wire;

/** Atomic operation codes (RFC 7306 section 5.2.1). */
public enum AtomicOperation {
    FETCH_ADD(0x0),
    COMPARE_SWAP(0x2);

    private static final AtomicOperation[] BY_VALUE = new AtomicOperation[16];

    static {
        for (AtomicOperation operation : values()) {
            BY_VALUE[operation.value] = operation;
        }
    }

    private final int value;

    AtomicOperation(int value) {
        this.value = value;
    }

    /**
     * Finds the row of a code.
     *
     * @param value the four code bits; higher bits are reserved and not looked at
     * @return the row, or null if the value is not assigned, which the caller has to turn into a violation
     */
    public static AtomicOperation of(int value) {
        return BY_VALUE[value & 0x0F];
    }

    public int value() {
        return value;
    }
}
