package io.verbena.memory;

/**
 * Waiters of one kind, in the order in which they came. Not thread-safe: the pool's lock guards it.
 */
final class WaitingLine {
    private BufferWaiter first;
    private BufferWaiter last;

    boolean isEmpty() {
        return first == null;
    }

    BufferWaiter first() {
        return first;
    }

    void append(BufferWaiter waiter) {
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
    }

    void remove(BufferWaiter waiter) {
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.next = null;
        waiter.previous = null;
        waiter.leftLine();
    }
}
