package io.verbena.transport.netty;

import io.verbena.transport.StreamOptions;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/** Sets {@link StreamOptions} on sockets. */
final class SocketOptions {
    private SocketOptions() {}

    /** Prepares a socket that is not connected yet, or was just accepted. */
    static void apply(StreamOptions options, SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, options.noDelay());
        if (options.sendBufferOctets() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferOctets());
        }
        applyReceiveBuffer(options, channel);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, options.keepAlive());
        if (options.keepAlive()) {
            applyIfSupported(channel, ExtendedSocketOptions.TCP_KEEPIDLE, options.keepAliveIdleSeconds());
            applyIfSupported(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, options.keepAliveIntervalSeconds());
            applyIfSupported(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, options.keepAliveProbes());
        }
    }

    /** Prepares a listening socket that is not bound yet. */
    static void apply(StreamOptions options, ServerSocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        // The window scale is agreed on in the SYN: accepted sockets inherit this size, later would be too late.
        applyReceiveBuffer(options, channel);
    }

    private static void applyReceiveBuffer(StreamOptions options, NetworkChannel channel) throws IOException {
        if (options.receiveBufferOctets() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferOctets());
        }
    }

    /** Not every operating system lets a socket choose its keep-alive times; where it does not, the system's own stay. */
    private static void applyIfSupported(NetworkChannel channel, SocketOption<Integer> option, int value)
            throws IOException {
        if (value > 0 && channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
        }
    }
}
