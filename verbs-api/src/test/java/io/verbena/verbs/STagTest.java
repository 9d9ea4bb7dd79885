package io.verbena.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class STagTest {
    @ParameterizedTest
    @CsvSource({"0, 0, 0x00000000", "1, 2, 0x00000102", "16777215, 255, 0xffffffff", "8388608, 0, 0x80000000"})
    void isMadeOfIndexAndInstance(int index, int instance, String text) {
        int stag = STag.of(index, instance);

        assertThat(STag.index(stag)).isEqualTo(index);
        assertThat(STag.instance(stag)).isEqualTo(instance);
        assertThat(STag.toString(stag)).isEqualTo(text);
    }

    @Test
    void usesTheLowEightBitsOfTheInstance() {
        assertThat(STag.of(5, 0x1FF)).isEqualTo(STag.of(5, 0xFF));
        assertThat(STag.of(5, -1)).isEqualTo(0x5FF);
    }

    @Test
    void refusesAnIndexOfMoreThan24Bits() {
        assertThatThrownBy(() -> STag.of(STag.MAX_INDEX + 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tag index 16777216 must be 0 to 16777215");
        assertThatThrownBy(() -> STag.of(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
