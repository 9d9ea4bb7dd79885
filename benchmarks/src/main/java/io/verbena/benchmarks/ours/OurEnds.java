package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.ServerEnd;

/** Makes our ends. */
public final class OurEnds {
    private OurEnds() {}

    /** Makes a server. */
    public static ServerEnd server(EndTask task) {
        return switch (task.workload().shape()) {
            case STREAM, PING -> new SingleServer(task);
            case ALLOCATION -> new AllocationServer(task);
            case IDLE -> new IdleServer(task);
            case SHARE -> new ShareServer(task);
            case CONNECT -> new ConnectServer(task);
        };
    }

    /** Makes a client. */
    public static ClientEnd client(EndTask task) {
        return switch (task.workload().shape()) {
            case STREAM -> new PumpClient(task);
            case PING -> new PingClient(task);
            case ALLOCATION -> new AllocationClient(task);
            case IDLE -> new IdleClient(task);
            case SHARE -> new ShareClient(task);
            case CONNECT -> new ConnectClient(task);
        };
    }
}
