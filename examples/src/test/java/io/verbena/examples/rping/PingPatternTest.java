package io.verbena.examples.rping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingPatternTest {
    /** The lines that the C program prints with -v at its default size. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | rdma-ping-0: ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqr",
                "1 | rdma-ping-1: BCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrs",
                "2 | rdma-ping-2: CDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrst",
                "58 | rdma-ping-58: ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopq"
            })
    void looksLikeThatOfTheCProgram(int ping, String text) {
        ByteBuffer buffer = ByteBuffer.allocate(64);

        PingPattern.fill(buffer, 64, ping);

        assertThat(PingPattern.text(buffer, 64)).isEqualTo(text);
        assertThat(PingPattern.textOctets(buffer, 64)).isEqualTo(64);
    }

    @Test
    void theLettersGoRound() {
        ByteBuffer buffer = ByteBuffer.allocate(200);

        PingPattern.fill(buffer, 200, 57);

        assertThat(PingPattern.text(buffer, 200))
                .startsWith("rdma-ping-57: zABC")
                .hasSize(199);
    }

    @Test
    void theHeadingIsCutInASmallPing() {
        ByteBuffer buffer = ByteBuffer.allocate(16);

        PingPattern.fill(buffer, 16, 123_456);

        assertThat(PingPattern.text(buffer, 16)).isEqualTo("rdma-ping-12345");
    }

    @Test
    void octetsOfAPeerCannotTrickATerminal() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {'a', 27, '[', 'm', 'b'});

        assertThat(PingPattern.text(buffer, 5)).isEqualTo("a.[mb");
        assertThat(PingPattern.textOctets(buffer, 5)).isEqualTo(5);
    }
}
