package io.verbena.examples.crowd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What has happened: how often, to whom, and the last few different lines.
 *
 * <p>Thread rule: any thread.
 */
final class EventBook {
    private static final int LINES = 6;

    private final long began = System.nanoTime();
    private final Map<String, Map<Integer, Long>> counts = new TreeMap<>();
    /** The last lines by their words, the oldest first. */
    private final Map<String, Seen> last = new LinkedHashMap<>();

    private record Seen(long ns, long times) {}

    /**
     * Writes down an event.
     *
     * @param kind what happened
     * @param client whom it names, or -1
     * @param words the line to show
     */
    synchronized void add(String kind, int client, String words) {
        counts.computeIfAbsent(kind, any -> new TreeMap<>()).merge(client, 1L, Long::sum);
        Seen before = last.remove(words);
        last.put(words, new Seen(System.nanoTime() - began, before == null ? 1 : before.times + 1));
        if (last.size() > LINES) {
            last.remove(last.keySet().iterator().next());
        }
    }

    /** Returns the last lines, the oldest first. */
    synchronized List<String> last() {
        List<String> lines = new ArrayList<>();
        last.forEach((words, seen) -> lines.add(String.format(
                Locale.ROOT,
                "%6.2f s  %s%s",
                seen.ns / 1e9,
                words,
                seen.times > 1 ? ", " + seen.times + " times" : "")));
        return lines;
    }

    /** Returns how often each kind of event named {@code client}. */
    synchronized Map<String, Long> of(int client) {
        Map<String, Long> found = new TreeMap<>();
        counts.forEach((kind, clients) -> {
            if (clients.containsKey(client)) {
                found.put(kind, clients.get(client));
            }
        });
        return found;
    }

    /** Returns all clients that events name. */
    synchronized Set<Integer> named() {
        Set<Integer> named = new TreeSet<>();
        counts.values().forEach(clients -> named.addAll(clients.keySet()));
        named.remove(-1);
        return named;
    }

    /** Returns how many events of a kind there were. */
    synchronized long count(String kind) {
        return counts.getOrDefault(kind, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
