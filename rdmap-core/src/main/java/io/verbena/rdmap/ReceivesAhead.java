package io.verbena.rdmap;

import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.ReceiveSource;
import java.util.Arrays;

/**
 * Receives of a shared receive queue that were drawn for messages whose turn has not come, in the order of these messages: the
 * first is for the next message that begins (SYS-SRQ-08).
 *
 * <p>A message ahead of order gets its receive only together with all messages before it. So the one whose turn it is never
 * lacks a receive because of those behind it, and receives are used in the order in which they were drawn.
 *
 * <p>Thread rule: the stream's loop. Grows to the most that was drawn at one time.
 */
final class ReceivesAhead {
    private final ReceiveAccount account;
    private int[] slots = new int[4];

    /** Whether something was placed in it. */
    private boolean[] touched = new boolean[4];

    private int count;

    ReceivesAhead(ReceiveAccount account) {
        this.account = account;
    }

    /** Returns how many are drawn. */
    int count() {
        return count;
    }

    /** Draws receives until there is one for the message with {@code index}; returns whether there is. */
    boolean drawFor(int index) {
        if (index >= account.mostAhead()) {
            return false;
        }
        int before = count;
        while (count <= index) {
            int slot = account.takeAhead();
            if (slot < 0) {
                giveBackFrom(before);
                return false;
            }
            if (count == slots.length) {
                slots = Arrays.copyOf(slots, 2 * count);
                touched = Arrays.copyOf(touched, 2 * count);
            }
            slots[count] = slot;
            touched[count] = false;
            count++;
        }
        return true;
    }

    /** Returns the receive of the message with {@code index}, which was drawn. */
    int slot(int index) {
        return slots[index];
    }

    /** Notes that something was placed in the receive of the message with {@code index}. */
    void touch(int index) {
        touched[index] = true;
    }

    /** Returns whether something was placed in the receive of the message with {@code index}. */
    boolean touched(int index) {
        return touched[index];
    }

    /** Gives back all but the first {@code kept}, in which nothing was placed. */
    void giveBackFrom(int kept) {
        if (count > kept) {
            account.putBackAhead(Arrays.copyOfRange(slots, kept, count), count - kept);
            count = kept;
        }
    }

    /**
     * The turn of the first has come: takes it out of here.
     *
     * @return its slot; or, if the queue pair is beyond its limit, the refusal, and the receive is to be given back
     */
    int first() {
        return account.admit(slots[0]);
    }

    /** Takes the first out of here. */
    void removeFirst() {
        count--;
        System.arraycopy(slots, 1, slots, 0, count);
        System.arraycopy(touched, 1, touched, 0, count);
    }

    /** Returns whether {@code outcome} of {@link #first()} is a refusal. */
    static boolean refused(int outcome) {
        return outcome == ReceiveSource.DROP_MESSAGE || outcome == ReceiveSource.DROP_CONNECTION;
    }
}
