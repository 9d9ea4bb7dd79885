package io.verbena.rdmap;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.BufferOwner;
import io.verbena.memory.LentViews;
import io.verbena.memory.StagingBuffer;
import io.verbena.memory.ViewLender;
import io.verbena.mpa.TransmitArena;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamHandler;
import io.verbena.verbs.BufferUse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What the streams of one event loop share, because only one of them uses it at a time: the scratch buffer that reads go
 * to, arenas for FPDUs on their way out, views of registered memory. All staging memory comes from the adapter's pool.
 *
 * <p>A buffer that nobody uses now is the loop's. While a stream uses it, it is its queue pair's: it is handed over with two
 * plain writes on the loop, and back. Arenas and the spare buffer, if unused, go to the pool as soon as a stream of any loop
 * waits.
 *
 * <p>Thread rule: the loop, except the constructor and {@link #close}.
 */
public final class LoopResources {
    /**
     * Buffers that a loop needs to make progress: to read, to keep half an FPDU, and a few octets; to send, to insert markers,
     * and to keep inline data.
     */
    public static final int BUFFERS_PER_LOOP = 6;

    /** Half of them are to receive with, half to send with. */
    public static final int BUFFERS_PER_TYPE = 3;

    /** Those to send with that are not for inline data: an arena, and one to insert markers in. */
    public static final int FRAMING_BUFFERS = 2;

    /** Arenas that a loop keeps although nobody uses them; what is more goes back to the pool. */
    private static final int KEPT_ARENAS = 8;

    /** Pieces of registered memory in one round on its way out. */
    private static final int LENT_VIEWS = 32;

    /** Each view comes with a run of headers and trailers before it; one more run ends the list. */
    private static final int GATHER_BUFFERS = 2 * LENT_VIEWS + 4;

    private final EventLoop loop;
    private final AdapterBufferPool pool;
    private final int owner;
    private final ViewLender lender;
    private StagingBuffer scratch;
    private final LentViews receiveViews;
    private final int[] receiveStarts = new int[StreamHandler.MAX_TARGETS];
    private final KeptPin keptPin = new KeptPin();
    private final ArrayDeque<Arena> idleArenas = new ArrayDeque<>();
    private final List<Arena> allArenas = new ArrayList<>();
    private StagingBuffer markerBody;
    private StagingBuffer spare;
    private StagingBuffer little;

    /** Takes the loop's scratch buffer from the pool. */
    public LoopResources(EventLoop loop, AdapterBufferPool pool) {
        this.loop = loop;
        this.pool = pool;
        owner = BufferOwner.loop(loop.index());
        lender = new ViewLender(loop.index());
        receiveViews = new LentViews(lender, StreamHandler.MAX_TARGETS);
        scratch = pool.acquire(owner, BufferUse.ARRIVING);
        little = pool.acquireSmall(owner, BufferUse.ARRIVING);
        if (scratch == null || little == null) {
            throw new IllegalStateException("the adapter's buffer pool of " + pool.capacity()
                    + " buffers is too small for loop " + loop.index() + ": each loop needs " + BUFFERS_PER_LOOP);
        }
        spare = pool.acquire(owner, BufferUse.ARRIVING);
        pool.onShortage(() -> loop.execute(this::giveIdleBack));
    }

    /** Returns the loop. */
    public EventLoop loop() {
        return loop;
    }

    AdapterBufferPool pool() {
        return pool;
    }

    /** Returns the pin that is kept from one message to the next. */
    KeptPin keptPin() {
        return keptPin;
    }

    /** Returns that pin for a stream that may use it, or null: the stream's steps are told to a listener. */
    KeptPin keptPinFor(RdmapUser user) {
        return user.events() == null ? keptPin : null;
    }

    // ---- reading ----

    /**
     * The shared scratch buffer of reads; between {@link #lendScratch} and {@link #takeScratchBack} alone. Another one may be
     * lent next time.
     */
    ByteBuffer scratch() {
        return scratch.octets();
    }

    /** Returns that buffer, for who has to say whose it is. */
    StagingBuffer scratchBuffer() {
        return scratch;
    }

    /** Hands the scratch buffer over for one read; false if it is not the loop's to give, and there is no other. */
    boolean lendScratch(int queuePair) {
        return scratch.handOver(owner, queuePair, BufferUse.ARRIVING)
                || (replaceScratch() && scratch.handOver(owner, queuePair, BufferUse.ARRIVING));
    }

    /** The scratch buffer went astray: another one takes its place, so that only who used it suffers from that. */
    private boolean replaceScratch() {
        StagingBuffer next = spareAtHand() ? spare : pool.acquire(owner, BufferUse.ARRIVING);
        if (next == null) {
            return false;
        }
        spare = null;
        scratch = next;
        return true;
    }

    /** Returns whether a queue pair may look at what was read into the scratch buffer. */
    boolean scratchAdmits(int queuePair) {
        return scratch.admits(queuePair, BufferUse.ARRIVING.bit());
    }

    /** Takes the scratch buffer back, if the queue pair has it. */
    void takeScratchBack(int queuePair) {
        scratch.handOver(queuePair, owner, BufferUse.ARRIVING);
    }

    /** Returns whether there is a spare buffer, to keep an FPDU in that arrives in part. */
    boolean spareAtHand() {
        if (spare == null && !pool.streamsWait()) {
            spare = pool.acquire(owner, BufferUse.ARRIVING);
        }
        return spare != null;
    }

    /** Gives the spare buffer to a queue pair, or null if there is none. */
    StagingBuffer takeSpare(int queuePair, BufferUse use) {
        StagingBuffer taken = spare;
        if (taken != null) {
            spare = null;
            taken.handOver(owner, queuePair, use);
        }
        return taken;
    }

    /** Takes a buffer back from a queue pair: as the spare one if that is missing. */
    void giveBack(StagingBuffer buffer, int queuePair) {
        if (spare == null && !pool.streamsWait() && buffer.handOver(queuePair, owner, BufferUse.ARRIVING)) {
            spare = buffer;
        } else {
            pool.release(buffer, queuePair);
        }
    }

    /** Returns whether there is a small buffer, to keep a few octets in. */
    boolean littleAtHand() {
        if (little == null && !pool.streamsWait()) {
            little = pool.acquireSmall(owner, BufferUse.ARRIVING);
        }
        return little != null;
    }

    /** Gives the small buffer to a queue pair, or null if there is none. */
    StagingBuffer takeLittle(int queuePair, BufferUse use) {
        StagingBuffer taken = little;
        if (taken != null) {
            little = null;
            taken.handOver(owner, queuePair, use);
        }
        return taken;
    }

    /** Takes a small buffer back from a queue pair: as the loop's if that is missing. */
    void giveLittleBack(StagingBuffer buffer, int queuePair) {
        if (little == null && buffer.handOver(queuePair, owner, BufferUse.ARRIVING)) {
            little = buffer;
        } else {
            pool.release(buffer, queuePair);
        }
    }

    /** Views of the read that is under way; in use only between targets and placed. */
    LentViews receiveViews() {
        return receiveViews;
    }

    /** Positions at which those views began. */
    int[] receiveStarts() {
        return receiveStarts;
    }

    // ---- sending ----

    /** Gives an arena that nobody uses to a queue pair, or null if the loop has none at hand. */
    Arena takeArena(int queuePair, BufferUse use) {
        Arena arena = idleArenas.poll();
        if (arena != null) {
            arena.staging.handOver(owner, queuePair, use);
        }
        return arena;
    }

    /** Makes an arena of a buffer that was given to a queue pair. */
    Arena newArena(StagingBuffer given) {
        Arena arena = new Arena(given, lender);
        allArenas.add(arena);
        return arena;
    }

    /** Takes an arena back from a queue pair; one that is not its any more is forgotten. */
    void giveBack(Arena arena, int queuePair) {
        if (idleArenas.size() < KEPT_ARENAS
                && !pool.streamsWait()
                && arena.staging.handOver(queuePair, owner, BufferUse.DEPARTING)) {
            idleArenas.push(arena);
        } else {
            allArenas.remove(arena);
            pool.release(arena.staging, queuePair);
        }
    }

    /** Returns whether there is a buffer in which an FPDU stands before its markers are put in. */
    boolean markerBodyAtHand() {
        return markerBody != null;
    }

    /** Makes the loop's marker body of a buffer that was given to a queue pair. */
    void newMarkerBody(StagingBuffer given, int queuePair) {
        if (given.handOver(queuePair, owner, BufferUse.DEPARTING)) {
            markerBody = given;
        }
    }

    /** Lends the marker body to a queue pair that frames; null if there is none, or it is not the loop's to give. */
    StagingBuffer lendMarkerBody(int queuePair, BufferUse use) {
        if (markerBody != null && !markerBody.handOver(owner, queuePair, use)) {
            markerBody = null;
        }
        return markerBody;
    }

    /** Takes the marker body back from a queue pair. */
    void takeMarkerBodyBack(int queuePair) {
        markerBody.handOver(queuePair, owner, BufferUse.DEPARTING);
    }

    // ---- ends ----

    /**
     * Gives back to the pool what the loop keeps and nobody uses. The scratch buffer, the small one and the marker body stay: a
     * stream that has to have two buffers takes one of them from its loop, so that it waits for one alone, and holds none
     * that another waits for.
     */
    private void giveIdleBack() {
        for (Arena arena = idleArenas.poll(); arena != null; arena = idleArenas.poll()) {
            allArenas.remove(arena);
            pool.release(arena.staging, owner);
        }
        spare = released(spare);
    }

    private StagingBuffer released(StagingBuffer buffer) {
        if (buffer != null) {
            pool.release(buffer, owner);
        }
        return null;
    }

    /** Gives everything back to the pool; the loop must have stopped, and all of its streams ended. */
    public void close() {
        giveIdleBack();
        little = released(little);
        markerBody = released(markerBody);
        pool.release(scratch, owner);
    }

    /**
     * What one round of FPDUs on their way out needs: a transmit arena on a buffer of the pool, the list that goes to the
     * transport, and the views of registered memory in it.
     */
    static final class Arena {
        private final StagingBuffer staging;
        private final TransmitArena transmit;
        private final GatherList gather = new GatherList(GATHER_BUFFERS);
        private final LentViews views;

        Arena(StagingBuffer staging, ViewLender lender) {
            this.staging = staging;
            transmit = new TransmitArena(staging.octets());
            views = new LentViews(lender, LENT_VIEWS);
        }

        StagingBuffer staging() {
            return staging;
        }

        TransmitArena transmit() {
            return transmit;
        }

        /** Returns the list that goes to the transport; empty while nobody has the arena. */
        GatherList gather() {
            return gather;
        }

        /** Returns the views of registered memory in that list; none while nobody has the arena. */
        LentViews views() {
            return views;
        }
    }
}
