package io.verbena.memory;

import io.verbena.verbs.DeviceLimits;

/**
 * How large an {@link AdapterBufferPool} is.
 *
 * @param bufferOctets size of each buffer
 * @param smallOctets size of the parts that a buffer is split into, at most {@code bufferOctets}
 * @param buffers the most buffers there will be
 * @param transmitBuffers the most of them that are out for octets on their way out
 * @param receiveBuffers the most of them that are out for octets that have arrived
 * @param framingBuffers how many of {@code transmitBuffers} are not split for inline data, so that it can be framed
 */
public record PoolSizes(
        int bufferOctets, int smallOctets, int buffers, int transmitBuffers, int receiveBuffers, int framingBuffers) {
    /** The smallest small buffer. */
    private static final int MIN_SMALL_OCTETS = 4096;

    /** Checks the ranges. */
    public PoolSizes {
        if (bufferOctets < 1 || buffers < 1) {
            throw new IllegalArgumentException(
                    buffers + " buffers of " + bufferOctets + " octets: both must be at least 1");
        }
        if (smallOctets < 1 || smallOctets > bufferOctets) {
            throw new IllegalArgumentException(
                    "small buffers of " + smallOctets + " octets must have 1 to " + bufferOctets);
        }
        if (transmitBuffers < 1 || receiveBuffers < 1) {
            throw new IllegalArgumentException(
                    transmitBuffers + " transmit and " + receiveBuffers + " receive buffers: both must be at least 1");
        }
    }

    /** Returns a pool of {@code buffers} buffers, all of which can be out for either direction. */
    public static PoolSizes of(int bufferOctets, int buffers) {
        return new PoolSizes(bufferOctets, Math.min(bufferOctets, MIN_SMALL_OCTETS), buffers, buffers, buffers, 0);
    }

    /**
     * Returns the sizes that {@code limits} ask for. Each type leaves {@code kept} buffers to the other, whatever the limits
     * say: if octets on their way out could take all, two devices that send to each other could both wait for the other to
     * receive.
     *
     * @param framing buffers that are not split for inline data
     */
    public static PoolSizes of(DeviceLimits limits, int kept, int framing) {
        return new PoolSizes(
                limits.stagingBufferOctets(),
                Math.max(MIN_SMALL_OCTETS, limits.maxInlineOctets()),
                limits.stagingBuffers(),
                Math.min(limits.transmitBuffers(), limits.stagingBuffers() - kept),
                Math.min(limits.receiveBuffers(), limits.stagingBuffers() - kept),
                framing);
    }

    /** Returns how many small buffers one buffer is split into. */
    int partsOfABuffer() {
        return bufferOctets / smallOctets;
    }
}
