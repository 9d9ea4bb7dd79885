package io.verbena.testkit.accounts;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One direction of a link: what was posted and has not begun to arrive, and where its Writes go. */
final class Lane {
    private final Deque<Message> outbound = new ArrayDeque<>();
    private final List<Message> writesBefore = new ArrayList<>();
    final Places targets;
    final int place;
    private final boolean inOrder;
    private final ByteBuffer shadow;

    /** Makes a direction whose Writes go to a place of {@code targets}, which nobody else writes to. */
    Lane(Places targets, boolean inOrder) {
        this.targets = targets;
        this.inOrder = inOrder;
        place = targets.take();
        shadow = ByteBuffer.allocate(targets.octets);
    }

    void post(Message message) {
        outbound.add(message);
    }

    /** Returns the next message that a receive is drawn for; the Writes before it are done when it is delivered. */
    Message begin(int connection) {
        while (true) {
            Message next = outbound.poll();
            if (next == null || next.connection != connection) {
                throw new AssertionError("a message arrives that was not sent; the next one is " + next);
            }
            if (!next.isWrite()) {
                return next;
            }
            writesBefore.add(next);
        }
    }

    /** A message is delivered: exactly the Writes before it have been placed. */
    void delivered() {
        for (Message write : writesBefore) {
            shadow.put((int) write.detail, Pattern.piece(write.patternOffset, write.octets), 0, write.octets);
        }
        boolean compare = inOrder && !writesBefore.isEmpty();
        writesBefore.clear();
        if (compare && targets.piece(place, targets.octets).mismatch(shadow.duplicate()) >= 0) {
            throw new AssertionError("the Writes before a message are not all placed, or more than those");
        }
    }

    /** A new connection begins: what belongs to older ones will not arrive any more. */
    void reconnect(int connection) {
        outbound.removeIf(message -> message.connection < connection || message.flushed);
        writesBefore.clear();
        shadow.put(0, targets.piece(place, targets.octets), 0, targets.octets);
    }
}
