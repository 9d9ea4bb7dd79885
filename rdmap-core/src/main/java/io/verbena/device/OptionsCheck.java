package io.verbena.device;

import io.verbena.rdmap.LoopResources;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.cm.ListenerOptions;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import java.time.Duration;
import java.util.Objects;

/** Compares what is asked for with the device's limits. */
final class OptionsCheck {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    private OptionsCheck() {}

    /**
     * Checks the options of a queue pair.
     *
     * @throws IllegalArgumentException naming the option, its value and the limit
     */
    static void queuePair(QueuePairOptions options, DeviceLimits limits) {
        require("sendDepth", options.sendDepth(), 1, limits.maxWorkRequests());
        if (options.sharedReceiveQueue() == null) {
            require("receiveDepth", options.receiveDepth(), 1, limits.maxWorkRequests());
            require("maxReceiveElements", options.maxReceiveElements(), 1, limits.maxElements());
        }
        require("receiveWeight", options.receiveWeight(), 1, QueuePairOptions.MAX_RECEIVE_WEIGHT);
        Objects.requireNonNull(options.missingReceive(), "missingReceive");
        if (options.longestPause().compareTo(SHORTEST_PAUSE) < 0
                || options.longestPause().compareTo(LONGEST_PAUSE) > 0) {
            throw new IllegalArgumentException(
                    "longestPause " + options.longestPause() + " must be " + SHORTEST_PAUSE + " to " + LONGEST_PAUSE);
        }
        require("maxSendElements", options.maxSendElements(), 1, limits.maxElements());
        if (options.buffers() != 0) {
            require("buffers", options.buffers(), DeviceLimits.MIN_QUEUE_PAIR_BUFFERS, limits.stagingBuffers());
        }
        if (options.inlineBuffers() != 0) {
            require("inlineBuffers", options.inlineBuffers(), 1, Integer.MAX_VALUE);
        }
        require("maxInlineOctets", options.maxInlineOctets(), 0, limits.maxInlineOctets());
        require("inboundReadDepth", options.inboundReadDepth(), 0, limits.maxInboundReadDepth());
        require("outboundReadDepth", options.outboundReadDepth(), 0, limits.maxOutboundReadDepth());
    }

    /**
     * Checks the options of a shared receive queue.
     *
     * @throws IllegalArgumentException naming the option, its value and the limit
     */
    static void sharedReceiveQueue(SharedReceiveQueueOptions options, DeviceLimits limits) {
        sharedReceiveDepth(options.depth(), limits);
        require("maxElements", options.maxElements(), 1, limits.maxElements());
        require(
                "receivesPerMessage",
                options.receivesPerMessage(),
                1,
                SharedReceiveQueueOptions.MAX_RECEIVES_PER_MESSAGE);
        require("ahead.perQueue", options.ahead().perQueue(), 0, options.depth());
        require("ahead.perQueuePair", options.ahead().perQueuePair(), 0, options.depth());
        require("lowWatermark", options.lowWatermark(), 0, options.depth());
    }

    /** Checks the depth of a shared receive queue. */
    static void sharedReceiveDepth(int depth, DeviceLimits limits) {
        require("depth", depth, 1, limits.maxSharedReceives());
    }

    /**
     * Checks the options of a listener.
     *
     * @throws IllegalArgumentException naming the option, its value and the limit
     */
    static void listener(ListenerOptions options, DeviceLimits limits) {
        require("maxPending", options.maxPending(), 1, limits.maxPendingConnections());
    }

    /** Checks the options of a listener for plain streams. */
    static void listener(PlainStreamListenerOptions options, DeviceLimits limits) {
        require("maxWaiting", options.maxWaiting(), 1, limits.maxPendingConnections());
    }

    /** Checks that every loop can get the staging buffers without which it makes no progress. */
    static void staging(DeviceLimits limits, int loops) {
        requireForLoops("stagingBuffers", limits.stagingBuffers(), LoopResources.BUFFERS_PER_LOOP, loops);
        requireForLoops("transmitBuffers", limits.transmitBuffers(), LoopResources.BUFFERS_PER_TYPE, loops);
        requireForLoops("receiveBuffers", limits.receiveBuffers(), LoopResources.BUFFERS_PER_TYPE, loops);
    }

    private static void requireForLoops(String name, int value, int each, int loops) {
        if (value < loops * each) {
            throw new IllegalArgumentException(name + " " + value + " must be at least " + loops * each + ": " + each
                    + " for each of " + loops + " event loops");
        }
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + " must be " + least + " to " + most);
        }
    }
}
