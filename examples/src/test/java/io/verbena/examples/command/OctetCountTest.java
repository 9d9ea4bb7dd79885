package io.verbena.examples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OctetCountTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "4096, 4096", "64K, 65536", "64kib, 65536", "2G, 2147483648", "1 TiB, 1099511627776", "7B, 7"})
    void readsUnits(String text, long octets) {
        assertThat(OctetCount.parse(text).octets()).isEqualTo(octets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5G", "K", "9999999P", "9999999999999999999"})
    void saysWhatIsWrong(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> OctetCount.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 octets",
        "1, 1 octet",
        "1023, 1023 octets",
        "1024, 1.0 KiB",
        "3221225472, 3.0 GiB",
        "9223372036854775807, 8192.0 PiB"
    })
    void writesUnits(long octets, String text) {
        assertThat(OctetCount.words(octets)).isEqualTo(text);
    }
}
