package io.verbena.queue;

import io.verbena.memory.StagingBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The inline octets of all slots of a send queue, in small buffers of the adapter's pool, from which they are copied into
 * FPDUs.
 *
 * <p>The slots come in chunks that share a small buffer. It is taken when a slot of the chunk gets octets while no other has
 * any, and goes back when the last of them is done: a queue pair that has no inline request on its send queue has no memory
 * for any.
 *
 * <p><b>How a chunk gets and loses its buffer.</b> Its state is the number of its slots that have octets. Who counts from 0
 * puts {@link #CHANGING} there, takes a buffer, and writes 1; who counts down to 0 puts {@code CHANGING} there, gives the
 * buffer back, and writes 0; others wait for either, which takes as long as the pool's short lock. So a buffer never goes
 * while a slot has octets in it, and the write of the state hands it over.
 *
 * <p>Thread rule: {@link #store} by the thread that has claimed the slot, the rest as for {@link ElementSlots}.
 */
final class InlineSlots {
    private static final int CHANGING = -1;

    private final int depth;
    private final int maxOctets;
    private final int slotsPerChunk;
    private final InlineBuffers source;
    private volatile Chunks chunks;

    InlineSlots(int depth, int maxOctets, InlineBuffers source) {
        if (maxOctets < 0 || maxOctets > source.octets()) {
            throw new IllegalArgumentException(
                    "inline maximum of " + maxOctets + " octets must be 0 to " + source.octets());
        }
        this.depth = depth;
        this.maxOctets = maxOctets;
        this.source = source;
        slotsPerChunk = Math.min(depth, source.octets() / Math.max(1, maxOctets));
    }

    /** Refuses what no slot can hold. */
    void requireRoom(ByteBuffer borrowed) {
        if (borrowed.remaining() > maxOctets) {
            throw new IllegalArgumentException(
                    borrowed.remaining() + " inline octets exceed the maximum of " + maxOctets);
        }
    }

    /**
     * Copies the remaining octets into a claimed slot; the buffer's position stays.
     *
     * @return false if there is no memory for them now; the slot has none then
     */
    boolean store(int slot, ByteBuffer borrowed) {
        Chunks all = chunks();
        int number = slot / slotsPerChunk;
        if (!enter(all, number)) {
            return false;
        }
        StagingBuffer buffer = all.buffers[number];
        if (!source.admits(buffer)) {
            leave(all, number);
            return false;
        }
        int octets = borrowed.remaining();
        all.octets[slot] = octets;
        buffer.octets().put(offset(slot), borrowed, borrowed.position(), octets);
        return true;
    }

    /** Forgets the octets of a slot that has some. */
    void release(int slot) {
        leave(chunks, slot / slotsPerChunk);
    }

    int octets(int slot) {
        return chunks.octets[slot];
    }

    /** Returns the buffer that the octets are in. */
    StagingBuffer buffer(int slot) {
        return chunks.buffers[slot / slotsPerChunk];
    }

    int offset(int slot) {
        return slot % slotsPerChunk * maxOctets;
    }

    private boolean enter(Chunks all, int number) {
        while (true) {
            int slots = all.states.get(number);
            if (slots == CHANGING) {
                Thread.onSpinWait();
            } else if (slots > 0) {
                if (all.states.compareAndSet(number, slots, slots + 1)) {
                    return true;
                }
            } else if (all.states.compareAndSet(number, 0, CHANGING)) {
                StagingBuffer buffer = source.acquire();
                all.buffers[number] = buffer;
                all.states.set(number, buffer == null ? 0 : 1);
                return buffer != null;
            }
        }
    }

    private void leave(Chunks all, int number) {
        while (true) {
            int slots = all.states.get(number);
            if (slots == CHANGING) {
                Thread.onSpinWait();
            } else if (slots > 1) {
                if (all.states.compareAndSet(number, slots, slots - 1)) {
                    return;
                }
            } else if (all.states.compareAndSet(number, 1, CHANGING)) {
                StagingBuffer buffer = all.buffers[number];
                all.buffers[number] = null;
                source.release(buffer);
                all.states.set(number, 0);
                return;
            }
        }
    }

    private Chunks chunks() {
        Chunks all = chunks;
        if (all == null) {
            synchronized (this) {
                all = chunks;
                if (all == null) {
                    all = new Chunks(depth, (depth + slotsPerChunk - 1) / slotsPerChunk);
                    chunks = all;
                }
            }
        }
        return all;
    }

    /** Lengths of the slots; states and buffers of the chunks. */
    private static final class Chunks {
        final int[] octets;
        final AtomicIntegerArray states;
        final StagingBuffer[] buffers;

        Chunks(int depth, int count) {
            octets = new int[depth];
            states = new AtomicIntegerArray(count);
            buffers = new StagingBuffer[count];
        }
    }
}
