package io.verbena.verbs;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a shared receive queue is created with. Immutable; {@code with...} methods return changed copies.
 *
 * @param depth receives that it holds at most: those that wait, and those that queue pairs hold
 * @param maxElements scatter-gather elements of a receive
 * @param lowWatermark an event when fewer receives than this wait; 0 for none
 * @param limits sets the limit of each queue pair
 * @param refusal what becomes of a message whose queue pair is at its limit
 * @param giveBack when a receive no longer counts as held
 * @param bufferManager refills the queue when it falls below the watermark, or null
 * @param tellWhenLow whether the application hears of that, by an event
 * @param receivesPerMessage receives that a message draws at most, one after the other as they are filled; 1 to
 *     {@value #MAX_RECEIVES_PER_MESSAGE}
 * @param otherDomains whether queue pairs of other protection domains than the queue's may use it
 * @param ahead how many receives may be held by messages that have arrived ahead of order. With more than one receive for a
 *     message none are: where such a message ends is not known before its turn
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
        int receivesPerMessage,
        boolean otherDomains,
        AheadReceives ahead) {
    /** The largest {@link #receivesPerMessage()}. */
    public static final int MAX_RECEIVES_PER_MESSAGE = 64;

    /** Checks that nothing is missing. */
    public SharedReceiveQueueOptions {
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(giveBack, "giveBack");
        Objects.requireNonNull(ahead, "ahead");
    }

    /**
     * Returns useful options: one receive for each message, no limits, no watermark, a message beyond a limit ends its
     * connection, receives are given back when their completion is consumed, queue pairs of the queue's domain alone.
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
                1,
                false,
                AheadReceives.none());
    }

    /** Returns a copy with this number of scatter-gather elements. */
    public SharedReceiveQueueOptions withMaxElements(int elements) {
        return with(change -> change.maxElements = elements);
    }

    /** Returns a copy with this watermark, armed from the start. */
    public SharedReceiveQueueOptions withLowWatermark(int receives) {
        return with(change -> change.lowWatermark = receives);
    }

    /** Returns a copy with other limits. */
    public SharedReceiveQueueOptions withLimits(ReceiveLimits next) {
        return with(change -> change.limits = next);
    }

    /** Returns a copy with another answer to messages beyond the limit. */
    public SharedReceiveQueueOptions withRefusal(ReceiveRefusal next) {
        return with(change -> change.refusal = next);
    }

    /** Returns a copy with another time of giving back. */
    public SharedReceiveQueueOptions withGiveBack(GiveBack next) {
        return with(change -> change.giveBack = next);
    }

    /**
     * Returns a copy that a buffer manager refills: it is called when fewer than {@code receives} wait, on the device's thread
     * of asynchronous events, and the watermark is armed again when it returns.
     *
     * @param manager posts receives
     * @param tell whether the application gets the event, too
     */
    public SharedReceiveQueueOptions withBufferManager(BufferManager manager, int receives, boolean tell) {
        return with(change -> {
            change.bufferManager = manager;
            change.lowWatermark = receives;
            change.tellWhenLow = tell;
        });
    }

    /** Returns a copy whose messages draw as many receives as they fill, at most this many. */
    public SharedReceiveQueueOptions withReceivesPerMessage(int most) {
        return with(change -> change.receivesPerMessage = most);
    }

    /**
     * Returns a copy that queue pairs of other protection domains may use, too. Memory of receives has to be of the queue's
     * domain all the same (VRB-PD-02), and an STag that a peer asks to invalidate of the queue pair's (VRB-PD-05).
     */
    public SharedReceiveQueueOptions withOtherDomains() {
        return with(change -> change.otherDomains = true);
    }

    /** Returns a copy with other caps for messages that arrive ahead of order. */
    public SharedReceiveQueueOptions withAhead(AheadReceives caps) {
        return with(change -> change.ahead = caps);
    }

    private SharedReceiveQueueOptions with(Consumer<Change> wish) {
        Change change = new Change(this);
        wish.accept(change);
        return new SharedReceiveQueueOptions(
                depth,
                change.maxElements,
                change.lowWatermark,
                change.limits,
                change.refusal,
                change.giveBack,
                change.bufferManager,
                change.tellWhenLow,
                change.receivesPerMessage,
                change.otherDomains,
                change.ahead);
    }

    /** What a changed copy is made from. */
    private static final class Change {
        private int maxElements;
        private int lowWatermark;
        private ReceiveLimits limits;
        private ReceiveRefusal refusal;
        private GiveBack giveBack;
        private BufferManager bufferManager;
        private boolean tellWhenLow;
        private int receivesPerMessage;
        private boolean otherDomains;
        private AheadReceives ahead;

        Change(SharedReceiveQueueOptions from) {
            maxElements = from.maxElements;
            lowWatermark = from.lowWatermark;
            limits = from.limits;
            refusal = from.refusal;
            giveBack = from.giveBack;
            bufferManager = from.bufferManager;
            tellWhenLow = from.tellWhenLow;
            receivesPerMessage = from.receivesPerMessage;
            otherDomains = from.otherDomains;
            ahead = from.ahead;
        }
    }
}
