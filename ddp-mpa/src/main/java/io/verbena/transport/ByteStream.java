package io.verbena.transport;

import java.net.InetSocketAddress;

/**
 * One established, ordered, reliable, bidirectional stream of octets: a TCP connection, or a simulation of one.
 *
 * <p>It may deliver octets in any portions, late, and stop in the middle; it never loses or reorders any.
 *
 * <p>Thread rule: loop thread only, except {@link #loop()}, {@link #localAddress()} and {@link #remoteAddress()}.
 */
public interface ByteStream {
    /** Returns the loop that owns this stream. */
    EventLoop loop();

    /** Returns this end's address. */
    InetSocketAddress localAddress();

    /** Returns the other end's address. */
    InetSocketAddress remoteAddress();

    /**
     * Returns the effective maximum segment size in octets (RFC 5044 section 2, EMSS): what fits in one TCP segment on
     * this path as far as is known, or what {@link StreamOptions#segmentOctets()} says.
     */
    int segmentOctets();

    /**
     * Hands as many octets of {@code lent} to the transport as it takes now, without blocking, with copy semantics: what
     * was taken is not read from the buffers again.
     *
     * <p>The positions of the buffers advance over what was taken, and so does {@link GatherList#remaining()}. If
     * something remains, the transport calls {@link StreamHandler#onWritable()} once when it is worth trying again. A
     * failure returns 0 and is reported through {@link StreamHandler#onFailed}, after this call returned.
     *
     * @param lent the octets to send; the caller keeps the list and the buffers, and does not change them during the call
     * @return the number of octets taken, 0 or more
     */
    long write(GatherList lent);

    /** Stops asking for input, so that the peer's window fills. Idempotent. */
    void pauseReading();

    /** Asks for input again after {@link #pauseReading()}. Idempotent. */
    void resumeReading();

    /** Sends FIN after what was written; input goes on. Idempotent. */
    void shutdownOutput();

    /**
     * Closes both directions and releases the socket; what was written is still delivered by the transport if it can.
     * The handler hears nothing more. Idempotent.
     */
    void close();

    /** Breaks the connection at once (TCP: RST). The handler hears nothing more. Idempotent. */
    void reset();
}
