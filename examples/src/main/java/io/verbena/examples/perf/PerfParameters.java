package io.verbena.examples.perf;

import io.verbena.examples.command.OctetCount;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.cm.ConnectionParameters;
import java.nio.ByteBuffer;

/**
 * All that a server has to know of a test: the private data of the client's control connection.
 *
 * <p>On the wire, big-endian: the letters VPF (3), version (1), operation (1), measure (1), flags (1: bidirectional 1, driven 2, CRC
 * 4, markers 8, eager 16), zero (1), then four octets each for depth, queuePairs, batch, signalEvery, inlineOctets,
 * outstandingReads, eventLoops, and eight each for largestOctets, shareOctets, warmUpNanos, lengthNanos, iterations.
 *
 * @param operation what is measured
 * @param measure which figure of it
 * @param bidirectional whether the server sends as well (bandwidth only)
 * @param driven whether each end's one thread drives its device, or the devices run in the background
 * @param crc whether CRC shall be in force
 * @param markers whether both ends ask for markers
 * @param eager whether payload is placed before its CRC was looked at
 * @param depth requests that a queue pair may have outstanding
 * @param queuePairs how many, each with a connection of its own
 * @param batch requests posted with one doorbell
 * @param signalEvery every so many requests one is signaled; with {@code batch} at most {@code depth} + 1
 * @param inlineOctets messages up to so many octets are posted inline
 * @param outstandingReads Reads that a queue pair may have under way (ORD and IRD)
 * @param eventLoops loops of a background device, 0 for the device's choice
 * @param largestOctets the largest message of the test
 * @param shareOctets what a queue pair has to walk through, in each direction
 * @param warmUpNanos what runs before the clock, in nanoseconds
 * @param length how long a round is
 */
record PerfParameters(
        PerfOperation operation,
        PerfMeasure measure,
        boolean bidirectional,
        boolean driven,
        boolean crc,
        boolean markers,
        boolean eager,
        int depth,
        int queuePairs,
        int batch,
        int signalEvery,
        int inlineOctets,
        int outstandingReads,
        int eventLoops,
        long largestOctets,
        long shareOctets,
        long warmUpNanos,
        RunLength length) {
    /** Version of the private data and of the messages. */
    static final int VERSION = 1;

    static final int ENCODED_OCTETS = 76;

    /** The most memory of an end: one buffer. */
    static final long MAX_MEMORY_OCTETS = 1L << 30;

    static final int MAX_QUEUE_PAIRS = 4096;
    static final int MAX_DEPTH = 8192;
    static final int MAX_INLINE_OCTETS = 4096;
    static final int MAX_OUTSTANDING_READS = 1024;
    static final int MAX_EVENT_LOOPS = 256;
    static final int MAX_ITERATIONS = 1_000_000_000;
    static final int MAX_SECONDS = 86_400;

    /** Completions of all queue pairs together. */
    static final int MAX_COMPLETIONS = 1 << 22;

    /** Places on a send queue beside those for messages: credits, and the Read that ends a run. */
    static final int SPARE_SENDS = 17;

    /** Receives beside those for messages: they are for credits, of which at most five are on their way. */
    static final int SPARE_RECEIVES = 8;

    private static final int LEAST_WINDOW = 8;
    private static final int MAGIC = 'V' << 24 | 'P' << 16 | 'F' << 8;
    private static final int BIDIRECTIONAL = 1;
    private static final int DRIVEN = 2;
    private static final int CRC = 4;
    private static final int MARKERS = 8;
    private static final int EAGER = 16;

    byte[] encode() {
        int flags = (bidirectional ? BIDIRECTIONAL : 0)
                | (driven ? DRIVEN : 0)
                | (crc ? CRC : 0)
                | (markers ? MARKERS : 0)
                | (eager ? EAGER : 0);
        return ByteBuffer.allocate(ENCODED_OCTETS)
                .putInt(greeting())
                .put((byte) operation.ordinal())
                .put((byte) measure.ordinal())
                .put((byte) flags)
                .put((byte) 0)
                .putInt(depth)
                .putInt(queuePairs)
                .putInt(batch)
                .putInt(signalEvery)
                .putInt(inlineOctets)
                .putInt(outstandingReads)
                .putInt(eventLoops)
                .putLong(largestOctets)
                .putLong(shareOctets)
                .putLong(warmUpNanos)
                .putLong(length.nanos())
                .putLong(length.iterations())
                .array();
    }

    /** Returns the four octets that all private data of this program begins with: letters and version. */
    static int greeting() {
        return MAGIC | VERSION;
    }

    /**
     * Says why {@code privateData} is not of this program in this version.
     *
     * @param who who sent it
     * @return one sentence, or null if it is
     */
    static String foreign(byte[] privateData, String who) {
        int first = privateData.length < Integer.BYTES
                ? 0
                : ByteBuffer.wrap(privateData).getInt();
        if ((first & ~0xFF) != MAGIC) {
            return who + " does not speak the protocol of 'verbena perf'";
        }
        return first == greeting()
                ? null
                : who + " speaks version " + (first & 0xFF) + " of 'verbena perf', this end version " + VERSION;
    }

    /**
     * Reads the private data of a client.
     *
     * @throws IllegalArgumentException saying in one sentence what cannot be done
     */
    static PerfParameters decode(byte[] privateData) {
        String foreign = foreign(privateData, "the client");
        if (foreign != null) {
            throw new IllegalArgumentException(foreign);
        }
        if (privateData.length != ENCODED_OCTETS) {
            throw new IllegalArgumentException(
                    "parameters of " + privateData.length + " octets arrived where " + ENCODED_OCTETS + " belong");
        }
        ByteBuffer octets = ByteBuffer.wrap(privateData, Integer.BYTES, ENCODED_OCTETS - Integer.BYTES);
        PerfOperation operation = row(PerfOperation.values(), octets.get(), "operation");
        PerfMeasure measure = row(PerfMeasure.values(), octets.get(), "measure");
        int flags = octets.get() & 0xFF;
        if (flags > (BIDIRECTIONAL | DRIVEN | CRC | MARKERS | EAGER) || octets.get() != 0) {
            throw new IllegalArgumentException("the client asks for something that version " + VERSION
                    + " of 'verbena perf' does not have (flags 0x" + Integer.toHexString(flags) + ")");
        }
        PerfParameters parameters = new PerfParameters(
                operation,
                measure,
                (flags & BIDIRECTIONAL) != 0,
                (flags & DRIVEN) != 0,
                (flags & CRC) != 0,
                (flags & MARKERS) != 0,
                (flags & EAGER) != 0,
                octets.getInt(),
                octets.getInt(),
                octets.getInt(),
                octets.getInt(),
                octets.getInt(),
                octets.getInt(),
                octets.getInt(),
                octets.getLong(),
                octets.getLong(),
                octets.getLong(),
                new RunLength(octets.getLong(), octets.getLong()));
        String objection = parameters.objection();
        if (objection != null) {
            throw new IllegalArgumentException(objection);
        }
        return parameters;
    }

    private static <E> E row(E[] rows, byte number, String what) {
        if (number < 0 || number >= rows.length) {
            throw new IllegalArgumentException("there is no " + what + " number " + number);
        }
        return rows[number];
    }

    /** Says in one sentence why no end can run this, or returns null. */
    String objection() {
        String range = firstOutOfRange();
        if (range != null) {
            return range;
        }
        if (batch > depth) {
            return "--batch " + batch + " must be at most --depth " + depth;
        }
        if (signalEvery > depth + 1 - batch) {
            return "--signal-every " + signalEvery + " must be at most --depth + 1 - --batch (" + (depth + 1 - batch)
                    + "), or the queue never has room for a batch";
        }
        if (length.nanos() == 0 == (length.iterations() == 0)) {
            return "a run has a time or a number of iterations, and not both";
        }
        if (measure == PerfMeasure.LATENCY && (bidirectional || queuePairs > 1 || batch > 1)) {
            return "latency is that of one message at a time: no --bidirectional, --queue-pairs 1, --batch 1";
        }
        if (operation == PerfOperation.READ && inlineOctets > 0) {
            return "a Read has nothing to send inline: leave --inline away";
        }
        if (eager && !crc) {
            return "--placement eager means something with CRC only";
        }
        if (memoryOctets() > MAX_MEMORY_OCTETS) {
            return "the test needs " + OctetCount.words(memoryOctets()) + " of memory at each end ("
                    + OctetCount.words(shareOctets) + " for each queue pair and direction), and "
                    + OctetCount.words(MAX_MEMORY_OCTETS) + " is the most";
        }
        if (completions() > MAX_COMPLETIONS) {
            return "--queue-pairs " + queuePairs + " of --depth " + depth + " are " + completions()
                    + " requests in all, and " + MAX_COMPLETIONS + " is the most";
        }
        return null;
    }

    private String firstOutOfRange() {
        Object[][] ranges = {
            {"--depth", (long) depth, 1L, (long) MAX_DEPTH},
            {"--queue-pairs", (long) queuePairs, 1L, (long) MAX_QUEUE_PAIRS},
            {"--batch", (long) batch, 1L, (long) MAX_DEPTH},
            {"--signal-every", (long) signalEvery, 1L, (long) MAX_DEPTH},
            {"--inline", (long) inlineOctets, 0L, (long) MAX_INLINE_OCTETS},
            {"--outstanding-reads", (long) outstandingReads, 1L, (long) MAX_OUTSTANDING_READS},
            {"--event-loops", (long) eventLoops, 0L, (long) MAX_EVENT_LOOPS},
            {"--size", largestOctets, 1L, MAX_MEMORY_OCTETS / 2},
            {"--region", shareOctets, largestOctets, MAX_MEMORY_OCTETS / 2},
            {"the nanoseconds of --warm-up", warmUpNanos, 0L, MAX_SECONDS * 1_000_000_000L},
            {"the nanoseconds of --seconds", length.nanos(), 0L, MAX_SECONDS * 1_000_000_000L},
            {"--iterations", length.iterations(), 0L, (long) MAX_ITERATIONS}
        };
        for (Object[] range : ranges) {
            long value = (long) range[1];
            if (value < (long) range[2] || value > (long) range[3]) {
                return range[0] + " " + value + " must be " + range[2] + " to " + range[3];
            }
        }
        return null;
    }

    /** Returns the octets of an end's buffer: half to send from, half to receive into. */
    long memoryOctets() {
        return 2 * shareOctets * queuePairs;
    }

    /** Returns the Sends that the peer may have on their way without hearing of new receives. */
    int window() {
        return Math.max(LEAST_WINDOW, 2 * depth);
    }

    int sendDepth() {
        return depth + SPARE_SENDS;
    }

    int receiveDepth() {
        return operation == PerfOperation.SEND ? window() + SPARE_RECEIVES : SPARE_RECEIVES;
    }

    /** Returns how many completions there can be at once, at each end. */
    long completions() {
        return (long) queuePairs * (sendDepth() + receiveDepth());
    }

    /** Returns {@code base} with CRC, markers and placement of this test. */
    ConnectionParameters wire(ConnectionParameters base) {
        return base.withCrc(crc)
                .withMarkers(markers)
                .withPlacement(eager ? PlacementMode.EAGER : PlacementMode.VALIDATED);
    }
}
