package io.verbena.benchmarks.end;

import io.verbena.benchmarks.netty.NettyEnds;
import io.verbena.benchmarks.ours.OurEnds;
import io.verbena.benchmarks.raw.RawEnds;

/** Makes the end that a task asks for. */
final class Ends {
    private Ends() {}

    static ServerEnd server(EndTask task) throws Exception {
        return switch (task.contender()) {
            case OURS -> OurEnds.server(task);
            case RAW -> RawEnds.server(task);
            case NETTY -> NettyEnds.server(task);
        };
    }

    static ClientEnd client(EndTask task) throws Exception {
        return switch (task.contender()) {
            case OURS -> OurEnds.client(task);
            case RAW -> RawEnds.client(task);
            case NETTY -> NettyEnds.client(task);
        };
    }
}
