package io.verbena.testkit.cost;

import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import java.nio.ByteBuffer;

/**
 * What passed between the stack and TCP on all streams of the devices opened here.
 *
 * <p>Octets of registered memory are told from those of staging buffers by the capacity of the buffer that they were in: so
 * each region has the capacity given here, which no buffer of the pool has.
 *
 * <p>Thread rule: one thread, which drives the devices. Counting allocates nothing.
 */
final class TransferCounts {
    private static final ThreadLocal<TransferCounts> OPENING = new ThreadLocal<>();

    private final int regionOctets;

    /** Writes that moved octets. */
    long writes;

    /** Reads that moved octets. */
    long reads;

    /** Octets written. */
    long written;

    /** Octets read. */
    long read;

    /** Octets of those written that lay in registered memory. */
    long gathered;

    /** Octets of those read that went to registered memory. */
    long steered;

    TransferCounts(int regionOctets) {
        this.regionOctets = regionOctets;
    }

    /** Opens a device whose streams are counted here. */
    Device open(DeviceOptions options) {
        OPENING.set(this);
        try {
            return Device.open(options.withTransport(CountingTransportProvider.NAME));
        } finally {
            OPENING.remove();
        }
    }

    /** Returns the counts of the device that the calling thread is opening. */
    static TransferCounts ofOpening() {
        TransferCounts counts = OPENING.get();
        if (counts == null) {
            throw new IllegalStateException("a device with a counting transport is opened with TransferCounts.open");
        }
        return counts;
    }

    /** Returns whether the octets of {@code borrowed} are registered memory. */
    boolean registered(ByteBuffer borrowed) {
        return borrowed.capacity() == regionOctets;
    }

    /** Returns whether everything that was written has been read. */
    boolean settled() {
        return written == read;
    }

    void clear() {
        writes = 0;
        reads = 0;
        written = 0;
        read = 0;
        gathered = 0;
        steered = 0;
    }
}
