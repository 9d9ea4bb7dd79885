package io.verbena.transport;

import java.nio.ByteBuffer;

/**
 * A handler that also takes framed units which are ahead of the stream: some octets before them have not arrived yet. This is
 * what a transport can offer that knows the framing, such as an MPA-aware TCP (RFC 5044 section 4.3, RFC 5041 section 3).
 *
 * <p>Such a transport calls {@link #onAhead} when a whole unit has arrived beyond a gap. If the handler takes it, its octets
 * do not come again in the stream: in their place, when the gap is closed and everything before was read, comes
 * {@link #onStreamReached}. If it does not, the transport forgets the unit, the sender sends it again, and at the latest it
 * arrives in its turn, through {@link #targets} and {@link #onOctets}. So nothing is lost by refusing.
 *
 * <p>A transport that delivers in order never calls these methods, and they cost it nothing.
 *
 * <p>Thread rule: the stream's loop, like all calls of the handler; never between {@link #targets} and {@link #onOctets}.
 */
public interface AheadOfStreamHandler extends StreamHandler {
    /**
     * A whole unit has arrived ahead of the stream. The same unit may come more than once before the stream reaches it.
     *
     * @param position octets of the stream before the unit, counted from the first octet of the connection; above what the
     *     stream has reached
     * @param lent big-endian buffer with the unit between position and limit; valid during the call
     * @return whether it was taken; false: it has to come again
     */
    boolean onAhead(long position, ByteBuffer lent);

    /**
     * The stream has come to {@code position} without a gap: over units that {@link #onAhead} took.
     *
     * @param position octets of the stream from its beginning
     */
    void onStreamReached(long position);
}
