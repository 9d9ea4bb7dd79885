package io.verbena.memory;

import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The staging memory of a device: direct buffers of one size, for FPDUs that have arrived in part and for octets that are
 * on their way out (SYS-POOL).
 *
 * <p>Memory is taken from the system in slabs when it is first needed and then kept. The most recently used buffer is
 * given again first, because its octets are likely to be in the processor's cache.
 *
 * <p>Thread rule: any thread; a short lock, no allocation once the slabs are there.
 */
public final class AdapterBufferPool {
    private static final int BUFFERS_PER_SLAB = 8;

    /** Owners below this number are loops. */
    private static final int FIRST_QUEUE_PAIR = 2;

    private final int bufferOctets;
    private final int capacity;
    private final Object lock = new Object();

    private StagingBuffer[] free = {};
    private StagingBuffer[] all = {};
    private int freeCount;
    private int made;

    /** What a staging buffer is used for. */
    public enum Use {
        /** Octets on their way to the stream: headers, trailers, payload that is copied. */
        TRANSMIT(BufferUse.DEPARTING),
        /** Octets that have arrived and wait for the rest of their FPDU, or for its check. */
        RECEIVE(BufferUse.ARRIVING),
        /** Inline data of posted requests. */
        INLINE(BufferUse.INLINE);

        private final BufferUse reported;

        Use(BufferUse reported) {
            this.reported = reported;
        }

        BufferUse reported() {
            return reported;
        }
    }

    /**
     * Makes a pool that holds no memory yet.
     *
     * @param bufferOctets size of each buffer
     * @param capacity the most buffers there will be
     */
    public AdapterBufferPool(int bufferOctets, int capacity) {
        if (bufferOctets < 1 || capacity < 1) {
            throw new IllegalArgumentException(
                    capacity + " buffers of " + bufferOctets + " octets: both must be at least 1");
        }
        this.bufferOctets = bufferOctets;
        this.capacity = capacity;
    }

    /**
     * Gives a buffer to a queue pair.
     *
     * @param ownerQueuePair number of the queue pair, 0 or more
     * @param use what for
     * @return the buffer, to be {@linkplain #release released} by the same queue pair; or null if all are in use
     */
    public StagingBuffer acquire(int ownerQueuePair, Use use) {
        if (ownerQueuePair < 0) {
            throw new IllegalArgumentException("queue pair number " + ownerQueuePair + " must not be negative");
        }
        synchronized (lock) {
            if (freeCount == 0 && !addSlab()) {
                return null;
            }
            StagingBuffer buffer = free[--freeCount];
            free[freeCount] = null;
            buffer.give(ownerQueuePair, use);
            return buffer;
        }
    }

    private boolean addSlab() {
        int buffers = Math.min(BUFFERS_PER_SLAB, capacity - made);
        if (buffers == 0) {
            return false;
        }
        ByteBuffer slab;
        try {
            slab = ByteBuffer.allocateDirect(Math.multiplyExact(buffers, bufferOctets));
        } catch (OutOfMemoryError e) {
            if (made == 0) {
                throw e;
            }
            // The JVM's limit for direct memory lies below ours. All buffers are in use, so each will come back and
            // the pool is exhausted like any other.
            return false;
        }
        free = Arrays.copyOf(free, made + buffers);
        all = Arrays.copyOf(all, made + buffers);
        for (int i = 0; i < buffers; i++) {
            all[made + i] = new StagingBuffer(this, slab.slice(i * bufferOctets, bufferOctets));
            free[freeCount++] = all[made + i];
        }
        made += buffers;
        return true;
    }

    /**
     * Takes a buffer back.
     *
     * @param given the buffer; the caller forgets it
     * @param ownerQueuePair number of the queue pair that acquired it
     * @throws IllegalStateException if the buffer is free, another queue pair's, or another pool's
     */
    public void release(StagingBuffer given, int ownerQueuePair) {
        synchronized (lock) {
            if (given.pool() != this) {
                throw new IllegalStateException("the staging buffer is of another device's pool");
            }
            if (given.owner() == StagingBuffer.NOBODY || given.owner() != ownerQueuePair) {
                throw new IllegalStateException(
                        "queue pair " + ownerQueuePair + " releases a staging buffer that is " + given.holder());
            }
            given.take();
            free[freeCount++] = given;
        }
    }

    /**
     * Hands a buffer over without it becoming free in between.
     *
     * @param given the buffer
     * @param from who has it
     * @param to who has it from now on
     * @throws IllegalStateException if it is not {@code from}'s
     */
    public void handOver(StagingBuffer given, int from, int to) {
        synchronized (lock) {
            if (given.owner() != from) {
                throw new IllegalStateException(
                        "queue pair " + from + " hands over a staging buffer that is " + given.holder());
            }
            given.give(to, given.use());
        }
    }

    /** Returns the size of each buffer in octets. */
    public int bufferOctets() {
        return bufferOctets;
    }

    /** Returns the number of buffers that queue pairs have now. */
    public int inUse() {
        synchronized (lock) {
            return made - freeCount;
        }
    }

    /** Returns the most buffers there can be. */
    public int capacity() {
        return capacity;
    }

    /** Returns who has its buffers now, and what for. Allocates. */
    public BufferPoolSnapshot snapshot() {
        synchronized (lock) {
            Map<Integer, Integer> owners = new TreeMap<>();
            Map<BufferUse, Integer> uses = new EnumMap<>(BufferUse.class);
            for (int i = 0; i < made; i++) {
                int owner = all[i].owner();
                if (owner != StagingBuffer.NOBODY) {
                    owners.merge(owner, 1, Integer::sum);
                    uses.merge(all[i].use().reported(), 1, Integer::sum);
                }
            }
            List<BufferPoolSnapshot.Holding> holdings = new ArrayList<>();
            owners.forEach((owner, buffers) ->
                    holdings.add(new BufferPoolSnapshot.Holding(owner < FIRST_QUEUE_PAIR, owner, buffers, 0)));
            return new BufferPoolSnapshot(
                    bufferOctets, bufferOctets, capacity, made, freeCount, 0, 0, 0, holdings, uses, 0, 0, 0);
        }
    }

    /** Tells whether nobody has a buffer. */
    public boolean whole() {
        return inUse() == 0;
    }
}
