package io.verbena.rdmap;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.LentViews;
import io.verbena.memory.StagingBuffer;
import io.verbena.memory.ViewLender;
import io.verbena.mpa.TransmitArena;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamHandler;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What the streams of one event loop share, because only one of them uses it at a time: the scratch buffer that reads go
 * to, arenas for FPDUs on their way out, views of registered memory. All staging memory comes from the adapter's pool.
 *
 * <p>Thread rule: the loop, except the constructor and {@link #close}.
 */
public final class LoopResources {
    /** Buffers that a loop needs to make progress: to read, to keep half an FPDU, to send, and to insert markers. */
    public static final int BUFFERS_PER_LOOP = 4;

    /** Arenas that a loop keeps although nobody uses them; what is more goes back to the pool. */
    private static final int KEPT_ARENAS = 8;

    /** Octets that can be read and thrown away at once: as long as the longest FPDU. */
    private static final int DISCARDED_OCTETS = 64 * 1024;

    /** Owner of pool buffers that belong to a loop rather than to a queue pair. */
    public static final int OWNED_BY_LOOP = 0;

    private final EventLoop loop;
    private final AdapterBufferPool pool;
    private final ViewLender lender;
    private final StagingBuffer scratch;
    private final LentViews receiveViews;
    private final int[] receiveStarts = new int[StreamHandler.MAX_TARGETS];
    private final ArrayDeque<Arena> idleArenas = new ArrayDeque<>();
    private final List<Arena> allArenas = new ArrayList<>();
    private ByteBuffer discarded;
    private StagingBuffer markerBody;
    private StagingBuffer spare;

    /** Takes the loop's scratch buffer from the pool. */
    public LoopResources(EventLoop loop, AdapterBufferPool pool) {
        this.loop = loop;
        this.pool = pool;
        lender = new ViewLender(loop.index());
        receiveViews = new LentViews(lender, StreamHandler.MAX_TARGETS);
        scratch = pool.acquire(OWNED_BY_LOOP, AdapterBufferPool.Use.RECEIVE);
        if (scratch == null) {
            throw new IllegalStateException("the adapter's buffer pool of " + pool.capacity()
                    + " buffers is too small for loop " + loop.index() + ": each loop needs " + BUFFERS_PER_LOOP);
        }
        spare = pool.acquire(OWNED_BY_LOOP, AdapterBufferPool.Use.RECEIVE);
    }

    /**
     * Returns whether an FPDU that arrives in part can be kept: there is a spare buffer. Without one a stream does not read,
     * because what is left in the scratch buffer could not be put anywhere.
     */
    boolean spareAtHand() {
        if (spare == null) {
            spare = pool.acquire(OWNED_BY_LOOP, AdapterBufferPool.Use.RECEIVE);
        }
        return spare != null;
    }

    /** Gives the spare buffer to a queue pair, or null if there is none. */
    StagingBuffer takeSpare(int queuePair) {
        if (!spareAtHand()) {
            return null;
        }
        StagingBuffer taken = spare;
        spare = null;
        pool.handOver(taken, OWNED_BY_LOOP, queuePair);
        return taken;
    }

    /** Takes a buffer back from a queue pair: as the spare one if that is missing. */
    void giveBack(StagingBuffer buffer, int queuePair) {
        if (spare == null) {
            pool.handOver(buffer, queuePair, OWNED_BY_LOOP);
            spare = buffer;
        } else {
            pool.release(buffer, queuePair);
        }
    }

    /** Returns the loop. */
    public EventLoop loop() {
        return loop;
    }

    ViewLender lender() {
        return lender;
    }

    /** The shared scratch buffer of reads. */
    ByteBuffer scratch() {
        return scratch.octets(OWNED_BY_LOOP, AdapterBufferPool.Use.RECEIVE);
    }

    /** Views of the read that is under way; in use only between targets and placed. */
    LentViews receiveViews() {
        return receiveViews;
    }

    /** Positions at which those views began. */
    int[] receiveStarts() {
        return receiveStarts;
    }

    /** Returns the buffer for octets that nobody wants; in use only between targets and placed. */
    ByteBuffer discarded() {
        if (discarded == null) {
            discarded = ByteBuffer.allocateDirect(DISCARDED_OCTETS);
        }
        return discarded;
    }

    /** Returns an arena to build FPDUs in, or null if the pool is exhausted. */
    Arena acquireArena() {
        Arena arena = idleArenas.poll();
        if (arena == null) {
            StagingBuffer buffer = pool.acquire(OWNED_BY_LOOP, AdapterBufferPool.Use.TRANSMIT);
            if (buffer == null) {
                return null;
            }
            arena = new Arena(buffer);
            allArenas.add(arena);
        }
        return arena;
    }

    /** Takes an arena back. */
    void releaseArena(Arena arena) {
        if (idleArenas.size() < KEPT_ARENAS) {
            idleArenas.push(arena);
        } else {
            allArenas.remove(arena);
            pool.release(arena.staging, OWNED_BY_LOOP);
        }
    }

    /** Returns the buffer in which an FPDU stands before its markers are put in, or null if the pool is exhausted. */
    ByteBuffer markerBody() {
        if (markerBody == null) {
            markerBody = pool.acquire(OWNED_BY_LOOP, AdapterBufferPool.Use.TRANSMIT);
        }
        return markerBody == null ? null : markerBody.octets(OWNED_BY_LOOP, AdapterBufferPool.Use.TRANSMIT);
    }

    /** Gives everything back to the pool; the loop must have stopped, and all of its streams ended. */
    public void close() {
        pool.release(scratch, OWNED_BY_LOOP);
        if (spare != null) {
            pool.release(spare, OWNED_BY_LOOP);
            spare = null;
        }
        for (Arena arena : allArenas) {
            pool.release(arena.staging, OWNED_BY_LOOP);
        }
        allArenas.clear();
        idleArenas.clear();
        if (markerBody != null) {
            pool.release(markerBody, OWNED_BY_LOOP);
            markerBody = null;
        }
    }

    /** A transmit arena on a buffer of the pool. */
    static final class Arena {
        private final StagingBuffer staging;
        private final TransmitArena transmit;

        Arena(StagingBuffer staging) {
            this.staging = staging;
            transmit = new TransmitArena(staging.octets(OWNED_BY_LOOP, AdapterBufferPool.Use.TRANSMIT));
        }

        TransmitArena transmit() {
            return transmit;
        }
    }
}
