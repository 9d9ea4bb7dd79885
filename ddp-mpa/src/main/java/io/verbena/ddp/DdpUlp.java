package io.verbena.ddp;

import java.nio.ByteBuffer;

/**
 * The layer above DDP (RDMAP) on the way in: owns memory and queues, and knows what the octets reserved for it mean.
 *
 * <p>A method that refuses has already begun to end the stream; DDP then takes no more segments.
 *
 * <p>Thread rule: the stream's loop.
 */
public interface DdpUlp {
    /** Result of {@link #onMessageBegin}: no buffer is available for the message (RFC 5041 section 7.1). */
    long NO_BUFFER = -1;

    /** Result of {@link #onMessageBegin}: refused, the layer above has seen to it. */
    long REFUSED = -2;

    /** Result of {@link #onMessageBegin}: the queue number is not in use. */
    long NO_QUEUE = -3;

    /**
     * Returns whether the segment that was just refused is welcome later, when it is begun again: nothing has ended, and all
     * is as it was before, but for what its message was given already.
     */
    default boolean waits() {
        return false;
    }

    /**
     * A segment's header was read, its DDP version is right. The layer above judges its own octets before anything is
     * placed.
     *
     * @param lent holds the segment's first octets from {@code offset} on; valid during the call
     * @param available how many of them are there: at least the DDP header
     * @return whether the segment is welcome
     */
    boolean onSegmentHeader(DdpSegment segment, ByteBuffer lent, int offset, int available);

    /**
     * Resolves a tagged segment that carries payload: the octet of the layer above decides which right is needed.
     *
     * @return where the payload goes, or null: refused
     */
    PlacementTarget resolveTagged(DdpSegment segment);

    /**
     * The first segment of the next untagged message of a queue has come.
     *
     * @return length in octets of the buffer for it, or one of the negative results
     */
    long onMessageBegin(DdpSegment segment);

    /** Returns where the payload of the untagged segment goes; its message was begun before. */
    PlacementTarget resolveUntagged(DdpSegment segment);

    /**
     * The message whose last segment this is has been delivered: all of it is placed, and so is all before it.
     *
     * @param messageOctets length of an untagged message; 0 for a tagged one
     * @return whether the stream goes on
     */
    boolean onDelivered(DdpSegment segment, long messageOctets);

    /**
     * A segment is complete: its payload is placed and the layer below found nothing wrong with it. If it is the last of its
     * message, {@link #onDelivered} follows.
     */
    void onSegmentPlaced(DdpSegment segment);

    /** DDP refuses the segment; the layer above ends the stream. */
    void onSegmentError(DdpError error, DdpSegment segment);

    /** The next message of a queue began before the one under way had ended. */
    void onMessageCutShort(DdpSegment segment);
}
