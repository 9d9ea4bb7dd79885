package io.verbena.queue;

/**
 * The part of one queue pair in a {@link SharedReceives}: how many receives it may hold, and how many it does.
 *
 * <p>Thread rule: as {@link ReceiveSource}; {@link #consumed}, {@link #release} and the counts from any thread.
 */
public final class ReceiveAccount implements ReceiveSource {
    /** Nothing is armed. */
    static final int NOT_ARMED = -1;

    private final SharedReceives queue;
    private final int queuePairNumber;
    private final int weight;
    private volatile Runnable waker = () -> {};

    // Under the queue's lock, all below.
    int managedLimit;
    int cap;
    int held;
    int armedAt = NOT_ARMED;
    long drawn;

    /** Whether it waits in line, and who is before and behind it. */
    boolean inLine;

    ReceiveAccount before;
    ReceiveAccount behind;

    /** Whether one of the receives that wait is kept for it: it was first in line. */
    boolean granted;

    long droppedMessages;
    long droppedOctets;

    /** Held for messages ahead of order, and segments of such that were refused. */
    int ahead;

    long refusedAhead;

    /** Whether the message before was refused; of the owning loop alone. */
    boolean dropping;

    ReceiveAccount(SharedReceives queue, int queuePairNumber, int weight) {
        this.queue = queue;
        this.queuePairNumber = queuePairNumber;
        this.weight = weight;
        cap = Integer.MAX_VALUE;
    }

    /** Returns the queue that this is a part in. */
    public SharedReceives queue() {
        return queue;
    }

    /** Returns the number of the queue pair. */
    public int queuePairNumber() {
        return queuePairNumber;
    }

    /** Returns the weight of the queue pair. */
    public int weight() {
        return weight;
    }

    /** Returns the limit in force; under the queue's lock. */
    int limit() {
        return Math.min(managedLimit, cap);
    }

    /** Sets what is called when a receive is there for the queue pair that waits for one; by any thread, outside all locks. */
    public void onReceive(Runnable call) {
        waker = call;
    }

    @Override
    public int take() {
        return queue.take(this, false);
    }

    @Override
    public int takeOrWait() {
        return queue.take(this, true);
    }

    @Override
    public void stopWaiting() {
        queue.stopWaiting(this);
    }

    /** Returns {@link #NONE}: which receive a later message will take depends on the other queue pairs. */
    @Override
    public int peek(int before) {
        return NONE;
    }

    /** Calls its queue pair. */
    void wake() {
        waker.run();
    }

    @Override
    public int busy() {
        return queue.held(this);
    }

    /** Notes a message that {@link #DROP_MESSAGE} has refused, at once: its peer may never end it. */
    public void refused() {
        queue.refused(this);
    }

    /** Notes that all of a message has come that was refused. */
    public void dropped(long octets) {
        queue.dropped(this, octets);
    }

    /** Returns what names this use of a slot that was taken, for {@link #consumed} and {@link #release}. */
    public long handle(int slot) {
        return queue.handle(slot);
    }

    /** The completion of a receive was taken off its completion queue: gives it back if that is when. Any thread. */
    void consumed(long handle) {
        queue.consumed(this, handle);
    }

    /**
     * Puts receives back in front of those that wait, in their order: they were drawn for a message that is not delivered.
     *
     * @param borrowed their slots
     * @param count how many of these
     */
    public void putBack(int[] borrowed, int count) {
        queue.putBack(this, borrowed, count);
    }

    /** Draws the next receive for a message that has arrived ahead of order, if the caps allow it; or returns {@link #NONE}. */
    public int takeAhead() {
        return queue.takeAhead(this);
    }

    /**
     * The turn of a message has come for which a receive was drawn when it arrived ahead of order.
     *
     * @return its slot, or {@link #DROP_MESSAGE} or {@link #DROP_CONNECTION}: it is beyond the limit, and has to be put back
     */
    public int admit(int slot) {
        return queue.admit(this, slot);
    }

    /** Puts receives back that were drawn by {@link #takeAhead()} and whose turn has not come; see {@link #putBack}. */
    public void putBackAhead(int[] borrowed, int count) {
        queue.putBackAhead(this, borrowed, count);
    }

    /** Notes a segment ahead of order that was not taken, because there was no receive for it. */
    public void refusedAhead() {
        queue.refusedAhead(this);
    }

    /** Returns how many receives messages ahead of order may hold at most, 0 if they may draw none. */
    public int mostAhead() {
        return queue.mostAhead();
    }

    /** Notes that a message was delivered: the next one that is dropped is the first. */
    public void admitted() {
        dropping = false;
    }

    /** Gives a receive back whose completion nobody will see. Any thread. */
    public void release(long handle) {
        queue.release(this, handle);
    }

    @Override
    public long id(int slot) {
        return queue.id(slot);
    }

    @Override
    public int elementCount(int slot) {
        return queue.elements().count(slot);
    }

    @Override
    public int stag(int slot, int i) {
        return queue.elements().stag(slot, i);
    }

    @Override
    public long address(int slot, int i) {
        return queue.elements().address(slot, i);
    }

    @Override
    public long lengthOctets(int slot, int i) {
        return queue.elements().lengthOctets(slot, i);
    }

    @Override
    public long totalOctets(int slot) {
        return queue.elements().totalOctets(slot);
    }
}
