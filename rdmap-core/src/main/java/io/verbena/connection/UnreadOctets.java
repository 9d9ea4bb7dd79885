package io.verbena.connection;

import java.nio.ByteBuffer;

/**
 * Octets that have arrived and nobody has read: a ring of fixed size. The memory is taken when the first octet is about to
 * arrive.
 *
 * <p>Thread rule: under the lock of {@link PlainPhase}. What {@link #targets} lends is filled without the lock: it is room
 * that nobody else touches until {@link #arrived}.
 */
final class UnreadOctets {
    private final int capacity;
    private ByteBuffer ring;
    private int first;
    private int count;

    UnreadOctets(int capacity) {
        this.capacity = capacity;
    }

    int count() {
        return count;
    }

    boolean full() {
        return count == capacity;
    }

    /** Fills {@code lent} with the room that is left, in order; returns how many buffers that are, 0 to 2. */
    int targets(ByteBuffer[] lent) {
        if (full()) {
            return 0;
        }
        if (ring == null) {
            ring = ByteBuffer.allocate(capacity);
        }
        int end = first + count;
        if (end >= capacity) {
            lent[0] = ring.slice(end - capacity, capacity - count);
            return 1;
        }
        lent[0] = ring.slice(end, capacity - end);
        if (first == 0) {
            return 1;
        }
        lent[1] = ring.slice(0, first);
        return 2;
    }

    /** So many octets have arrived in the last targets. */
    void arrived(int octets) {
        count += octets;
    }

    /** Moves octets to {@code to}, as many as there are and fit; returns how many. */
    int take(ByteBuffer to) {
        int taken = Math.min(count, to.remaining());
        int run = Math.min(taken, capacity - first);
        if (taken > 0) {
            to.put(ring.slice(first, run));
            to.put(ring.slice(0, taken - run));
            first = (first + taken) % capacity;
            count -= taken;
        }
        return taken;
    }

    /** Takes everything out, in a new buffer from index 0 to its limit, and gives the memory back. */
    ByteBuffer takeAll() {
        ByteBuffer all = ByteBuffer.allocate(count);
        take(all);
        clear();
        return all.flip();
    }

    /** Puts octets in; there is room. */
    void put(ByteBuffer octets) {
        ByteBuffer[] room = new ByteBuffer[2];
        int buffers = targets(room);
        int octetsLeft = octets.remaining();
        count += octetsLeft;
        for (int i = 0; i < buffers && octets.hasRemaining(); i++) {
            int step = Math.min(room[i].remaining(), octets.remaining());
            room[i].put(octets.slice(octets.position(), step));
            octets.position(octets.position() + step);
        }
    }

    /** Forgets everything and gives the memory back. */
    void clear() {
        ring = null;
        first = 0;
        count = 0;
    }
}
