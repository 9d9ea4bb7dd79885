package io.verbena.mpa;

import java.nio.ByteBuffer;

/**
 * The layer above MPA on the way in: takes DDP segments (ULPDUs) one after the other.
 *
 * <p>A segment comes as {@link #onSegmentBegin}, then its payload in pieces, either handed over with {@link #onPayload} or
 * read straight into the places that {@link #payloadTargets} names, then {@link #onSegmentEnd}. A method that refuses has
 * already done what the refusal asks for; the deframer then falls silent (RFC 5044 section 8: MPA reports, the owner of
 * the stream closes it).
 *
 * <p>Thread rule: the stream's loop.
 */
public interface SegmentReceiver {
    /** Result of {@link #onSegmentBegin}: the stream takes no more segments. */
    int REFUSED = -1;

    /**
     * Result of {@link #onSegmentBegin}: there is no place for it at present. The same segment is to be begun again when the
     * owner of the stream says so ({@link FpduDeframer#resume()}); nothing behind it is looked at before.
     */
    int LATER = -2;

    /**
     * A segment begins.
     *
     * @param lent big-endian buffer that holds the segment's first octets; valid during the call
     * @param offset index of the DDP control octet
     * @param available octets of the segment that are there, at least 18, which is the longer DDP header, or the whole segment
     * @param segmentOctets length of the whole segment (ULPDU_Length)
     * @return length of the segment's header, behind which the payload starts, {@link #REFUSED} or {@link #LATER}
     */
    int onSegmentBegin(ByteBuffer lent, int offset, int available, int segmentOctets);

    /**
     * The next octets of the payload, to be copied to their place.
     *
     * @param lent buffer that holds them; valid during the call
     * @return whether they were placed; false: refused
     */
    boolean onPayload(ByteBuffer lent, int offset, int octets);

    /**
     * Fills {@code lent} from {@code from} on with the places of the next payload octets, each with position and limit set
     * around the room.
     *
     * @param octets payload octets still missing, 1 or more; not more room than this may be offered
     * @param limit the first index of {@code lent} that must not be used
     * @return the number of buffers added; 0 if there is no room now, and reading will be resumed when there is; or
     *     {@link #REFUSED}
     */
    int payloadTargets(ByteBuffer[] lent, int from, int limit, int octets);

    /**
     * So many octets have arrived in the places of the last {@link #payloadTargets}; the places are the receiver's again.
     *
     * @param octets 0 or more
     * @param crc takes the octets that arrived, in order; null if no CRC is in force
     */
    void onPayloadArrived(int octets, FpduCrc crc);

    /**
     * The segment is complete, and its CRC was good or is not in force.
     *
     * @return whether the stream goes on; false: refused
     */
    boolean onSegmentEnd();

    /** An FPDU is bad; nothing behind it can be understood. */
    void onFramingError(MpaError error);
}
