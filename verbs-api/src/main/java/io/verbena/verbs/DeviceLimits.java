package io.verbena.verbs;

/**
 * The largest values a device allows; all can be chosen when it is opened.
 *
 * @param maxQueuePairs queue pairs
 * @param maxCompletionQueues completion queues
 * @param maxCompletionQueueEntries entries of a completion queue
 * @param maxProtectionDomains protection domains
 * @param maxRegions memory regions
 * @param maxWindows memory windows
 * @param maxPageListEntries pages that a region allocated without memory can have room for
 * @param maxWorkRequests slots of a send or receive queue
 * @param maxSharedReceiveQueues shared receive queues
 * @param maxSharedReceives depth of a shared receive queue
 * @param maxElements scatter-gather elements of a Send, Write or receive (a Read has exactly one)
 * @param maxInlineOctets inline octets of a request
 * @param maxInboundReadDepth inbound Reads outstanding of a queue pair (IRD)
 * @param maxOutboundReadDepth own Reads outstanding of a queue pair (ORD)
 * @param maxPendingConnections accepted TCP connections whose startup is not finished, per listener
 * @param maxPlainStreams TCP connections in streaming mode, before or without MPA
 * @param stagingBufferOctets size of a buffer of the adapter's pool
 * @param stagingBuffers buffers in the adapter's pool
 * @param directPages regions of at most so many pages get direct translation
 * @param firstOrderPages regions of at most so many pages get first-order indirect translation, larger ones second-order
 */
public record DeviceLimits(
        int maxQueuePairs,
        int maxCompletionQueues,
        int maxCompletionQueueEntries,
        int maxProtectionDomains,
        int maxRegions,
        int maxWindows,
        int maxPageListEntries,
        int maxWorkRequests,
        int maxSharedReceiveQueues,
        int maxSharedReceives,
        int maxElements,
        int maxInlineOctets,
        int maxInboundReadDepth,
        int maxOutboundReadDepth,
        int maxPendingConnections,
        int maxPlainStreams,
        int stagingBufferOctets,
        int stagingBuffers,
        int directPages,
        int firstOrderPages) {
    /** The largest IRD or ORD that the wire can carry: 14 bits, all ones meaning something else (RFC 6581 section 9.1). */
    public static final int MAX_WIRE_READ_DEPTH = 0x3FFE;

    /** The smallest staging buffer: the largest FPDU with its markers, rounded up. */
    public static final int MIN_STAGING_BUFFER_OCTETS = 68 * 1024;

    /** Checks the ranges. */
    public DeviceLimits {
        requirePositive("maxQueuePairs", maxQueuePairs);
        requirePositive("maxCompletionQueues", maxCompletionQueues);
        requirePositive("maxCompletionQueueEntries", maxCompletionQueueEntries);
        requirePositive("maxProtectionDomains", maxProtectionDomains);
        requirePositive("maxRegions", maxRegions);
        requirePositive("maxWindows", maxWindows);
        requirePositive("maxPageListEntries", maxPageListEntries);
        requirePositive("maxWorkRequests", maxWorkRequests);
        requirePositive("maxSharedReceiveQueues", maxSharedReceiveQueues);
        requirePositive("maxSharedReceives", maxSharedReceives);
        requirePositive("maxElements", maxElements);
        requirePositive("maxInlineOctets", maxInlineOctets);
        requirePositive("maxPendingConnections", maxPendingConnections);
        requirePositive("maxPlainStreams", maxPlainStreams);
        requirePositive("stagingBuffers", stagingBuffers);
        requirePositive("directPages", directPages);
        requirePositive("firstOrderPages", firstOrderPages);
        if ((long) maxRegions + maxWindows > STag.MAX_INDEX) {
            throw new IllegalArgumentException("maxRegions " + maxRegions + " and maxWindows " + maxWindows
                    + " must together be at most " + STag.MAX_INDEX);
        }
        if (stagingBufferOctets < MIN_STAGING_BUFFER_OCTETS) {
            throw new IllegalArgumentException(
                    "stagingBufferOctets " + stagingBufferOctets + " must be at least " + MIN_STAGING_BUFFER_OCTETS);
        }
        if (firstOrderPages < directPages) {
            throw new IllegalArgumentException(
                    "firstOrderPages " + firstOrderPages + " must not be below directPages " + directPages);
        }
        requireDepth("maxInboundReadDepth", maxInboundReadDepth);
        requireDepth("maxOutboundReadDepth", maxOutboundReadDepth);
    }

    /** Returns the limits of a device opened without any wish. */
    public static DeviceLimits defaults() {
        return new DeviceLimits(
                65_536,
                65_536,
                1 << 22,
                65_536,
                1 << 20,
                1 << 20,
                1 << 20,
                32_768,
                65_536,
                1 << 20,
                16,
                4096,
                1024,
                1024,
                1024,
                16_384,
                128 * 1024,
                4096,
                512,
                512 * 512);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + " must be at least 1");
        }
    }

    private static void requireDepth(String name, int value) {
        if (value < 1 || value > MAX_WIRE_READ_DEPTH) {
            throw new IllegalArgumentException(name + " " + value + " must be 1 to " + MAX_WIRE_READ_DEPTH);
        }
    }
}
