package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.verbena.transport.ByteStream;
import io.verbena.transport.StreamOptions;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
class SocketOptionsTest {
    private static StreamOptions with(boolean noDelay, boolean keepAlive) {
        return new StreamOptions(noDelay, 40_000, 50_000, keepAlive, 77, 7, 3, 0, 1_000_000_000, 5);
    }

    private static <T> T value(SocketOption<T> option, StreamOptions options) throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            SocketOptions.apply(options, channel);
            return channel.getOption(option);
        }
    }

    @Test
    void setsNoDelay() throws Exception {
        assertThat(value(StandardSocketOptions.TCP_NODELAY, with(true, true))).isTrue();
        assertThat(value(StandardSocketOptions.TCP_NODELAY, with(false, true))).isFalse();
    }

    @Test
    void setsBufferSizes() throws Exception {
        // Linux doubles what it is asked for, to have room for its own bookkeeping.
        assertThat(value(StandardSocketOptions.SO_SNDBUF, with(true, true))).isIn(40_000, 80_000);
        assertThat(value(StandardSocketOptions.SO_RCVBUF, with(true, true))).isIn(50_000, 100_000);
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            SocketOptions.apply(with(true, true), listening);
            assertThat(listening.getOption(StandardSocketOptions.SO_RCVBUF)).isIn(50_000, 100_000);
            assertThat(listening.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
        }
    }

    @Test
    void leavesBufferSizesToTheSystem() throws Exception {
        try (SocketChannel untouched = SocketChannel.open()) {
            assertThat(value(StandardSocketOptions.SO_SNDBUF, StreamOptions.defaults()))
                    .isEqualTo(untouched.getOption(StandardSocketOptions.SO_SNDBUF));
            assertThat(value(StandardSocketOptions.SO_RCVBUF, StreamOptions.defaults()))
                    .isEqualTo(untouched.getOption(StandardSocketOptions.SO_RCVBUF));
        }
    }

    @Test
    @Timeout(30)
    void setsThemOnConnectedAndOnAcceptedSockets() throws Exception {
        try (TcpPair pair = new TcpPair()) {
            var ends = pair.connect(with(false, true), TcpPair.anyPort(), Probe::new, Probe::new);
            for (ByteStream stream : List.of(ends.client().stream, ends.server().stream)) {
                SocketChannel channel = ((NettyByteStream) stream).channel();
                assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
                assertThat(channel.getOption(StandardSocketOptions.SO_SNDBUF)).isIn(40_000, 80_000);
                assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isIn(50_000, 100_000);
                assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE))
                        .isTrue();
            }
        }
    }

    @Test
    void setsKeepAliveAndItsTimes() throws Exception {
        assertThat(value(StandardSocketOptions.SO_KEEPALIVE, with(true, true))).isTrue();
        assertThat(value(StandardSocketOptions.SO_KEEPALIVE, with(true, false))).isFalse();
        try (SocketChannel channel = SocketChannel.open()) {
            assumeThat(channel.supportedOptions())
                    .as("keep-alive times of a socket can be chosen here")
                    .contains(ExtendedSocketOptions.TCP_KEEPIDLE);
        }
        assertThat(value(ExtendedSocketOptions.TCP_KEEPIDLE, with(true, true))).isEqualTo(77);
        assertThat(value(ExtendedSocketOptions.TCP_KEEPINTERVAL, with(true, true)))
                .isEqualTo(7);
        assertThat(value(ExtendedSocketOptions.TCP_KEEPCOUNT, with(true, true))).isEqualTo(3);
    }
}
