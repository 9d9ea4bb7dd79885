package io.verbena.examples.crowd;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Map;

/** Processor time of this JVM's threads, by what they do in the scenario. */
final class ProcessorTimes {
    private static final Map<String, String> WHAT = new LinkedHashMap<>();

    static {
        WHAT.put("server-io", "server's loops");
        WHAT.put("crowd-service", "service");
        WHAT.put("clients-io", "clients' loops");
        WHAT.put("crowd-clients", "clients");
        WHAT.put("crowd-hostile", "hostile client");
    }

    private ProcessorTimes() {}

    /** Returns the nanoseconds used so far by the threads that live now. */
    static Map<String, Long> now() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> times = new LinkedHashMap<>();
        WHAT.values().forEach(what -> times.put(what, 0L));
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null) {
                WHAT.forEach((prefix, what) -> {
                    if (info.getThreadName().startsWith(prefix)) {
                        times.merge(what, Math.max(0, threads.getThreadCpuTime(info.getThreadId())), Long::sum);
                    }
                });
            }
        }
        return times;
    }

    /** Returns how many processors were busy on average between {@code before} and {@code after}. */
    static Map<String, Double> busy(Map<String, Long> before, Map<String, Long> after, long ns) {
        Map<String, Double> busy = new LinkedHashMap<>();
        after.forEach((what, time) -> busy.put(what, Math.max(0, (double) (time - before.get(what)) / ns)));
        return busy;
    }
}
