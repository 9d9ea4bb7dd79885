package io.verbena.memory;

/**
 * A range of addresses and the octets behind it.
 *
 * @param startAddress (unsigned) address of the first octet
 * @param lengthOctets length; 0 or more
 * @param zeroBased whether the first octet has address 0 by wish
 * @param translation leads to the octets; null if there are none
 * @param translationOffset octets of the translation that lie before the first octet
 */
record MemoryRange(
        long startAddress,
        long lengthOctets,
        boolean zeroBased,
        AddressTranslation translation,
        long translationOffset) {
    /** No memory at all. */
    static final MemoryRange NONE = new MemoryRange(0, 0, false, null, 0);

    /** Returns the whole of a translation. */
    static MemoryRange whole(long startAddress, boolean zeroBased, AddressTranslation translation) {
        return new MemoryRange(startAddress, translation.lengthOctets(), zeroBased, translation, 0);
    }
}
