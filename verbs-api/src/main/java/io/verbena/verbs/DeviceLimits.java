package io.verbena.verbs;

import java.util.function.Consumer;

/**
 * The largest values a device allows; all can be chosen when it is opened. Immutable; {@code with...} methods return changed
 * copies.
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
 * @param transmitBuffers buffers of these that can be in use for octets on their way out; three for each event loop
 *     are left for what arrives, whatever this says
 * @param receiveBuffers buffers of these that can be in use for octets that have arrived; three for each event loop
 *     are left for what leaves, whatever this says
 * @param queuePairBuffers buffers that a queue pair may have, unless its options say otherwise
 * @param queuePairInlineBuffers small buffers that a queue pair may have for inline data, unless its options say otherwise
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
        int transmitBuffers,
        int receiveBuffers,
        int queuePairBuffers,
        int queuePairInlineBuffers,
        int directPages,
        int firstOrderPages) {
    /** The largest IRD or ORD that the wire can carry: 14 bits, all ones meaning something else (RFC 6581 section 9.1). */
    public static final int MAX_WIRE_READ_DEPTH = 0x3FFE;

    /** The smallest staging buffer: the largest FPDU with its markers, rounded up. */
    public static final int MIN_STAGING_BUFFER_OCTETS = 68 * 1024;

    /** The smallest number of buffers that a queue pair may have: one to receive with, and one to send with. */
    public static final int MIN_QUEUE_PAIR_BUFFERS = 2;

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
        requirePositive("transmitBuffers", transmitBuffers);
        requirePositive("receiveBuffers", receiveBuffers);
        requirePositive("queuePairInlineBuffers", queuePairInlineBuffers);
        if (queuePairBuffers < MIN_QUEUE_PAIR_BUFFERS) {
            throw new IllegalArgumentException(
                    "queuePairBuffers " + queuePairBuffers + " must be at least " + MIN_QUEUE_PAIR_BUFFERS);
        }
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
        if (maxInlineOctets > stagingBufferOctets) {
            throw new IllegalArgumentException("maxInlineOctets " + maxInlineOctets
                    + " must not exceed stagingBufferOctets " + stagingBufferOctets);
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
                3072,
                3072,
                8,
                256,
                512,
                512 * 512);
    }

    /** Returns a copy with another {@link #maxQueuePairs()}. */
    public DeviceLimits withMaxQueuePairs(int value) {
        return with(change -> change.maxQueuePairs = value);
    }

    /** Returns a copy with another {@link #maxCompletionQueues()}. */
    public DeviceLimits withMaxCompletionQueues(int value) {
        return with(change -> change.maxCompletionQueues = value);
    }

    /** Returns a copy with another {@link #maxCompletionQueueEntries()}. */
    public DeviceLimits withMaxCompletionQueueEntries(int value) {
        return with(change -> change.maxCompletionQueueEntries = value);
    }

    /** Returns a copy with another {@link #maxProtectionDomains()}. */
    public DeviceLimits withMaxProtectionDomains(int value) {
        return with(change -> change.maxProtectionDomains = value);
    }

    /** Returns a copy with another {@link #maxRegions()}. */
    public DeviceLimits withMaxRegions(int value) {
        return with(change -> change.maxRegions = value);
    }

    /** Returns a copy with another {@link #maxWindows()}. */
    public DeviceLimits withMaxWindows(int value) {
        return with(change -> change.maxWindows = value);
    }

    /** Returns a copy with another {@link #maxPageListEntries()}. */
    public DeviceLimits withMaxPageListEntries(int value) {
        return with(change -> change.maxPageListEntries = value);
    }

    /** Returns a copy with another {@link #maxWorkRequests()}. */
    public DeviceLimits withMaxWorkRequests(int value) {
        return with(change -> change.maxWorkRequests = value);
    }

    /** Returns a copy with another {@link #maxSharedReceiveQueues()}. */
    public DeviceLimits withMaxSharedReceiveQueues(int value) {
        return with(change -> change.maxSharedReceiveQueues = value);
    }

    /** Returns a copy with another {@link #maxSharedReceives()}. */
    public DeviceLimits withMaxSharedReceives(int value) {
        return with(change -> change.maxSharedReceives = value);
    }

    /** Returns a copy with another {@link #maxElements()}. */
    public DeviceLimits withMaxElements(int value) {
        return with(change -> change.maxElements = value);
    }

    /** Returns a copy with another {@link #maxInlineOctets()}. */
    public DeviceLimits withMaxInlineOctets(int value) {
        return with(change -> change.maxInlineOctets = value);
    }

    /** Returns a copy with another {@link #maxInboundReadDepth()}. */
    public DeviceLimits withMaxInboundReadDepth(int value) {
        return with(change -> change.maxInboundReadDepth = value);
    }

    /** Returns a copy with another {@link #maxOutboundReadDepth()}. */
    public DeviceLimits withMaxOutboundReadDepth(int value) {
        return with(change -> change.maxOutboundReadDepth = value);
    }

    /** Returns a copy with another {@link #maxPendingConnections()}. */
    public DeviceLimits withMaxPendingConnections(int value) {
        return with(change -> change.maxPendingConnections = value);
    }

    /** Returns a copy with another {@link #maxPlainStreams()}. */
    public DeviceLimits withMaxPlainStreams(int value) {
        return with(change -> change.maxPlainStreams = value);
    }

    /** Returns a copy with another {@link #stagingBufferOctets()}. */
    public DeviceLimits withStagingBufferOctets(int value) {
        return with(change -> change.stagingBufferOctets = value);
    }

    /** Returns a copy with another {@link #stagingBuffers()}. */
    public DeviceLimits withStagingBuffers(int value) {
        return with(change -> change.stagingBuffers = value);
    }

    /** Returns a copy with another {@link #transmitBuffers()}. */
    public DeviceLimits withTransmitBuffers(int value) {
        return with(change -> change.transmitBuffers = value);
    }

    /** Returns a copy with another {@link #receiveBuffers()}. */
    public DeviceLimits withReceiveBuffers(int value) {
        return with(change -> change.receiveBuffers = value);
    }

    /** Returns a copy with another {@link #queuePairBuffers()}. */
    public DeviceLimits withQueuePairBuffers(int value) {
        return with(change -> change.queuePairBuffers = value);
    }

    /** Returns a copy with another {@link #queuePairInlineBuffers()}. */
    public DeviceLimits withQueuePairInlineBuffers(int value) {
        return with(change -> change.queuePairInlineBuffers = value);
    }

    /** Returns a copy with another {@link #directPages()}. */
    public DeviceLimits withDirectPages(int value) {
        return with(change -> change.directPages = value);
    }

    /** Returns a copy with another {@link #firstOrderPages()}. */
    public DeviceLimits withFirstOrderPages(int value) {
        return with(change -> change.firstOrderPages = value);
    }

    private DeviceLimits with(Consumer<Change> wish) {
        Change change = new Change(this);
        wish.accept(change);
        return new DeviceLimits(
                change.maxQueuePairs,
                change.maxCompletionQueues,
                change.maxCompletionQueueEntries,
                change.maxProtectionDomains,
                change.maxRegions,
                change.maxWindows,
                change.maxPageListEntries,
                change.maxWorkRequests,
                change.maxSharedReceiveQueues,
                change.maxSharedReceives,
                change.maxElements,
                change.maxInlineOctets,
                change.maxInboundReadDepth,
                change.maxOutboundReadDepth,
                change.maxPendingConnections,
                change.maxPlainStreams,
                change.stagingBufferOctets,
                change.stagingBuffers,
                change.transmitBuffers,
                change.receiveBuffers,
                change.queuePairBuffers,
                change.queuePairInlineBuffers,
                change.directPages,
                change.firstOrderPages);
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

    /** What a changed copy is made from. */
    private static final class Change {
        private int maxQueuePairs;
        private int maxCompletionQueues;
        private int maxCompletionQueueEntries;
        private int maxProtectionDomains;
        private int maxRegions;
        private int maxWindows;
        private int maxPageListEntries;
        private int maxWorkRequests;
        private int maxSharedReceiveQueues;
        private int maxSharedReceives;
        private int maxElements;
        private int maxInlineOctets;
        private int maxInboundReadDepth;
        private int maxOutboundReadDepth;
        private int maxPendingConnections;
        private int maxPlainStreams;
        private int stagingBufferOctets;
        private int stagingBuffers;
        private int transmitBuffers;
        private int receiveBuffers;
        private int queuePairBuffers;
        private int queuePairInlineBuffers;
        private int directPages;
        private int firstOrderPages;

        Change(DeviceLimits from) {
            maxQueuePairs = from.maxQueuePairs;
            maxCompletionQueues = from.maxCompletionQueues;
            maxCompletionQueueEntries = from.maxCompletionQueueEntries;
            maxProtectionDomains = from.maxProtectionDomains;
            maxRegions = from.maxRegions;
            maxWindows = from.maxWindows;
            maxPageListEntries = from.maxPageListEntries;
            maxWorkRequests = from.maxWorkRequests;
            maxSharedReceiveQueues = from.maxSharedReceiveQueues;
            maxSharedReceives = from.maxSharedReceives;
            maxElements = from.maxElements;
            maxInlineOctets = from.maxInlineOctets;
            maxInboundReadDepth = from.maxInboundReadDepth;
            maxOutboundReadDepth = from.maxOutboundReadDepth;
            maxPendingConnections = from.maxPendingConnections;
            maxPlainStreams = from.maxPlainStreams;
            stagingBufferOctets = from.stagingBufferOctets;
            stagingBuffers = from.stagingBuffers;
            transmitBuffers = from.transmitBuffers;
            receiveBuffers = from.receiveBuffers;
            queuePairBuffers = from.queuePairBuffers;
            queuePairInlineBuffers = from.queuePairInlineBuffers;
            directPages = from.directPages;
            firstOrderPages = from.firstOrderPages;
        }
    }
}
