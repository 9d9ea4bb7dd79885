package io.verbena.examples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {
    @ParameterizedTest
    @CsvSource({
        "host:1, host, 1",
        "host, host, -1",
        ":7, '', 7",
        "192.0.2.1:65535, 192.0.2.1, 65535",
        "[::1]:0, ::1, 0",
        "[2001:db8::1], 2001:db8::1, -1",
        "::1, ::1, -1"
    })
    void readsWhatPeopleWrite(String text, String host, int port) {
        assertThat(HostAndPort.parse(text)).isEqualTo(new HostAndPort(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:", "host:x", "host:-1", "host:65536", "[::1", "[::1]7", "[::1]:"})
    void saysWhatIsWrong(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostAndPort.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void fillsInWhatIsMissing() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();

        assertThat(HostAndPort.parse(":1").resolve(loopback, 9)).isEqualTo(new InetSocketAddress(loopback, 1));
        assertThat(HostAndPort.parse("127.0.0.1").resolve(loopback, 9))
                .isEqualTo(new InetSocketAddress("127.0.0.1", 9));
    }

    @Test
    void namesTheUnknownHost() {
        assertThatThrownBy(() -> new HostAndPort("no such host", 1).resolve(InetAddress.getLoopbackAddress(), 1))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("no such host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:80", "[0:0:0:0:0:0:0:1]:80"})
    void writesWhatItReads(String text) throws Exception {
        InetSocketAddress address = HostAndPort.parse(text).resolve(InetAddress.getLoopbackAddress(), 1);

        assertThat(HostAndPort.toString(address)).isEqualTo(text);
    }
}
