package io.verbena.verbs;

import java.util.Arrays;

/**
 * The scatter or gather list of a request: pieces of registered memory as primitives, growing as needed.
 *
 * <p>Thread rule: that of the request it belongs to.
 */
public final class ScatterGatherList {
    private int[] stags = new int[4];
    private long[] addresses = new long[4];
    private long[] lengths = new long[4];
    private int count;

    ScatterGatherList() {}

    void clear() {
        count = 0;
    }

    void add(MemoryRegion region, long offset, long length) {
        long whole = region.lengthOctets();
        if (offset < 0 || length < 0 || offset > whole - length) {
            throw new IndexOutOfBoundsException(length + " octets at offset " + offset
                    + " are not inside the region of " + whole + " octets with STag " + STag.toString(region.stag()));
        }
        add(region.stag(), region.startAddress() + offset, length);
    }

    void add(int stag, long address, long length) {
        if (length < 0 || length > SendRequest.MAX_MESSAGE_OCTETS) {
            throw new IllegalArgumentException(
                    "length " + length + " must be 0 to " + SendRequest.MAX_MESSAGE_OCTETS + " octets");
        }
        if (count == stags.length) {
            stags = Arrays.copyOf(stags, count * 2);
            addresses = Arrays.copyOf(addresses, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        stags[count] = stag;
        addresses[count] = address;
        lengths[count] = length;
        count++;
    }

    /** Returns the number of elements. */
    public int count() {
        return count;
    }

    /** Returns the STag of element {@code i}. */
    public int stag(int i) {
        return stags[i];
    }

    /** Returns the address of element {@code i}. */
    public long address(int i) {
        return addresses[i];
    }

    /** Returns the length of element {@code i} in octets. */
    public long lengthOctets(int i) {
        return lengths[i];
    }

    /** Returns the sum of the lengths in octets; it may exceed what a message can carry. */
    public long totalOctets() {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += lengths[i];
        }
        return total;
    }
}
