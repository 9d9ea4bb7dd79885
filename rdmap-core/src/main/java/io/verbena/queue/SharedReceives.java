package io.verbena.queue;

import io.verbena.verbs.AheadReceives;
import io.verbena.verbs.GiveBack;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.ReceiveShare;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The receives of a shared receive queue, and the accounts of the queue pairs that draw them.
 *
 * <pre>
 *   FREE --post--> WAITING --take--> held by an account --consumed or given back--> FREE
 * </pre>
 *
 * <p>Each slot is in one of these places at any time, so {@code posted = waiting + held by each account} (SYS-SRQ-09). All of
 * them change under one spin lock, held for a few dozen instructions: draws by several loops, give-backs by several pollers
 * and changes of limits meet here anyway, and a snapshot is a true moment. {@link ReceivePlaces} keeps the slots, {@link
 * ReceiveAccounts} the accounts, {@link ReceiveLine} the queue pairs that wait for a receive.
 *
 * <p>Thread rule: any thread. {@link #take}, {@link #consumed} and {@link #release} allocate nothing.
 */
public final class SharedReceives {
    private static final int TAKES = 0;

    private final int number;
    private final int protectionDomain;
    private final int maxElements;
    private final int receivesPerMessage;
    private final AheadReceives ahead;
    private final ReceiveRefusal refusal;
    private final GiveBack giveBack;
    private final SharedReceivesOwner owner;
    private final Users users;
    private final SpinLock lock = new SpinLock();
    private final ReceivePlaces places;

    // Under the lock, all below.
    private final ReceiveAccounts accounts = new ReceiveAccounts();
    private final ReceiveLine line = new ReceiveLine();
    private final LowWatermark watermark;
    private int depth;

    /** How many of those held are for messages ahead of order. */
    private int heldAhead;

    private boolean closed;

    /**
     * Makes a queue whose options were compared with the limits of the device.
     *
     * @param number its number on the device
     * @param protectionDomain number of its domain
     */
    public SharedReceives(
            int number, int protectionDomain, SharedReceiveQueueOptions options, SharedReceivesOwner owner) {
        this.number = number;
        this.protectionDomain = protectionDomain;
        this.owner = owner;
        maxElements = options.maxElements();
        receivesPerMessage = options.receivesPerMessage();
        ahead = options.ahead();
        refusal = options.refusal();
        giveBack = options.giveBack();
        users = new Users(toString());
        depth = options.depth();
        places = new ReceivePlaces(depth, maxElements);
        watermark = new LowWatermark(options.lowWatermark());
    }

    /** Returns its number on the device. */
    public int number() {
        return number;
    }

    /** Returns the number of its protection domain. */
    public int protectionDomain() {
        return protectionDomain;
    }

    /** Returns the scatter-gather elements that a receive can have. */
    public int maxElements() {
        return maxElements;
    }

    /** Returns the receives that a message draws at most. */
    public int receivesPerMessage() {
        return receivesPerMessage;
    }

    /** Returns the depth. */
    public int depth() {
        lock.lock();
        try {
            return depth;
        } finally {
            lock.unlock();
        }
    }

    // ---- posting and drawing ----

    /**
     * Copies a receive into a free slot.
     *
     * @param borrowed the request, the caller's again at return
     * @return posted; full, or destroyed, without a trace
     * @throws IllegalArgumentException if it has more elements than a slot holds
     */
    public PostResult post(ReceiveRequest borrowed) {
        places.elements().requireRoom(borrowed.memory());
        ReceiveAccount called;
        lock.lock();
        try {
            if (closed) {
                return PostResult.DESTROYED;
            }
            if (places.busy() >= depth) {
                return PostResult.QUEUE_FULL;
            }
            places.add(borrowed);
            called = line.call(places.waiting());
        } finally {
            lock.unlock();
        }
        if (called != null) {
            called.wake();
        }
        return PostResult.POSTED;
    }

    /** Draws the next receive for a queue pair; see {@link ReceiveSource#take} and {@link ReceiveSource#takeOrWait}. */
    int take(ReceiveAccount account, boolean orWait) {
        int result;
        boolean wasGranted;
        int low = LowWatermark.SILENT;
        int over = -1;
        int mark = 0;
        lock.lock();
        try {
            wasGranted = account.granted;
            line.leaveGrant(account);
            result = refusal(account, orWait);
            if (result == TAKES) {
                line.leave(account);
                result = places.draw(account);
                mark = watermark.mark();
                low = watermark.fall(places.waiting());
                over = disarmedAbove(account);
            }
        } finally {
            lock.unlock();
        }
        if (wasGranted && result < 0) {
            wakeThoseInLine();
        }
        if (low >= 0) {
            owner.onLow(low, mark);
        }
        if (over >= 0) {
            owner.onHeld(account.queuePairNumber(), over);
        }
        return result;
    }

    /** Returns how many a queue pair holds if an event is due because these are more than was armed, or -1. */
    private static int disarmedAbove(ReceiveAccount account) {
        if (account.armedAt == ReceiveAccount.NOT_ARMED || account.held <= account.armedAt) {
            return -1;
        }
        account.armedAt = ReceiveAccount.NOT_ARMED;
        return account.held;
    }

    /** Returns why a queue pair does not get a receive now, or {@link #TAKES}; enters it in the line if it waits. */
    private int refusal(ReceiveAccount account, boolean orWait) {
        // SYS-SRQ-02: the limit is looked at first, so that whoever has used it up learns nothing of the others.
        // Who may hold all that there are has no limit to be refused by: it holds them all, so none waits.
        boolean limited = account.limit() < depth || !orWait;
        if (limited && counted(account) >= account.limit()) {
            line.leave(account);
            return beyondLimit();
        }
        if (places.waiting() > line.granted()) {
            return TAKES;
        }
        if (!orWait) {
            line.leave(account);
            return ReceiveSource.NONE;
        }
        if (!account.inLine) {
            line.enter(account);
        }
        return ReceiveSource.WAIT;
    }

    /** Puts the first {@code count} of {@code drawn} back in front of those that wait, in their order. */
    void putBack(ReceiveAccount account, int[] drawn, int count) {
        lock.lock();
        try {
            places.putBack(account, drawn, count);
        } finally {
            lock.unlock();
        }
        wakeThoseInLine();
    }

    private int beyondLimit() {
        return refusal == ReceiveRefusal.DROP_MESSAGE ? ReceiveSource.DROP_MESSAGE : ReceiveSource.DROP_CONNECTION;
    }

    /** Returns what is compared with the limit of a queue pair. */
    private int counted(ReceiveAccount account) {
        return ahead.withinLimit() ? account.held : account.held - account.ahead;
    }

    // ---- messages ahead of order ----

    int mostAhead() {
        return receivesPerMessage == 1 ? Math.min(ahead.perQueue(), ahead.perQueuePair()) : 0;
    }

    /** Draws a receive for a message ahead of order; see {@link ReceiveAccount#takeAhead()}. */
    int takeAhead(ReceiveAccount account) {
        int result;
        int low;
        int over;
        int mark;
        lock.lock();
        try {
            if (account.ahead >= ahead.perQueuePair()
                    || heldAhead >= ahead.perQueue()
                    || (ahead.withinLimit() && account.held >= account.limit())
                    || places.waiting() == line.granted()) {
                return ReceiveSource.NONE;
            }
            result = places.draw(account);
            account.ahead++;
            heldAhead++;
            mark = watermark.mark();
            low = watermark.fall(places.waiting());
            over = disarmedAbove(account);
        } finally {
            lock.unlock();
        }
        if (low >= 0) {
            owner.onLow(low, mark);
        }
        if (over >= 0) {
            owner.onHeld(account.queuePairNumber(), over);
        }
        return result;
    }

    /** The turn of a message ahead of order has come; see {@link ReceiveAccount#admit}. */
    int admit(ReceiveAccount account, int slot) {
        lock.lock();
        try {
            account.ahead--;
            heldAhead--;
            return ahead.withinLimit() || counted(account) <= account.limit() ? slot : beyondLimit();
        } finally {
            lock.unlock();
        }
    }

    void putBackAhead(ReceiveAccount account, int[] drawn, int count) {
        lock.lock();
        try {
            account.ahead -= count;
            heldAhead -= count;
        } finally {
            lock.unlock();
        }
        putBack(account, drawn, count);
    }

    void refusedAhead(ReceiveAccount account) {
        lock.lock();
        try {
            account.refusedAhead++;
        } finally {
            lock.unlock();
        }
    }

    // ---- waiting for a receive ----

    /** Lets a queue pair wait no more; what was kept for it is the next one's in line. */
    void stopWaiting(ReceiveAccount account) {
        lock.lock();
        try {
            line.leaveGrant(account);
            line.leave(account);
        } finally {
            lock.unlock();
        }
        wakeThoseInLine();
    }

    /** Calls as many of those in line as there are receives for, one at a time and outside the lock. */
    private void wakeThoseInLine() {
        ReceiveAccount next = nextInLine();
        while (next != null) {
            next.wake();
            next = nextInLine();
        }
    }

    private ReceiveAccount nextInLine() {
        lock.lock();
        try {
            return line.call(places.waiting());
        } finally {
            lock.unlock();
        }
    }

    void refused(ReceiveAccount account) {
        if (account.dropping) {
            return;
        }
        account.dropping = true;
        int limit;
        lock.lock();
        try {
            limit = account.limit();
        } finally {
            lock.unlock();
        }
        owner.onRefusing(account.queuePairNumber(), limit);
    }

    void dropped(ReceiveAccount account, long octets) {
        lock.lock();
        try {
            account.droppedMessages++;
            account.droppedOctets += octets;
        } finally {
            lock.unlock();
        }
        owner.onDropped(account.queuePairNumber(), octets);
    }

    int held(ReceiveAccount account) {
        lock.lock();
        try {
            return account.held;
        } finally {
            lock.unlock();
        }
    }

    long id(int slot) {
        return places.id(slot);
    }

    ElementSlots elements() {
        return places.elements();
    }

    // ---- giving back ----

    long handle(int slot) {
        return places.handle(slot);
    }

    void consumed(ReceiveAccount account, long handle) {
        if (giveBack == GiveBack.WHEN_CONSUMED) {
            release(account, handle);
        }
    }

    /** Gives a held receive back; does nothing if that was done before. */
    void release(ReceiveAccount account, long handle) {
        lock.lock();
        try {
            if (places.holder(handle) == account) {
                places.free(handle);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives a receive back that the application is done with; see {@link io.verbena.verbs.SharedReceiveQueue#giveBack}. */
    public void giveBack(long handle) {
        if (giveBack != GiveBack.BY_APPLICATION) {
            throw new IllegalStateException(
                    this + " takes receives back when their completion is consumed, not by giveBack");
        }
        lock.lock();
        try {
            if (!places.has(handle)) {
                throw new IllegalArgumentException("0x" + Long.toHexString(handle) + " is no receive of " + this);
            }
            if (places.holder(handle) == null) {
                throw new IllegalStateException("the receive in slot " + ReceivePlaces.slot(handle) + " of " + this
                        + " was given back already, by the application or by the end of its queue pair");
            }
            places.free(handle);
        } finally {
            lock.unlock();
        }
    }

    // ---- queue pairs and their limits ----

    /** Opens the account of a queue pair, with a limit of 0 until {@link #manage} sets it. */
    public ReceiveAccount attach(int queuePairNumber, int weight) {
        users.attach(user(queuePairNumber));
        ReceiveAccount account = new ReceiveAccount(this, queuePairNumber, weight);
        lock.lock();
        try {
            accounts.add(account);
        } finally {
            lock.unlock();
        }
        return account;
    }

    /** Closes the account of a queue pair that is destroyed: all that it holds is given back. */
    public void detach(ReceiveAccount account) {
        stopWaiting(account);
        lock.lock();
        try {
            places.freeAll(account);
            accounts.remove(account);
        } finally {
            lock.unlock();
        }
        users.detach(user(account.queuePairNumber()));
    }

    private static String user(int queuePairNumber) {
        return "queue pair " + queuePairNumber;
    }

    /** Returns what a resource manager is to know of each queue pair if the depth were {@code forDepth}. */
    public List<ReceiveShare> shares(int forDepth) {
        lock.lock();
        try {
            return accounts.shares(forDepth);
        } finally {
            lock.unlock();
        }
    }

    /** Sets the limit of each queue pair, by number. */
    public void manage(ToIntFunction<Integer> limits) {
        lock.lock();
        try {
            accounts.manage(limits);
        } finally {
            lock.unlock();
        }
    }

    /** Caps one queue pair. */
    public void cap(int queuePairNumber, int most) {
        lock.lock();
        try {
            requireRange("cap", most, 0, depth);
            accounts.require(queuePairNumber, this).cap = most == depth ? Integer.MAX_VALUE : most;
        } finally {
            lock.unlock();
        }
    }

    /** Arms the event of one queue pair. */
    public void armHeld(int queuePairNumber, int held) {
        if (held < 0) {
            throw new IllegalArgumentException("held " + held + " must be at least 0");
        }
        lock.lock();
        try {
            accounts.require(queuePairNumber, this).armedAt = held;
        } finally {
            lock.unlock();
        }
    }

    // ---- query and modify ----

    /** Arms the watermark, or disarms it with 0. */
    public void arm(int mark) {
        lock.lock();
        try {
            requireRange("lowWatermark", mark, 0, depth);
            watermark.arm(mark);
        } finally {
            lock.unlock();
        }
    }

    /** Arms the watermark that was set last. */
    public void rearm() {
        lock.lock();
        try {
            watermark.rearm();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the depth; the caller has compared it with the device's limit.
     *
     * @throws IllegalArgumentException if it is below what the queue has, or below the watermark; nothing was changed
     */
    public void resize(int next) {
        lock.lock();
        try {
            if (next < places.busy()) {
                throw new IllegalArgumentException(
                        "depth " + next + " is below the " + places.busy() + " receives that " + this + " has now");
            }
            if (next < watermark.mark()) {
                throw new IllegalArgumentException(
                        "depth " + next + " is below the watermark " + watermark.mark() + " of " + this);
            }
            places.grow(next);
            depth = next;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what the queue is at this moment. Allocates. */
    public SharedReceiveQueueSnapshot snapshot() {
        lock.lock();
        try {
            return new SharedReceiveQueueSnapshot(
                    number,
                    protectionDomain,
                    depth,
                    maxElements,
                    places.busy(),
                    places.waiting(),
                    watermark.mark(),
                    watermark.armed(),
                    accounts.holders());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets nobody post or attach any more; what waits vanishes.
     *
     * @return whether this call closed it
     * @throws io.verbena.verbs.ResourceInUseException if queue pairs use it
     */
    public boolean close() {
        boolean now = users.close();
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        return now;
    }

    @Override
    public String toString() {
        return "shared receive queue " + number;
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + " must be " + least + " to " + most);
        }
    }
}
