package io.verbena.verbs.cm;

/**
 * Options of the TCP connection below.
 *
 * @param noDelay whether Nagle's algorithm is off
 * @param sendBufferOctets size of the socket's send buffer, 0 for the operating system's choice
 * @param receiveBufferOctets size of the socket's receive buffer, 0 for the operating system's choice
 * @param keepAlive whether TCP probes an idle peer
 * @param keepAliveIdleSeconds idle seconds before the first probe, 0 for the operating system's choice
 * @param keepAliveIntervalSeconds seconds between probes, 0 for the operating system's choice
 * @param keepAliveProbes unanswered probes before the connection counts as lost, 0 for the operating system's choice
 * @param segmentOctets the effective maximum segment size that FPDUs are cut for, 128 to 65535, 0 to derive it from the path
 */
public record SocketOptions(
        boolean noDelay,
        int sendBufferOctets,
        int receiveBufferOctets,
        boolean keepAlive,
        int keepAliveIdleSeconds,
        int keepAliveIntervalSeconds,
        int keepAliveProbes,
        int segmentOctets) {
    private static final int MIN_SEGMENT_OCTETS = 128;
    private static final int MAX_SEGMENT_OCTETS = 65_535;

    /** Checks the ranges. */
    public SocketOptions {
        requireNotNegative("sendBufferOctets", sendBufferOctets);
        requireNotNegative("receiveBufferOctets", receiveBufferOctets);
        requireNotNegative("keepAliveIdleSeconds", keepAliveIdleSeconds);
        requireNotNegative("keepAliveIntervalSeconds", keepAliveIntervalSeconds);
        requireNotNegative("keepAliveProbes", keepAliveProbes);
        if (segmentOctets != 0 && (segmentOctets < MIN_SEGMENT_OCTETS || segmentOctets > MAX_SEGMENT_OCTETS)) {
            throw new IllegalArgumentException("segmentOctets " + segmentOctets + " must be 0 or " + MIN_SEGMENT_OCTETS
                    + " to " + MAX_SEGMENT_OCTETS);
        }
    }

    /** Returns the defaults: no delay, keep-alive, all else the operating system's choice. */
    public static SocketOptions defaults() {
        return new SocketOptions(true, 0, 0, true, 0, 0, 0, 0);
    }

    /** Returns a copy with other socket buffer sizes. */
    public SocketOptions withBuffers(int send, int receive) {
        return new SocketOptions(
                noDelay,
                send,
                receive,
                keepAlive,
                keepAliveIdleSeconds,
                keepAliveIntervalSeconds,
                keepAliveProbes,
                segmentOctets);
    }

    /** Returns a copy with Nagle's algorithm off (true) or on. */
    public SocketOptions withNoDelay(boolean off) {
        return new SocketOptions(
                off,
                sendBufferOctets,
                receiveBufferOctets,
                keepAlive,
                keepAliveIdleSeconds,
                keepAliveIntervalSeconds,
                keepAliveProbes,
                segmentOctets);
    }

    /** Returns a copy that probes an idle peer as told; zeros leave the operating system's choice. */
    public SocketOptions withKeepAlive(int idleSeconds, int intervalSeconds, int probes) {
        return new SocketOptions(
                noDelay,
                sendBufferOctets,
                receiveBufferOctets,
                true,
                idleSeconds,
                intervalSeconds,
                probes,
                segmentOctets);
    }

    /** Returns a copy that cuts FPDUs for this segment size. */
    public SocketOptions withSegmentOctets(int octets) {
        return new SocketOptions(
                noDelay,
                sendBufferOctets,
                receiveBufferOctets,
                keepAlive,
                keepAliveIdleSeconds,
                keepAliveIntervalSeconds,
                keepAliveProbes,
                octets);
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " " + value + " must not be negative");
        }
    }
}
