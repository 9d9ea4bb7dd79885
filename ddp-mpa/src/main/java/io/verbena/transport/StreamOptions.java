package io.verbena.transport;

/**
 * Options of a TCP connection, or of the connections a listener accepts.
 *
 * @param noDelay whether Nagle's algorithm is off (default true: RDMA messages are not held back)
 * @param sendBufferOctets size of the socket's send buffer, 0 for the operating system's choice
 * @param receiveBufferOctets size of the socket's receive buffer, 0 for the operating system's choice
 * @param keepAlive whether TCP probes an idle peer (default true)
 * @param keepAliveIdleSeconds idle seconds before the first probe, 0 for the operating system's choice
 * @param keepAliveIntervalSeconds seconds between probes, 0 for the operating system's choice
 * @param keepAliveProbes unanswered probes before the connection counts as lost, 0 for the operating system's choice
 * @param segmentOctets the effective maximum segment size to go by (RFC 5044 section 2), 0 to derive it from the path
 * @param connectTimeoutNs how long a connection attempt may take, in nanoseconds
 * @param backlog how many connections may wait to be accepted by a listener
 */
public record StreamOptions(
        boolean noDelay,
        int sendBufferOctets,
        int receiveBufferOctets,
        boolean keepAlive,
        int keepAliveIdleSeconds,
        int keepAliveIntervalSeconds,
        int keepAliveProbes,
        int segmentOctets,
        long connectTimeoutNs,
        int backlog) {
    /** The smallest {@code segmentOctets} that can be asked for: MULPDU never goes below 128 (RFC 5044 section 3). */
    public static final int MIN_SEGMENT_OCTETS = 128;

    /** Checks the ranges. */
    public StreamOptions {
        requireNotNegative("sendBufferOctets", sendBufferOctets);
        requireNotNegative("receiveBufferOctets", receiveBufferOctets);
        requireNotNegative("keepAliveIdleSeconds", keepAliveIdleSeconds);
        requireNotNegative("keepAliveIntervalSeconds", keepAliveIntervalSeconds);
        requireNotNegative("keepAliveProbes", keepAliveProbes);
        if (segmentOctets != 0 && (segmentOctets < MIN_SEGMENT_OCTETS || segmentOctets > 65535)) {
            throw new IllegalArgumentException(
                    "segmentOctets " + segmentOctets + " must be 0 (derive), or " + MIN_SEGMENT_OCTETS + " to 65535");
        }
        if (connectTimeoutNs <= 0) {
            throw new IllegalArgumentException("connectTimeoutNs " + connectTimeoutNs + " must be above 0");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog " + backlog + " must be at least 1");
        }
    }

    /** Returns the options that suit most: no delay, keep-alive, 10 seconds to connect, a backlog of 1024. */
    public static StreamOptions defaults() {
        return new StreamOptions(true, 0, 0, true, 0, 0, 0, 0, 10_000_000_000L, 1024);
    }

    private static void requireNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " " + value + " must not be negative");
        }
    }
}
