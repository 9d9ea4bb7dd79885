package io.verbena.conformance.raw;

import java.net.InetSocketAddress;

/**
 * Hears what passes on the TCP connections of raw peers, so that it can be kept: a capture, for one. What a script does not
 * take is not heard.
 *
 * <p>Thread rule: called by the thread that plays the script.
 */
@FunctionalInterface
public interface RawObserver {
    /** Hears nothing. */
    RawObserver NONE = (local, remote, opener) -> new Connection() {};

    /**
     * A connection stands.
     *
     * @param local this end
     * @param remote the other end
     * @param opener whether this end has connected
     * @return what hears of this connection
     */
    Connection onConnected(InetSocketAddress local, InetSocketAddress remote, boolean opener);

    /** Hears of one connection; by default nothing. */
    interface Connection {
        /** {@code octets}, borrowed, were given to TCP. */
        default void onSent(byte[] octets) {}

        /** {@code count} octets of {@code octets}, borrowed, from {@code from} on came from TCP. */
        default void onReceived(byte[] octets, int from, int count) {}

        /** This end sends no more (FIN). */
        default void onOutputEnded() {}

        /** The other end sends no more (FIN). */
        default void onInputEnded() {}

        /** This end has closed. */
        default void onClosed() {}

        /** This end has broken the connection (RST). */
        default void onReset() {}

        /** The other end has broken the connection (RST). */
        default void onResetByPeer() {}
    }
}
