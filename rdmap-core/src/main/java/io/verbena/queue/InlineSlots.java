package io.verbena.queue;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The inline octets of all slots of a send queue: direct memory, so that a gathering write takes them without another copy.
 *
 * <p>It comes in chunks of a few slots each, made when a slot of the chunk first carries octets: a queue pair that never
 * sends inline pays one reference, and one that does has them all soon and allocates no more.
 *
 * <p>Thread rule: as for {@link ElementSlots}.
 */
final class InlineSlots {
    private static final int SLOTS_PER_CHUNK = 16;

    private final int depth;
    private final int maxOctets;
    private volatile Chunks chunks;

    InlineSlots(int depth, int maxOctets) {
        if (maxOctets < 0 || maxOctets > Integer.MAX_VALUE / SLOTS_PER_CHUNK) {
            throw new IllegalArgumentException(
                    "inline maximum of " + maxOctets + " octets must be 0 to " + Integer.MAX_VALUE / SLOTS_PER_CHUNK);
        }
        this.depth = depth;
        this.maxOctets = maxOctets;
    }

    /** Refuses what no slot can hold. */
    void requireRoom(ByteBuffer borrowed) {
        if (borrowed.remaining() > maxOctets) {
            throw new IllegalArgumentException(
                    borrowed.remaining() + " inline octets exceed the maximum of " + maxOctets);
        }
    }

    /** Copies the remaining octets into a claimed slot; the buffer's position stays. */
    void store(int slot, ByteBuffer borrowed) {
        int octets = borrowed.remaining();
        Chunks all = chunks();
        all.octets[slot] = octets;
        chunk(all, slot).put(offset(slot), borrowed, borrowed.position(), octets);
    }

    int octets(int slot) {
        return chunks.octets[slot];
    }

    ByteBuffer data(int slot) {
        return chunks.buffers.get(slot / SLOTS_PER_CHUNK);
    }

    int offset(int slot) {
        return slot % SLOTS_PER_CHUNK * maxOctets;
    }

    private Chunks chunks() {
        Chunks all = chunks;
        if (all == null) {
            synchronized (this) {
                all = chunks;
                if (all == null) {
                    all = new Chunks(depth);
                    chunks = all;
                }
            }
        }
        return all;
    }

    private ByteBuffer chunk(Chunks all, int slot) {
        int number = slot / SLOTS_PER_CHUNK;
        ByteBuffer chunk = all.buffers.get(number);
        if (chunk == null) {
            synchronized (this) {
                chunk = all.buffers.get(number);
                if (chunk == null) {
                    int slots = Math.min(SLOTS_PER_CHUNK, depth - number * SLOTS_PER_CHUNK);
                    chunk = ByteBuffer.allocateDirect(slots * maxOctets);
                    all.buffers.set(number, chunk);
                }
            }
        }
        return chunk;
    }

    /** Lengths and buffers. */
    private static final class Chunks {
        final int[] octets;
        final AtomicReferenceArray<ByteBuffer> buffers;

        Chunks(int depth) {
            octets = new int[depth];
            buffers = new AtomicReferenceArray<>((depth + SLOTS_PER_CHUNK - 1) / SLOTS_PER_CHUNK);
        }
    }
}
