package io.verbena.capture.decode;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One TCP connection of a capture, seen as iWARP.
 *
 * <p>A direction that cannot be read any further (no startup frame, an FPDU that breaks a rule so that its end is not known)
 * is no reason to fail: {@link #trouble} says it, and {@link #octetsLeft} counts. Used by one thread.
 */
public final class IwarpConversation {
    private final int ordinal;
    private final TcpConnection connection;
    private final MpaStreams streams;
    private final List<DecodedFrame> frames = new ArrayList<>();

    IwarpConversation(int ordinal, InetSocketAddress opener, InetSocketAddress acceptor, FrameListener listener) {
        this.ordinal = ordinal;
        streams = new MpaStreams("conn " + ordinal, frame -> {
            if (listener == null) {
                frames.add(frame);
            } else {
                listener.onFrame(this, frame);
            }
        });
        connection = new TcpConnection(opener, acceptor, streams::onOctets);
    }

    void onSegment(TcpSegment segment) {
        connection.onSegment(segment);
    }

    /** Octets of memory, without the frames. */
    int heldOctets() {
        return connection.heldOctets() + streams.heldOctets();
    }

    /** Returns whether no octet was seen yet. */
    boolean silent() {
        return connection.silent();
    }

    /**
     * Number of the connection in its capture.
     *
     * @return 1 for the first
     */
    public int ordinal() {
        return ordinal;
    }

    /** Returns the end that opened the connection. */
    public InetSocketAddress opener() {
        return connection.opener();
    }

    /** Returns the end that accepted it. */
    public InetSocketAddress acceptor() {
        return connection.acceptor();
    }

    /**
     * Its frames, unless a {@link FrameListener} takes them.
     *
     * @return the frames in the order in which they were complete
     */
    public List<DecodedFrame> frames() {
        return Collections.unmodifiableList(frames);
    }

    /**
     * Tells whether both startup frames were seen and the connection was not rejected.
     *
     * @return true if FPDUs may follow
     */
    public boolean established() {
        return streams.established();
    }

    /** Returns whether the two startup frames switch CRCs on. */
    public boolean crcInUse() {
        return streams.crcInUse();
    }

    /**
     * Octets of both directions that belong to no complete frame.
     *
     * @return 0 if the conversation was decoded to its end
     */
    public int octetsLeft() {
        return streams.octetsLeft() + connection.octetsBehindGap();
    }

    /**
     * Octets of both directions outside MPA: before the Request, or behind a Reply that rejects.
     *
     * @return how many
     */
    public long plainOctets() {
        return streams.plainOctets();
    }

    /**
     * What stopped the decoding.
     *
     * @return a clause without a full stop, or null if nothing did
     */
    public String trouble() {
        return connection.octetsBehindGap() > 0 ? "octets are missing from the capture" : streams.trouble();
    }
}
