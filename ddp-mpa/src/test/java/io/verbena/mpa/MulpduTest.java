package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MarkerLayout;
import io.verbena.testkit.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MulpduTest {
    @ParameterizedTest
    @CsvSource({
        "536, 530, 522",
        "1440, 1434, 1422",
        "1448, 1442, 1430",
        "1460, 1454, 1442",
        "1461, 1454, 1442",
        "1463, 1454, 1442",
        "8948, 8942, 8870",
        "9000, 8994, 8922",
        "65483, 64768, 64768",
        "128, 128, 128",
        "1, 128, 128",
        "2147483647, 64768, 64768"
    })
    @Requirement({"MPA-3-04", "MPA-4.5-01", "MPA-4.5-02", "MPA-4.5-07", "MPA-5.1-01"})
    void agreesWithTheFormulasOfRfc5044(int emss, int withoutMarkers, int withMarkers) {
        assertThat(Mulpdu.of(emss, false)).isEqualTo(withoutMarkers);
        assertThat(Mulpdu.of(emss, true)).isEqualTo(withMarkers);
    }

    @Test
    void fpduOfThatSizeFitsTheSegmentWhereverItStarts() {
        for (int emss = 140; emss < 9100; emss++) {
            assertThat(FpduLayout.fpduOctets(Mulpdu.of(emss, false))).isLessThanOrEqualTo(emss);
            int marked = FpduLayout.fpduOctets(Mulpdu.of(emss, true));
            for (int position = 0; position < 512; position += 4) {
                assertThat(MarkerLayout.markedOctets(position, marked)).isLessThanOrEqualTo(emss);
            }
        }
    }

    @Test
    void refusesSizesThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mulpdu.of(0, false))
                .withMessageContaining("0");
    }
}
