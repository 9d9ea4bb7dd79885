package io.verbena.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Says which thread may run a background loop: its own, or one that waits for what the loop brings and stands in for it
 * meanwhile. Who holds the token is inside the loop; everything that belongs to the loop is plain fields, handed from holder
 * to holder by this token.
 *
 * <p>Three states, and who leads from one to the other:
 *
 * <pre>
 * OWN    the loop's own thread holds it     --own thread, when somebody wishes so: {@link #lend}--> FREE
 * FREE   nobody does, for a short while     --anybody: {@link #tryEnter}--> TAKEN
 *                                           --own thread: {@link #tryTakeBack}--> OWN
 * TAKEN  a thread that stands in holds it   --that thread: {@link #leave}--> FREE
 * </pre>
 *
 * <p>Every change is one volatile write or compare-and-set of one variable, made by the holder or, from FREE, by whoever is
 * first: so there is never a second holder, and each sees what the one before has done. Nobody owns the right to come back:
 * what a thread gets that leaves is only that FREE lasts for a moment.
 *
 * <p>Why nothing is left lying while the token is FREE: who gives the loop something to do publishes it first and then looks
 * at the state, who leaves publishes FREE first and then looks for something to do, and the own thread that sees FREE looks
 * again before it sleeps. Of two such looks at least one sees the other's write. The same argument, with {@link
 * #ownSleeps} in the place of work, holds for the own thread that goes to sleep because the token is TAKEN.
 *
 * <p>Thread rule: as each method says. Nothing here blocks, wakes or allocates.
 */
public final class LoopToken {
    private static final int OWN = 0;
    private static final int FREE = 1;
    private static final int TAKEN = 2;

    private static final VarHandle STATE;
    private static final VarHandle WISH;
    private static final VarHandle HOLDER;
    private static final VarHandle VISITS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(LoopToken.class, "state", int.class);
            WISH = lookup.findVarHandle(LoopToken.class, "wish", Thread.class);
            HOLDER = lookup.findVarHandle(LoopToken.class, "holder", Thread.class);
            VISITS = lookup.findVarHandle(LoopToken.class, "visits", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Thread own;
    private volatile boolean ownSleeps;

    @SuppressWarnings("UnusedVariable") // its readers go through STATE
    private int state = OWN;

    @SuppressWarnings("UnusedVariable") // its readers go through WISH
    private Thread wish;

    /** Written by the holder; whoever else reads it only learns that it is not the holder. */
    @SuppressWarnings("UnusedVariable") // its readers go through HOLDER
    private Thread holder;

    /** How often the token was left, modulo 2^32; written by the holder. */
    private int visits;

    /** Makes the token of a loop, held by the loop's own thread. */
    public LoopToken(Thread own) {
        this.own = own;
        holder = own;
    }

    // ---- any thread ----

    /** Returns whether {@code thread} holds the token; exact if it is the calling thread. */
    public boolean heldBy(Thread thread) {
        return (Thread) HOLDER.getOpaque(this) == thread;
    }

    /** Returns whether nobody holds it, at this moment. */
    public boolean free() {
        return (int) STATE.getVolatile(this) == FREE;
    }

    /** Returns whether a thread that stands in holds it, at this moment. */
    public boolean taken() {
        return (int) STATE.getVolatile(this) == TAKEN;
    }

    /** Takes the token if it is free. */
    public boolean tryEnter() {
        if ((int) STATE.getOpaque(this) != FREE || !STATE.compareAndSet(this, FREE, TAKEN)) {
            return false;
        }
        HOLDER.setOpaque(this, Thread.currentThread());
        return true;
    }

    /** Leaves after {@link #tryEnter}; returns whether the own thread sleeps until then and has to be woken now. */
    public boolean leave() {
        HOLDER.setOpaque(this, null);
        VISITS.setOpaque(this, visits + 1);
        STATE.setVolatile(this, FREE);
        return ownSleeps;
    }

    /** Asks the own thread to {@link #lend}, unless this was done; false if another thread has asked before. */
    public boolean wish(Thread wishing) {
        return WISH.compareAndSet(this, null, wishing) || (Thread) WISH.getVolatile(this) == wishing;
    }

    /** Takes back {@link #wish}; nothing if it was granted. */
    public void unwish(Thread wishing) {
        WISH.compareAndSet(this, wishing, null);
    }

    /** Returns whether somebody wishes to have the token. */
    public boolean wanted() {
        return (Thread) WISH.getVolatile(this) != null;
    }

    /** Returns a number that is another whenever the token was left in between. */
    public int visits() {
        return (int) VISITS.getOpaque(this);
    }

    // ---- the own thread ----

    /** Gives the token up, which the own thread holds; returns who wished for it and has to be woken, or null. */
    public Thread lend() {
        HOLDER.setOpaque(this, null);
        STATE.setVolatile(this, FREE);
        return grant();
    }

    /** Takes the token back if it is free. */
    public boolean tryTakeBack() {
        if (!STATE.compareAndSet(this, FREE, OWN)) {
            return false;
        }
        HOLDER.setOpaque(this, own);
        return true;
    }

    /** Ends the wish there is; returns whose it was, or null. The token is not lent by that. */
    public Thread grant() {
        return (Thread) WISH.getAndSet(this, null);
    }

    /** Says that the own thread is going to sleep until the token is left, or that it no longer does. */
    public void ownSleeps(boolean sleeps) {
        ownSleeps = sleeps;
    }
}
