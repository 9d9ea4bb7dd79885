package io.verbena.examples.crowd;

import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.DrainRate;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Turns what the server can be asked into lines to look at. */
final class View {
    private static final int BAR = 60;

    private final Plan plan;
    private final int top;
    private long lastTaken;
    private long lastNs = System.nanoTime();
    private double perSecond;

    /** Makes a view that shows so many queue pairs. */
    View(Plan plan, int top) {
        this.plan = plan;
        this.top = top;
    }

    /** Returns one line: the most important of it all. */
    String line(Server server, String time) {
        measure(server);
        SharedReceiveQueueSnapshot queue = server.queue().query();
        DrainRate offender = server.service().offender();
        return String.format(
                Locale.ROOT,
                "%s  well-behaved %,7.0f/s  free %d  held %d (hostile %d of %d)  dropped %,d  pool %d  %s",
                time,
                perSecond,
                queue.free(),
                queue.held(),
                heldByHostile(server, queue),
                plan.limit(plan.clients()),
                server.dropped(true),
                server.device().queryBufferPool().owned(),
                offender == null ? "nobody drains it" : words(server, offender));
    }

    /** Returns all lines. */
    List<String> lines(Server server, String title, double without) {
        measure(server);
        SharedReceiveQueueSnapshot queue = server.queue().query();
        List<String> lines = new ArrayList<>();
        lines.add(title);
        lines.add("");
        lines.add(String.format(
                Locale.ROOT, "well-behaved      %,.0f messages a second now%s", perSecond, beside(without)));
        lines.add(String.format(
                Locale.ROOT,
                "receives          posted %d = free %d + held %d; low below %d (%s)",
                queue.posted(),
                queue.free(),
                queue.held(),
                queue.lowWatermark(),
                queue.armed() ? "armed" : "was raised"));
        lines.add("                  [" + bar(queue) + "]");
        lines.add(pool(server.device().queryBufferPool()));
        DrainRate offender = server.service().offender();
        lines.add("who drains it     " + (offender == null ? "nobody" : words(server, offender)));
        lines.add("");
        table(lines, server, queue);
        lines.add("");
        lines.add("events");
        server.events().last().forEach(line -> lines.add("  " + line));
        return lines;
    }

    private void table(List<String> lines, Server server, SharedReceiveQueueSnapshot queue) {
        Map<Integer, DrainRate> rates = new TreeMap<>();
        server.service().rates().forEach(rate -> rates.put(rate.queuePairNumber(), rate));
        Comparator<ReceiveHolder> order =
                Comparator.comparingDouble(holder -> rates.containsKey(holder.queuePairNumber())
                        ? -rates.get(holder.queuePairNumber()).share()
                        : 0);
        lines.add("queue pairs          limit  held      drawn      dropped   a second    share");
        List<ReceiveHolder> holders = new ArrayList<>(queue.holders());
        holders.sort(Comparator.comparing((ReceiveHolder holder) -> !server.isHostile(holder.queuePairNumber()))
                .thenComparing(order));
        for (ReceiveHolder holder : holders.subList(0, Math.min(top, holders.size()))) {
            DrainRate rate = rates.get(holder.queuePairNumber());
            lines.add(String.format(
                    Locale.ROOT,
                    "%4d %-14s %6d %5d %10d %12d %10.0f %7.2f%%",
                    holder.queuePairNumber(),
                    server.name(holder.queuePairNumber()),
                    holder.limit(),
                    holder.held(),
                    holder.drawn(),
                    holder.droppedMessages(),
                    rate == null ? 0 : rate.perSecond(),
                    rate == null ? 0 : 100 * rate.share()));
        }
    }

    private static String beside(double without) {
        return without > 0 ? String.format(Locale.ROOT, "; without the hostile client %,.0f", without) : "";
    }

    private static String words(Server server, DrainRate offender) {
        return String.format(
                Locale.ROOT,
                "%s: %.1f %% of all receives",
                server.name(offender.queuePairNumber()),
                100 * offender.share());
    }

    private int heldByHostile(Server server, SharedReceiveQueueSnapshot queue) {
        return queue.holders().stream()
                .filter(holder -> server.isHostile(holder.queuePairNumber()))
                .mapToInt(ReceiveHolder::held)
                .sum();
    }

    private static String bar(SharedReceiveQueueSnapshot queue) {
        int free = (int) Math.round((double) BAR * queue.free() / queue.depth());
        int mark = (int) Math.round((double) BAR * queue.lowWatermark() / queue.depth());
        StringBuilder bar = new StringBuilder("=".repeat(free) + ".".repeat(BAR - free));
        bar.setCharAt(Math.min(mark, BAR - 1), '|');
        return bar.toString();
    }

    private void measure(Server server) {
        long taken = server.clients().stream()
                .filter(client -> !client.hostile())
                .mapToLong(ServedClient::taken)
                .sum();
        long now = System.nanoTime();
        perSecond = (taken - lastTaken) * 1e9 / Math.max(1, now - lastNs);
        lastTaken = taken;
        lastNs = now;
    }

    private static String pool(BufferPoolSnapshot pool) {
        return String.format(
                Locale.ROOT,
                "buffer pool       %d of %d in use, %d by queue pairs; %d small ones; %d streams wait",
                pool.owned(),
                pool.capacity(),
                pool.ownedByQueuePairs(),
                pool.smallOwned(),
                pool.waiting());
    }
}
