package io.verbena.verbs;

/**
 * One piece of registered memory of a request.
 *
 * @param stag the region's STag
 * @param address address of the first octet, in the region's own numbering (see {@link MemoryRegion#startAddress()})
 * @param lengthOctets octets, 0 to 2^32 - 1; for 0 the STag is not looked at
 */
public record ScatterGatherElement(int stag, long address, long lengthOctets) {
    /** Checks the length. */
    public ScatterGatherElement {
        if (lengthOctets < 0 || lengthOctets > SendRequest.MAX_MESSAGE_OCTETS) {
            throw new IllegalArgumentException(
                    "length " + lengthOctets + " must be 0 to " + SendRequest.MAX_MESSAGE_OCTETS + " octets");
        }
    }
}
