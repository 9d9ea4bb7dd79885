package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.transport.StreamError;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

class FailureKindsTest {
    @Test
    void tellsTheFailuresOfConnectApart() {
        assertThat(FailureKinds.ofConnect(new ConnectException("Connection refused")))
                .isEqualTo(StreamError.REFUSED);
        assertThat(FailureKinds.ofConnect(new ConnectException("Connection timed out")))
                .isEqualTo(StreamError.TIMED_OUT);
        assertThat(FailureKinds.ofConnect(new SocketTimeoutException())).isEqualTo(StreamError.TIMED_OUT);
        assertThat(FailureKinds.ofConnect(new NoRouteToHostException("No route to host")))
                .isEqualTo(StreamError.UNREACHABLE);
        assertThat(FailureKinds.ofConnect(new SocketException("Network is unreachable")))
                .isEqualTo(StreamError.UNREACHABLE);
        assertThat(FailureKinds.ofConnect(new BindException("Cannot assign requested address")))
                .isEqualTo(StreamError.UNREACHABLE);
        assertThat(FailureKinds.ofConnect(new UnsupportedAddressTypeException()))
                .isEqualTo(StreamError.UNREACHABLE);
        assertThat(FailureKinds.ofConnect(new SocketException("Connection reset")))
                .isEqualTo(StreamError.RESET);
    }

    @Test
    void tellsTheFailuresOfStreamsApart() {
        assertThat(FailureKinds.ofStream(new SocketException("Connection reset")))
                .isEqualTo(StreamError.RESET);
        assertThat(FailureKinds.ofStream(new IOException("Broken pipe"))).isEqualTo(StreamError.RESET);
        assertThat(FailureKinds.ofStream(new IOException("Connection reset by peer")))
                .isEqualTo(StreamError.RESET);
        assertThat(FailureKinds.ofStream(new IOException("Connection timed out")))
                .isEqualTo(StreamError.LOST);
        assertThat(FailureKinds.ofStream(new IOException())).isEqualTo(StreamError.LOST);
    }
}
