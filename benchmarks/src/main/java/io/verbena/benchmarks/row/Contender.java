package io.verbena.benchmarks.row;

import java.util.Locale;

/** Whose figure it is. */
public enum Contender {
    /** Verbena. */
    OURS,
    /** {@code SocketChannel}, one thread at each end. */
    RAW,
    /** Plain Netty over NIO, one event loop at each end. */
    NETTY;

    /** Returns its name in lower case, as it stands in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
