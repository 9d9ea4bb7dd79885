package io.verbena.conformance;

/**
 * Memory that the application of the stack under test offers.
 *
 * @param stag its STag
 * @param address the Tagged Offset of its first octet
 * @param length octets
 */
record Region(int stag, long address, long length) {
    /** Returns the Tagged Offset that lies {@code offset} octets behind the beginning. */
    long at(long offset) {
        return address + offset;
    }
}
