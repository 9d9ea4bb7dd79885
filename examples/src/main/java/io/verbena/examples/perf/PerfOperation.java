package io.verbena.examples.perf;

import java.util.Locale;

/** What is measured. The order is that of the numbers on the wire. */
enum PerfOperation {
    /** RDMA Write. */
    WRITE("RDMA Write", "write"),
    /** RDMA Read. */
    READ("RDMA Read", "read"),
    /** Send. */
    SEND("Send", "send");

    private final String words;
    private final String perftest;

    PerfOperation(String words, String perftest) {
        this.words = words;
        this.perftest = perftest;
    }

    /** Returns what the RFCs call it. */
    String words() {
        return words;
    }

    /** Returns the name of the program of perftest that measures the same. */
    String perftest(PerfMeasure measure) {
        return "ib_" + perftest + (measure == PerfMeasure.LATENCY ? "_lat" : "_bw");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
