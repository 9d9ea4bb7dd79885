package io.verbena.transport;

import java.nio.ByteBuffer;

/**
 * What a stream protocol does with a {@link ByteStream}. All methods are called on the stream's loop, one at a time.
 *
 * <p>The reader says where octets go: the transport calls {@link #targets}, does one scattering read into the buffers it
 * got, and then tells {@link #onOctets} how many arrived, filled in the order of the buffers. Between {@code targets} and
 * {@code onOctets} nothing else is called.
 */
public interface StreamHandler {
    /**
     * Fills {@code lent} from index 0 with the buffers that the next octets go to, each with position and limit set around
     * the room that may be filled (at least one octet), and returns how many there are.
     *
     * <p>The buffers are lent to the transport until {@link #onOctets} or {@link #onReadNothing}; the read advances their
     * positions. Returning 0 means: no room now. Then the transport reads nothing until
     * {@link ByteStream#resumeReading()} is called.
     *
     * @param lent array to fill, at least {@link #MAX_TARGETS} long
     */
    int targets(ByteBuffer[] lent);

    /** The most buffers one call of {@link #targets} may return. */
    int MAX_TARGETS = 16;

    /**
     * So many octets have arrived in the buffers of the last {@link #targets}.
     *
     * @param octets 1 or more
     * @param filled whether all the room was filled, so that more is likely to be waiting
     */
    void onOctets(int octets, boolean filled);

    /** The read that followed {@link #targets} brought nothing; the buffers are the handler's again. */
    void onReadNothing();

    /** The burst of reads of one wake-up is over; a good moment to write what was caused by it. */
    void onReadBurstEnd();

    /** The transport takes octets again after a {@link ByteStream#write} that left some. */
    void onWritable();

    /** The peer has closed its sending direction (TCP: FIN). Nothing more arrives; writing is still possible. */
    void onEndOfStream();

    /**
     * The stream broke: nothing more arrives and nothing more can be sent. The transport has released its resources.
     *
     * @param error what happened
     * @param cause the failure of the layer below
     */
    void onFailed(StreamError error, Throwable cause);
}
