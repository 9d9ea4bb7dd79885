package io.verbena.queue;

/**
 * The queue pairs that wait for a receive of a shared receive queue, in the order in which they began to.
 *
 * <p>Who is first is called when there is a receive, and the receive is kept for it (<em>granted</em>): nobody who comes later
 * gets it. Who was called uses its grant or leaves it to the next.
 *
 * <p>Thread rule: under the queue's lock. Allocates nothing.
 */
final class ReceiveLine {
    private ReceiveAccount first;
    private ReceiveAccount last;
    private int granted;

    /** Returns how many receives are kept for queue pairs that were called. */
    int granted() {
        return granted;
    }

    /**
     * Keeps a receive for the first in line and returns who that is, to be called outside the lock; null if nobody is in line or
     * no receive is left to keep.
     *
     * @param waiting receives that wait on the queue
     */
    ReceiveAccount call(int waiting) {
        if (first == null || waiting == granted) {
            return null;
        }
        ReceiveAccount next = first;
        first = next.behind;
        if (first == null) {
            last = null;
        } else {
            first.before = null;
        }
        next.behind = null;
        next.inLine = false;
        next.granted = true;
        granted++;
        return next;
    }

    /** Adds a queue pair at the end; it is not in line. */
    void enter(ReceiveAccount account) {
        account.inLine = true;
        if (last == null) {
            first = account;
        } else {
            last.behind = account;
            account.before = last;
        }
        last = account;
    }

    /** Takes the grant of a queue pair away, if it has one. */
    void leaveGrant(ReceiveAccount account) {
        if (account.granted) {
            account.granted = false;
            granted--;
        }
    }

    /** Takes a queue pair out of the line, if it is there. Looks at its neighbours alone, however long the line is. */
    void leave(ReceiveAccount account) {
        if (!account.inLine) {
            return;
        }
        if (account.before == null) {
            first = account.behind;
        } else {
            account.before.behind = account.behind;
        }
        if (account.behind == null) {
            last = account.before;
        } else {
            account.behind.before = account.before;
        }
        account.before = null;
        account.behind = null;
        account.inLine = false;
    }
}
