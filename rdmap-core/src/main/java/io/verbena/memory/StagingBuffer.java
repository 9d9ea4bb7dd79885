package io.verbena.memory;

import io.verbena.verbs.BufferUse;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.StringJoiner;

/**
 * A buffer of the {@link AdapterBufferPool}, with a note of who has it and what for (SYS-POOL-03). Who wants to move octets
 * into or out of it asks {@link #admits} first.
 *
 * <p>A buffer is whole, or one of the equal parts of a whole one that was split.
 *
 * <p>Thread rule: the owner's. A loop and its queue pairs pass it to each other with {@link #handOver}, on the loop; to the
 * pool and from it, it goes through the pool's lock. Owner and uses can be read by any thread, for a snapshot.
 */
public final class StagingBuffer {
    private static final VarHandle OWNER;
    private static final VarHandle USES;
    private static final BufferUse[] ALL_USES = BufferUse.values();

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWNER = lookup.findVarHandle(StagingBuffer.class, "owner", int.class);
            USES = lookup.findVarHandle(StagingBuffer.class, "uses", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AdapterBufferPool pool;
    private final ByteBuffer octets;
    private final StagingBuffer whole;
    private int owner = BufferOwner.NOBODY;
    private int uses;

    // ---- the pool's, under its lock ----

    /** What it is counted as while it is not free. */
    BufferUse.Type type;

    /** Its parts, made when it is split for the first time. */
    StagingBuffer[] parts;

    /** Those that are free, {@link #freeParts} in number. */
    StagingBuffer[] partsToGive;

    int freeParts;
    StagingBuffer nextSplit;
    StagingBuffer previousSplit;

    StagingBuffer(AdapterBufferPool pool, ByteBuffer octets, StagingBuffer whole) {
        this.pool = pool;
        this.octets = octets;
        this.whole = whole;
    }

    /** Returns the octets, whose position and limit are the owner's: a direct big-endian buffer. */
    public ByteBuffer octets() {
        return octets;
    }

    /** Returns the number of who has it: {@link BufferOwner}. */
    public int owner() {
        return (int) OWNER.getOpaque(this);
    }

    /** Returns what it is used for: the {@linkplain BufferUse#bit bits} of all uses together; 0 if it is free. */
    public int uses() {
        return (int) USES.getOpaque(this);
    }

    /**
     * Returns whether octets may be moved into it or out of it.
     *
     * @param requester who wants to
     * @param kinds what the octets are: the bits of their uses
     */
    public boolean admits(int requester, int kinds) {
        return owner == requester && (kinds & ~uses) == 0;
    }

    /** Notes that its owner begins something else with it; false, and nothing is done, if {@code requester} is not the owner. */
    public boolean reuse(int requester, BufferUse use) {
        if (owner != requester) {
            return false;
        }
        USES.setOpaque(this, use.bit());
        return true;
    }

    /**
     * Notes one more use of the same direction.
     *
     * @return false, and nothing is done, if {@code requester} is not the owner or the use is of the other direction
     */
    public boolean extend(int requester, BufferUse use) {
        if (owner != requester || !sameDirection(use)) {
            return false;
        }
        USES.setOpaque(this, uses | use.bit());
        return true;
    }

    private boolean sameDirection(BufferUse use) {
        return uses != 0 && ALL_USES[Integer.numberOfTrailingZeros(uses)].type() == use.type();
    }

    /**
     * Passes it on, without the pool having a part in it.
     *
     * @return false, and nothing is done, if it is not {@code from}'s
     */
    public boolean handOver(int from, int to, BufferUse use) {
        if (owner != from) {
            return false;
        }
        OWNER.setOpaque(this, to);
        USES.setOpaque(this, use.bit());
        return true;
    }

    /** Counts a transfer through it that was refused. */
    public void onRefused() {
        pool.onRefused();
    }

    /** Passes it on with its uses; the pool's lock. */
    boolean passOn(int from, int to) {
        if (owner != from || from == BufferOwner.NOBODY) {
            return false;
        }
        OWNER.setOpaque(this, to);
        return true;
    }

    AdapterBufferPool pool() {
        return pool;
    }

    /** Returns the buffer that it is a part of, or null if it is whole. */
    StagingBuffer whole() {
        return whole;
    }

    void give(int next, BufferUse use) {
        OWNER.setOpaque(this, next);
        USES.setOpaque(this, use.bit());
        octets.clear();
    }

    void take() {
        OWNER.setOpaque(this, BufferOwner.NOBODY);
        USES.setOpaque(this, 0);
    }

    /** Returns who has it and what for, as a part of a sentence. */
    public String holder() {
        int has = owner();
        if (has == BufferOwner.NOBODY) {
            return "free";
        }
        StringJoiner words = new StringJoiner(", ", BufferOwner.words(has) + "'s for ", "");
        for (BufferUse use : ALL_USES) {
            if ((uses() & use.bit()) != 0) {
                words.add(use.name());
            }
        }
        return words.toString();
    }
}
