package io.verbena.capture.decode;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One TCP connection of a capture: both directions put in order, their octets handed on in the order of the capture. Used
 * by one thread.
 */
final class TcpConnection {
    /** Takes the octets of both directions. */
    interface Listener {
        /** Octets between position and limit follow those given before in the same direction. */
        void onOctets(boolean fromOpener, ByteBuffer given);
    }

    private final InetSocketAddress opener;
    private final InetSocketAddress acceptor;
    private final Listener listener;
    private final TcpDirection fromOpener = new TcpDirection();
    private final TcpDirection fromAcceptor = new TcpDirection();

    TcpConnection(InetSocketAddress opener, InetSocketAddress acceptor, Listener listener) {
        this.opener = opener;
        this.acceptor = acceptor;
        this.listener = listener;
    }

    InetSocketAddress opener() {
        return opener;
    }

    InetSocketAddress acceptor() {
        return acceptor;
    }

    void onSegment(TcpSegment segment) {
        boolean openers = segment.source().equals(opener);
        direction(openers).onSegment(segment, octets -> listener.onOctets(openers, octets));
    }

    /** Returns whether neither direction has carried an octet. */
    boolean silent() {
        return fromOpener.silent() && fromAcceptor.silent();
    }

    int heldOctets() {
        return fromOpener.heldOctets() + fromAcceptor.heldOctets();
    }

    int octetsBehindGap() {
        return fromOpener.octetsBehindGap() + fromAcceptor.octetsBehindGap();
    }

    private TcpDirection direction(boolean openers) {
        return openers ? fromOpener : fromAcceptor;
    }
}
