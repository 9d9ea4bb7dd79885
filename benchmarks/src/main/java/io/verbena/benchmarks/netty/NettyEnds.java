package io.verbena.benchmarks.netty;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.ServerEnd;

/** Makes Netty's ends. */
public final class NettyEnds {
    private NettyEnds() {}

    /** Makes a server. */
    public static ServerEnd server(EndTask task) {
        return switch (task.workload().shape()) {
            case STREAM, PING, CONNECT -> new NettyServer(task);
            case ALLOCATION, IDLE, SHARE -> throw unmeasured(task);
        };
    }

    /** Makes a client. */
    public static ClientEnd client(EndTask task) {
        return switch (task.workload().shape()) {
            case STREAM, PING -> new NettyClient(task);
            case CONNECT -> new NettyConnectClient(task);
            case ALLOCATION, IDLE, SHARE -> throw unmeasured(task);
        };
    }

    private static IllegalArgumentException unmeasured(EndTask task) {
        return new IllegalArgumentException(
                "Netty has no counterpart to " + task.row().label());
    }
}
