package io.verbena.benchmarks.netty;

import io.netty.buffer.ByteBuf;

/**
 * Copies what arrives to its place in the region, message by message, however TCP has cut it.
 *
 * <p>Thread rule: the event loop.
 */
final class Placing {
    private final NettyStation station;
    private final int messageOctets;
    private int offset;
    private int filled;

    Placing(NettyStation station) {
        this.station = station;
        messageOctets = station.workload().messageOctets();
    }

    /** Copies all of {@code arrived}; returns how many messages became whole. */
    int place(ByteBuf arrived) {
        int whole = 0;
        while (arrived.isReadable()) {
            if (filled == 0) {
                offset = station.next();
            }
            int count = Math.min(arrived.readableBytes(), messageOctets - filled);
            arrived.readBytes(station.memory(), offset + filled, count);
            filled += count;
            if (filled == messageOctets) {
                filled = 0;
                whole++;
            }
        }
        return whole;
    }

    /** Returns where the last message that became whole lies. */
    int offset() {
        return offset;
    }
}
