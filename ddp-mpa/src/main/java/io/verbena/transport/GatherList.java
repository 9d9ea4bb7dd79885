package io.verbena.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A reusable, bounded list of buffers that go out one behind the other in a gathering write.
 *
 * <p>The owner adds buffers, the transport consumes from the front. The list holds references only; whose octets they
 * are and how long they must stay unchanged is between the owner and {@link ByteStream#write}.
 *
 * <p>Thread rule: one loop.
 */
public final class GatherList {
    private final ByteBuffer[] buffers;
    private int first;
    private int end;
    private long remaining;

    /** Makes an empty list with room for {@code capacity} buffers (1 or more). */
    public GatherList(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + " must be at least 1");
        }
        buffers = new ByteBuffer[capacity];
    }

    /** Returns how many more buffers can be added. */
    public int room() {
        return buffers.length - end;
    }

    /**
     * Adds the remaining octets of {@code lent} at the end.
     *
     * @throws IllegalStateException if there is no {@link #room()}
     */
    public void add(ByteBuffer lent) {
        if (end == buffers.length) {
            throw new IllegalStateException("gather list of " + buffers.length + " buffers is full");
        }
        buffers[end++] = lent;
        remaining += lent.remaining();
    }

    /** Returns the octets that are still to be sent. */
    public long remaining() {
        return remaining;
    }

    /** Returns the array that holds the buffers; valid from {@link #first()}, {@link #count()} of them. */
    public ByteBuffer[] buffers() {
        return buffers;
    }

    /** Returns the index of the first buffer that still has octets to send. */
    public int first() {
        return first;
    }

    /** Returns the number of buffers from {@link #first()} on. */
    public int count() {
        return end - first;
    }

    /**
     * Takes note that {@code octets} were consumed from the front: the buffers' positions have already advanced. Called by
     * transports.
     */
    public void consumed(long octets) {
        remaining -= octets;
        while (first < end && !buffers[first].hasRemaining()) {
            buffers[first++] = null;
        }
    }

    /** Forgets all buffers. */
    public void clear() {
        Arrays.fill(buffers, first, end, null);
        first = 0;
        end = 0;
        remaining = 0;
    }
}
