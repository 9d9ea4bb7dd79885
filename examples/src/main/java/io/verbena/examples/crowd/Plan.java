package io.verbena.examples.crowd;

import io.verbena.verbs.SharedReceiveQueueOptions;
import java.time.Duration;

/**
 * What a round is made of.
 *
 * @param clients well-behaved clients; their numbers count from 0, the hostile client has the number behind the last
 * @param receivesEach receives on the shared queue for each client, on average
 * @param messageOctets length of a message
 * @param perSecond messages a second of a well-behaved client, on average; 0: as fast as its credit allows
 * @param limits how the receives are divided
 * @param refusal what becomes of a message beyond the limit
 * @param reaction what is done about an offender
 * @param hostility what the hostile client does
 * @param hostilePerSecond messages a second of one that floods; 0: as fast as it can
 * @param beat time from one look of the service at what has arrived to the next
 */
record Plan(
        int clients,
        int receivesEach,
        int messageOctets,
        int perSecond,
        LimitChoice limits,
        Refusal refusal,
        Reaction reaction,
        Hostility hostility,
        int hostilePerSecond,
        Duration beat) {
    /** The fastest client is so many times faster than the slowest. */
    static final int SPEEDS = 20;

    /** Speeds are put together in so many weights. */
    private static final int WEIGHTS = 4;

    /** Returns the same without the hostile client. */
    Plan withoutHostile() {
        return new Plan(
                clients,
                receivesEach,
                messageOctets,
                perSecond,
                limits,
                refusal,
                reaction,
                Hostility.NONE,
                hostilePerSecond,
                beat);
    }

    /** Returns how many receives the shared queue has: for the hostile client, too, whether it comes or not. */
    int depth() {
        return receivesEach * (clients + 1);
    }

    /** Returns below how many receives that wait the queue is low. */
    int lowWatermark() {
        return depth() / 4;
    }

    /** Returns how many receives a message may draw, one after the other as they are filled. */
    int receivesPerMessage() {
        return SharedReceiveQueueOptions.MAX_RECEIVES_PER_MESSAGE;
    }

    /** Returns the speed of a client, 1 to {@value #SPEEDS}. */
    static int speed(int client) {
        return 1 + client % SPEEDS;
    }

    /** Returns the weight of a client, 1 to {@value #WEIGHTS}; the hostile client's is 1. */
    int weight(int client) {
        return client == clients ? 1 : 1 + (speed(client) - 1) * WEIGHTS / SPEEDS;
    }

    /** Returns the messages a second of a client, or 0. */
    double perSecond(int client) {
        return perSecond * speed(client) / ((SPEEDS + 1) / 2.0);
    }

    /** Returns the limit of a client when all are there. */
    int limit(int client) {
        long totalWeight = 0;
        for (int i = 0; i <= clients; i++) {
            totalWeight += weight(i);
        }
        return limits.limit(depth(), clients + 1, weight(client), totalWeight);
    }

    /**
     * Returns how many messages a client may have under way: three quarters of its limit. Who holds more receives than its
     * credit has broken the rules, and is found out before it reaches the limit.
     */
    int credit(int client) {
        return Math.max(1, Math.min(limit(client), receivesEach) * 3 / 4);
    }

    /** Returns the share of all receives that the monitor tolerates: five times the equal one. */
    double toleratedShare() {
        return Math.min(0.9, 5.0 / (clients + 1));
    }

    /** Returns how a client is called. */
    String name(int client) {
        return client == clients ? "hostile client" : "client " + client;
    }
}
