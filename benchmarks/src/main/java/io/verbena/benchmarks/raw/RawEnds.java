package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.ServerEnd;
import io.verbena.benchmarks.row.Operation;

/** Makes raw TCP's ends. */
public final class RawEnds {
    private RawEnds() {}

    /** Makes a server. */
    public static ServerEnd server(EndTask task) throws Exception {
        return switch (task.workload().shape()) {
            case STREAM, PING -> new RawServer(task);
            case CONNECT -> new RawConnectServer();
            case ALLOCATION, IDLE, SHARE -> throw unmeasured(task);
        };
    }

    /** Makes a client. */
    public static ClientEnd client(EndTask task) throws Exception {
        return switch (task.workload().shape()) {
            case STREAM -> task.workload().operation() == Operation.READ ? new RawReader(task) : new RawSource(task);
            case PING -> new RawPing(task);
            case CONNECT -> new RawConnectClient(task);
            case ALLOCATION, IDLE, SHARE -> throw unmeasured(task);
        };
    }

    private static IllegalArgumentException unmeasured(EndTask task) {
        return new IllegalArgumentException(
                "raw TCP has no counterpart to " + task.row().label());
    }
}
