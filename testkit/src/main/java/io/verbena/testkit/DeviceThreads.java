package io.verbena.testkit;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The threads that devices brought along, to see that they are gone after them. */
final class DeviceThreads {
    private final Set<Thread> before = live();

    /** Insists that every device thread that was not there at the start ends soon. */
    void requireGone() {
        SystemDeadline.awaitUsual(
                "the end of the devices' threads", () -> remaining().isEmpty());
    }

    private Set<Thread> remaining() {
        Set<Thread> now = live();
        now.removeAll(before);
        return now;
    }

    private static Set<Thread> live() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("verbena"))
                .collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        Set<String> names = new TreeSet<>();
        remaining().forEach(thread -> names.add(thread.getName()));
        return names.toString();
    }
}
