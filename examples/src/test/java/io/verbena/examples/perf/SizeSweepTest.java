package io.verbena.examples.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeSweepTest {
    @ParameterizedTest
    @CsvSource({
        "64, 64",
        "4k, 4096",
        "1..1, 1",
        "64..512, 64 128 256 512",
        "1..6, 1 2 4 6",
        "3..20, 3 6 12 20",
        "512k..1m, 524288 1048576",
        "512m, 536870912"
    })
    void readsSizesAndRanges(String text, String sizes) {
        assertThat(SizeSweep.parse(text).octets().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .isEqualTo(sizes);
    }

    @ParameterizedTest
    @CsvSource({
        "0, must be 1 octet to 512",
        "600m, must be 1 octet to 512",
        "64.., must be a number",
        "..64, must be a number",
        "64..32, begin with the smaller",
        "64...128, must be a number",
        "-1, must be a number",
        "many, must be a number"
    })
    void saysWhatIsWrong(String text, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SizeSweep.parse(text))
                .withMessageContaining(words);
    }
}
