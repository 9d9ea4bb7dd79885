package io.verbena.examples.crowd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a round has shown.
 *
 * @param plan what it was made of
 * @param perSecond messages of all well-behaved clients that were taken in, a second
 * @param slowest the smallest part of what it wanted to send that a client got rid of; with clients without a pace, of the mean
 * @param delays how long messages took from sending to being taken in
 * @param sent messages that well-behaved clients sent
 * @param missing messages of these that the server never took in
 * @param wrong messages of these that were not the next of their client, to the last octet
 * @param lostClients well-behaved clients that lost their connection, with the reason
 * @param leastFree the fewest receives that waited
 * @param mostHeldByOthers the most that one well-behaved client held
 * @param mostHeldByHostile the most that the hostile client held
 * @param broken which account was wrong, or null
 * @param hostileSent messages that the hostile client sent
 * @param hostileDropped messages of these that were dropped
 * @param otherDropped messages of well-behaved clients that were dropped
 * @param hostileEvents how often each kind of event named the hostile client
 * @param otherNamed well-behaved clients that an event or the monitor named
 * @param lowEvents how often the queue ran low
 * @param hostileEnd what became of the hostile client, or null
 * @param mostPooled the most buffers of the adapter's pool in use
 * @param mostPooledForHostile the most of these for the hostile client
 * @param poolCapacity buffers that the pool may have
 * @param busy processors busy, by what the threads do
 */
record Figures(
        Plan plan,
        double perSecond,
        double slowest,
        Delays delays,
        long sent,
        long missing,
        long wrong,
        List<String> lostClients,
        int leastFree,
        int mostHeldByOthers,
        int mostHeldByHostile,
        String broken,
        long hostileSent,
        long hostileDropped,
        long otherDropped,
        Map<String, Long> hostileEvents,
        Set<Integer> otherNamed,
        long lowEvents,
        String hostileEnd,
        int mostPooled,
        int mostPooledForHostile,
        int poolCapacity,
        Map<String, Double> busy) {
    /**
     * What was seen while messages counted.
     *
     * @param perSecond messages a second of each client that were taken in
     * @param busy processors busy, by what the threads do
     * @param delays delays of the messages
     */
    record Counted(List<Double> perSecond, Map<String, Double> busy, Delays delays) {
        double all() {
            return perSecond.stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    static Figures of(
            Plan plan, Server server, Clients clients, HostileClient hostile, Counted counted, boolean finished) {
        double perSecond = counted.all();
        double slowest = Double.MAX_VALUE;
        for (int i = 0; i < plan.clients(); i++) {
            double wanted = plan.perSecond() > 0 ? plan.perSecond(i) : perSecond / plan.clients();
            slowest = Math.min(slowest, counted.perSecond().get(i) / wanted);
        }
        Totals totals = Totals.of(server, clients);
        Levels levels = server.service().levels();
        Set<Integer> named = server.events().named();
        named.remove(plan.clients());
        return new Figures(
                plan,
                perSecond,
                slowest,
                counted.delays(),
                totals.sent,
                finished ? totals.sent - totals.taken : Math.max(1, totals.sent - totals.taken),
                totals.wrong,
                totals.lost,
                levels.leastFree(),
                levels.mostHeldByOthers(),
                levels.mostHeldByHostile(),
                levels.broken(),
                hostile == null ? 0 : hostile.sent(),
                server.dropped(true),
                server.dropped(false),
                server.events().of(plan.clients()),
                named,
                server.events().count("SHARED_RECEIVE_QUEUE_LOW"),
                hostile == null ? null : hostile.end(),
                levels.mostPooled(),
                levels.mostPooledForHostile(),
                server.device().queryBufferPool().capacity(),
                counted.busy());
    }

    /** Returns what was promised and is not so, in a sentence each. */
    List<String> brokenPromises() {
        List<String> broken = new ArrayList<>();
        if (!lostClients.isEmpty()) {
            broken.add(lostClients.size() + " well-behaved clients lost their connection, the first: "
                    + lostClients.get(0));
        }
        if (missing + wrong + otherDropped > 0) {
            broken.add("of " + sent + " messages of well-behaved clients " + missing + " are missing, " + wrong
                    + " are out of order or altered, " + otherDropped + " were dropped");
        }
        if (this.broken != null) {
            broken.add("accounts of the shared receive queue or the pool: " + this.broken);
        }
        if (mostHeldByHostile > plan.limit(plan.clients())) {
            broken.add("the hostile client held " + mostHeldByHostile + " receives, more than its limit of "
                    + plan.limit(plan.clients()));
        }
        if (plan.hostility() != Hostility.NONE && hostileEvents.isEmpty()) {
            broken.add("nobody named the hostile client");
        }
        if (!otherNamed.isEmpty()) {
            broken.add("well-behaved clients were named: " + otherNamed);
        }
        return broken;
    }

    /** Sums over all well-behaved clients. */
    private static final class Totals {
        private long sent;
        private long taken;
        private long wrong;
        private final List<String> lost = new ArrayList<>();

        static Totals of(Server server, Clients clients) {
            Totals totals = new Totals();
            Map<Integer, ServedClient> served = new TreeMap<>();
            server.clients().forEach(client -> served.put(client.number(), client));
            for (Client client : clients.all()) {
                ServedClient atServer = served.get(client.number());
                if (client.lost() != null || atServer == null) {
                    totals.lost.add("client " + client.number() + ": " + client.lost());
                } else {
                    totals.sent += client.sent();
                    totals.taken += atServer.taken();
                    totals.wrong += atServer.wrong();
                }
            }
            return totals;
        }
    }
}
