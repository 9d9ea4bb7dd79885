package io.verbena.examples.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerfParametersTest {
    @Test
    void comeBackAsTheyWere() {
        PerfParameters parameters = SampleParameters.unusual();

        assertThat(parameters.objection()).isNull();
        assertThat(parameters.encode()).hasSize(PerfParameters.ENCODED_OCTETS);
        assertThat(PerfParameters.decode(parameters.encode())).isEqualTo(parameters);
    }

    @Test
    void standOnTheWireAsTheClassSays() {
        byte[] octets = SampleParameters.unusual().encode();

        assertThat(Arrays.copyOf(octets, 16))
                .containsExactly('V', 'P', 'F', PerfParameters.VERSION, 2, 0, 31, 0, 0, 0, 0, 100, 0, 0, 0, 7);
        assertThat(ByteBuffer.wrap(octets).getLong(PerfParameters.ENCODED_OCTETS - Long.BYTES))
                .isEqualTo(12345);
    }

    @Test
    void ofAnotherProgramOrVersionAreRefused() {
        byte[] octets = SampleParameters.unusual().encode();
        octets[3] = 9;

        refused(octets, "the client speaks version 9 of 'verbena perf', this end version 1");
        refused(new byte[0], "does not speak the protocol of 'verbena perf'");
        refused("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII), "does not speak the protocol");
    }

    @Test
    void ofAnotherLengthAreRefused() {
        byte[] octets = SampleParameters.unusual().encode();

        for (int length = Integer.BYTES; length < octets.length; length++) {
            refused(Arrays.copyOf(octets, length), "parameters of " + length + " octets");
        }
        refused(Arrays.copyOf(octets, octets.length + 1), "parameters of 77 octets");
    }

    /** Octets of the wire: position, length, value, and what the sentence says. */
    @ParameterizedTest
    @CsvSource({
        "4, 1, 3, no operation number 3",
        "5, 1, -1, no measure number -1",
        "6, 1, 32, something that version 1",
        "7, 1, 1, something that version 1",
        "8, 4, 0, --depth 0 must be 1 to 8192",
        "8, 4, 8193, --depth 8193 must be 1 to 8192",
        "8, 4, 8, --batch 9 must be at most --depth 8",
        "8, 4, 15, '--signal-every 11 must be at most --depth + 1 - --batch (7)'",
        "12, 4, 5000, --queue-pairs 5000 must be 1 to 4096",
        "16, 4, 0, --batch 0 must be 1 to 8192",
        "20, 4, -1, --signal-every -1 must be 1 to 8192",
        "24, 4, 5000, --inline 5000 must be 0 to 4096",
        "28, 4, 0, --outstanding-reads 0 must be 1 to 1024",
        "32, 4, -1, --event-loops -1 must be 0 to 256",
        "36, 8, 0, --size 0 must be 1 to",
        "36, 8, 9000, --region 8192 must be 9000 to",
        "44, 8, 100000000, the test needs 1.3 GiB of memory",
        "52, 8, -1, the nanoseconds of --warm-up -1 must be 0 to",
        "60, 8, 1, a run has a time or a number of iterations",
        "68, 8, 0, a run has a time or a number of iterations",
        "68, 8, -5, --iterations -5 must be 0 to"
    })
    void thatNobodyCanRunAreRefusedInOneSentence(int position, int length, long value, String sentence) {
        byte[] octets = SampleParameters.unusual().encode();
        for (int i = 0; i < length; i++) {
            octets[position + i] = (byte) (value >> Byte.SIZE * (length - 1 - i));
        }

        refused(octets, sentence);
    }

    @Test
    void ofLatencyAreThoseOfOneMessageAtATime() {
        byte[] octets = SampleParameters.unusual().encode();
        octets[5] = (byte) PerfMeasure.LATENCY.ordinal();

        refused(octets, "latency is that of one message at a time");
    }

    @Test
    void ofReadsHaveNothingInline() {
        byte[] octets = SampleParameters.unusual().encode();
        octets[4] = (byte) PerfOperation.READ.ordinal();

        refused(octets, "a Read has nothing to send inline");
    }

    private static void refused(byte[] octets, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PerfParameters.decode(octets))
                .withMessageContaining(sentence);
    }
}
