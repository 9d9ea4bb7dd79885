package io.verbena.verbs;

import java.util.Objects;

/**
 * What a shared receive queue is created with. Immutable; {@code with...} methods return changed copies.
 *
 * @param depth receives that it holds at most, waiting or held by queue pairs; 1 to {@link DeviceLimits#maxSharedReceives()}
 * @param maxElements scatter-gather elements of a receive, 1 to {@link DeviceLimits#maxElements()}
 * @param lowWatermark armed from the start: an event when fewer receives than this wait; 0 for none, at most {@code depth}
 * @param limits how many receives each queue pair may hold
 * @param refusal what becomes of a message beyond the limit
 * @param giveBack when a receive no longer counts as held
 * @param bufferManager refills the queue when it falls below the watermark, or null
 * @param tellWhenLow whether the application hears of that, by an event
 * @param receivesPerMessage receives that a message draws at most, one after the other as they are filled; 1 to
 *     {@value #MAX_RECEIVES_PER_MESSAGE}
 */
public record SharedReceiveQueueOptions(
        int depth,
        int maxElements,
        int lowWatermark,
        ReceiveLimits limits,
        ReceiveRefusal refusal,
        GiveBack giveBack,
        BufferManager bufferManager,
        boolean tellWhenLow,
        int receivesPerMessage) {
    /** The largest {@link #receivesPerMessage()}. */
    public static final int MAX_RECEIVES_PER_MESSAGE = 64;

    /** Checks that nothing is missing. */
    public SharedReceiveQueueOptions {
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(giveBack, "giveBack");
    }

    /**
     * Returns useful options: 4 elements a receive, no watermark, no limits, a message beyond a limit drops the connection,
     * receives are given back when their completion is consumed, nobody refills.
     */
    public static SharedReceiveQueueOptions ofDepth(int depth) {
        return new SharedReceiveQueueOptions(
                depth,
                4,
                0,
                ReceiveLimits.none(),
                ReceiveRefusal.DROP_CONNECTION,
                GiveBack.WHEN_CONSUMED,
                null,
                true,
                1);
    }

    /** Returns a copy with this number of scatter-gather elements. */
    public SharedReceiveQueueOptions withMaxElements(int elements) {
        return new SharedReceiveQueueOptions(
                depth,
                elements,
                lowWatermark,
                limits,
                refusal,
                giveBack,
                bufferManager,
                tellWhenLow,
                receivesPerMessage);
    }

    /** Returns a copy with this watermark, armed from the start. */
    public SharedReceiveQueueOptions withLowWatermark(int receives) {
        return new SharedReceiveQueueOptions(
                depth,
                maxElements,
                receives,
                limits,
                refusal,
                giveBack,
                bufferManager,
                tellWhenLow,
                receivesPerMessage);
    }

    /** Returns a copy with other limits. */
    public SharedReceiveQueueOptions withLimits(ReceiveLimits next) {
        return new SharedReceiveQueueOptions(
                depth,
                maxElements,
                lowWatermark,
                next,
                refusal,
                giveBack,
                bufferManager,
                tellWhenLow,
                receivesPerMessage);
    }

    /** Returns a copy with another answer to messages beyond the limit. */
    public SharedReceiveQueueOptions withRefusal(ReceiveRefusal next) {
        return new SharedReceiveQueueOptions(
                depth,
                maxElements,
                lowWatermark,
                limits,
                next,
                giveBack,
                bufferManager,
                tellWhenLow,
                receivesPerMessage);
    }

    /** Returns a copy with another time of giving back. */
    public SharedReceiveQueueOptions withGiveBack(GiveBack next) {
        return new SharedReceiveQueueOptions(
                depth,
                maxElements,
                lowWatermark,
                limits,
                refusal,
                next,
                bufferManager,
                tellWhenLow,
                receivesPerMessage);
    }

    /**
     * Returns a copy that is refilled by {@code manager} below this watermark.
     *
     * @param manager refills the queue
     * @param receives the watermark
     * @param tell whether the application gets the event, too
     */
    public SharedReceiveQueueOptions withBufferManager(BufferManager manager, int receives, boolean tell) {
        return new SharedReceiveQueueOptions(
                depth, maxElements, receives, limits, refusal, giveBack, manager, tell, receivesPerMessage);
    }

    /** Returns a copy whose messages draw as many receives as they fill, at most this many. */
    public SharedReceiveQueueOptions withReceivesPerMessage(int most) {
        return new SharedReceiveQueueOptions(
                depth, maxElements, lowWatermark, limits, refusal, giveBack, bufferManager, tellWhenLow, most);
    }
}
