package io.verbena.benchmarks.row;

import static io.verbena.benchmarks.row.Budget.Measure.OURS;
import static io.verbena.benchmarks.row.Budget.Measure.RATIO_TO_NETTY;
import static io.verbena.benchmarks.row.Budget.Measure.RATIO_TO_RAW;
import static io.verbena.benchmarks.row.Budget.Measure.SLOWEST_TO_MEAN;
import static io.verbena.benchmarks.row.Budget.atLeast;
import static io.verbena.benchmarks.row.Budget.atMost;
import static io.verbena.benchmarks.row.Operation.READ;
import static io.verbena.benchmarks.row.Operation.SEND;
import static io.verbena.benchmarks.row.Operation.WRITE;
import static io.verbena.benchmarks.row.Progress.BACKGROUND;
import static io.verbena.benchmarks.row.Progress.DRIVEN;
import static io.verbena.verbs.PlacementMode.DIRECT;
import static io.verbena.verbs.PlacementMode.EAGER;
import static io.verbena.verbs.PlacementMode.VALIDATED;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rows of the table, each with all that is to be known of it. */
public enum BenchRow {
    /** RDMA Write of 1 MiB without CRC. */
    WRITE_1M_DIRECT(
            "MiB/s",
            Workload.stream(WRITE, 1 << 20, DIRECT),
            "RDMA Writes of 1 MiB, 16 under way, without CRC; the others: 1 MiB writes into the same walk",
            atLeast(RATIO_TO_RAW, 0.95)),
    /** RDMA Write of 1 MiB with CRC, placed as it arrives. */
    WRITE_1M_EAGER(
            "MiB/s",
            Workload.stream(WRITE, 1 << 20, EAGER),
            "the same with CRC, placed as it arrives; the others have no CRC",
            atLeast(RATIO_TO_RAW, 0.85)),
    /** RDMA Write of 1 MiB with CRC, placed after its check. */
    WRITE_1M_VALIDATED(
            "MiB/s",
            Workload.stream(WRITE, 1 << 20, VALIDATED),
            "the same with CRC, placed after the CRC was found good (the default)",
            atLeast(RATIO_TO_RAW, 0.70)),
    /** RDMA Write of 64 KiB without CRC. */
    WRITE_64K_DIRECT(
            "MiB/s", Workload.stream(WRITE, 64 << 10, DIRECT), "RDMA Writes of 64 KiB, 16 under way, without CRC"),
    /** RDMA Read of 1 MiB without CRC. */
    READ_1M_DIRECT(
            "MiB/s",
            Workload.stream(READ, 1 << 20, DIRECT),
            "RDMA Reads of 1 MiB, 16 under way, without CRC (budget: 0.90 of write-1m-direct); the others answer one octet "
                    + "with 1 MiB, 16 under way"),
    /** RDMA Read of 1 MiB with CRC. */
    READ_1M_VALIDATED(
            "MiB/s",
            Workload.stream(READ, 1 << 20, VALIDATED),
            "the same with CRC, validated (budget: 0.90 of write-1m-validated)"),
    /** Send of 1 MiB without CRC. */
    SEND_1M_DIRECT(
            "MiB/s",
            Workload.stream(SEND, 1 << 20, DIRECT),
            "Sends of 1 MiB into posted receives, 16 under way, without CRC; the server reposts and returns credits"),
    /** Ping-pong of Sends, both applications spin. */
    SEND_64_RTT_DRIVEN(
            "us",
            Workload.ping(SEND, DRIVEN),
            "a Send of 64 octets and one back, caller-driven, without CRC: median round trip; raw TCP spins, Netty's loops "
                    + "sleep",
            atMost(RATIO_TO_RAW, 1.25)),
    /** Ping-pong of Writes, both applications spin on memory. */
    WRITE_64_RTT_DRIVEN(
            "us",
            Workload.ping(WRITE, DRIVEN),
            "an RDMA Write of 64 octets, seen in memory, and one back, caller-driven, without CRC: median round trip"),
    /** Reads one at a time, both applications spin. */
    READ_64_RTT_DRIVEN(
            "us",
            Workload.ping(READ, DRIVEN),
            "an RDMA Read of 64 octets, caller-driven, without CRC: median; the others answer 28 octets with 64"),
    /** Ping-pong of Sends, both applications sleep. */
    SEND_64_RTT_BACKGROUND(
            "us",
            Workload.ping(SEND, BACKGROUND),
            "a Send of 64 octets and one back, background loops and notifications, without CRC: median round trip; raw TCP "
                    + "blocks",
            atMost(RATIO_TO_RAW, 1.30),
            atMost(RATIO_TO_NETTY, 1.0)),
    /** Small Writes in batches. */
    WRITE_64_RATE(
            "1/s",
            Workload.rate(WRITE),
            "RDMA Writes of 64 octets on one queue pair, batches of 64, 4 batches under way, without CRC; raw TCP copies 64 "
                    + "messages and writes once, Netty writes 64 buffers and flushes once",
            atLeast(OURS, 2_000_000),
            atLeast(RATIO_TO_NETTY, 3.0)),
    /** Small Sends in batches. */
    SEND_64_RATE(
            "1/s",
            Workload.rate(SEND),
            "the same with Sends into posted receives; the server polls each, reposts, and returns credits"),
    /** Heap octets allocated for an operation. */
    ALLOC_PER_OP(
            "octets",
            Workload.special(Shape.ALLOCATION, WRITE, 64, DRIVEN),
            "heap octets allocated per operation by all threads of both ends, in steady state: Send, Write and Read of 64 "
                    + "octets and of 128 KiB, direct, eager and validated, driven and background; of each of these 36 the "
                    + "least measurement, and of those the worst; no counterpart",
            atMost(OURS, 0)),
    /** Memory of an idle queue pair. */
    IDLE_QP_BYTES(
            "octets",
            Workload.special(Shape.IDLE, WRITE, 64, BACKGROUND),
            "heap and direct memory that a connected, idle queue pair costs, over 10,000 of them between two processes; the "
                    + "larger of the two ends; no counterpart",
            atMost(OURS, 16384)),
    /** Throughput of many queue pairs at once. */
    QP_1000_SHARE(
            "of one",
            Workload.special(Shape.SHARE, WRITE, 16 << 10, DRIVEN),
            "RDMA Writes of 16 KiB without CRC: throughput of 1,000 active queue pairs divided by that of a single one, 4 "
                    + "under way on each; slowestToMean says how alike the 1,000 are; no counterpart",
            atLeast(OURS, 0.80),
            atLeast(SLOWEST_TO_MEAN, 0.50)),
    /** Connections made in a second. */
    CONNECTS_PER_SECOND(
            "1/s",
            Workload.special(Shape.CONNECT, WRITE, 64, BACKGROUND),
            "queue pairs made, connected and established, 32 attempts under way, while a silent peer is connected as well; "
                    + "the others exchange 32 octets each way on each new connection",
            atLeast(OURS, 3000));

    private final String unit;
    private final Workload workload;
    private final String what;
    private final List<Budget> budgets;

    BenchRow(String unit, Workload workload, String what, Budget... budgets) {
        this.unit = unit;
        this.workload = workload;
        this.what = what;
        this.budgets = List.of(budgets);
    }

    /** Returns its name in reports and on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the row of this name. */
    public static Optional<BenchRow> named(String label) {
        return Arrays.stream(values()).filter(row -> row.label().equals(label)).findFirst();
    }

    /** Returns the unit of its figures. */
    public String unit() {
        return unit;
    }

    /** Returns what is done. */
    public Workload workload() {
        return workload;
    }

    /** Returns what it measures, in words. */
    public String what() {
        return what;
    }

    /** Returns what it has to come to; empty if nothing was promised. */
    public List<Budget> budgets() {
        return budgets;
    }

    /** Returns for whom it is measured, in the order of measuring. */
    public List<Contender> contenders() {
        return workload.shape().compared() ? List.of(Contender.values()) : List.of(Contender.OURS);
    }
}
