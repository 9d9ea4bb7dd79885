package io.verbena.examples.crowd;

import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;

/**
 * A well-behaved client: it sends at its own speed, and never has more messages under way than its credit says.
 *
 * <p>Thread rule: the thread of {@link Clients}; counters may be read by any.
 */
final class Client {
    private final int number;
    private final double perSecond;
    private final int messageOctets;
    private final QueuePair queuePair;
    private final ByteBuffer memory;
    private final MemoryRegion region;
    private final SendRequest send = new SendRequest();
    private final Message message = new Message();
    private final ReceiveRequest empty = new ReceiveRequest();
    private int credit;
    private long forgone;
    private volatile long sent;
    private volatile long acknowledged;
    private volatile String lost;

    /**
     * Makes a client whose messages lie in {@code lent}, which has room for {@code slots} of them.
     *
     * @param perSecond messages a second; 0: as fast as its credit allows
     */
    Client(
            int number,
            double perSecond,
            int messageOctets,
            int slots,
            QueuePair queuePair,
            ByteBuffer lent,
            MemoryRegion region) {
        this.number = number;
        this.perSecond = perSecond;
        this.messageOctets = messageOctets;
        this.queuePair = queuePair;
        this.memory = lent;
        this.region = region;
        // An acknowledgement is Immediate Data: it uses a receive, and needs no memory.
        for (int i = 0; i < slots; i++) {
            awaitAcknowledgement();
        }
    }

    int number() {
        return number;
    }

    QueuePair queuePair() {
        return queuePair;
    }

    /** The server has said how many messages may be under way. */
    void credit(int messages) {
        credit = messages;
    }

    /**
     * Sends what is due and what the credit allows.
     *
     * @param elapsedNs time since this client began
     * @param nowNs the time that the messages carry
     * @return whether anything was sent
     */
    boolean sendDue(long elapsedNs, long nowNs) {
        long next = sent;
        long due = perSecond == 0 ? Long.MAX_VALUE : (long) (perSecond * elapsedNs / 1e9) - forgone;
        if (perSecond > 0 && due > next + credit) {
            // What it could not send in time it makes up for by a credit at most: the rest is forgone, and shows as
            // missing speed.
            forgone += due - next - credit;
            due = next + credit;
        }
        while (next < due && next - acknowledged < credit && lost == null) {
            // The place was last used a whole credit ago, and that message has arrived: the server has said so.
            int place = (int) (next % credit) * messageOctets;
            message.wrap(memory, place, messageOctets).write(number, next, nowNs);
            send.send().local(region, place, messageOctets).signaled(false);
            if (!queuePair.postSend(send).posted()) {
                break;
            }
            next++;
        }
        boolean any = next != sent;
        sent = next;
        return any;
    }

    /** The server has taken in so many messages. */
    void onAcknowledged(long messages) {
        acknowledged = messages;
        awaitAcknowledgement();
    }

    private void awaitAcknowledgement() {
        if (!queuePair.postReceive(empty.receive(number)).posted() && lost == null) {
            lost = "it cannot post receives in state " + queuePair.state();
        }
    }

    /** The connection is lost. */
    void onLost(String why) {
        lost = why;
    }

    /** Returns why the connection was lost, or null. */
    String lost() {
        return lost;
    }

    /** Returns whether the server has said that it has everything. */
    boolean allAcknowledged() {
        return acknowledged == sent;
    }

    long sent() {
        return sent;
    }
}
