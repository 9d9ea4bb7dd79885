package io.verbena.examples.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerfMessageTest {
    private static final RemoteRegion MEMORY = new RemoteRegion(0x1234_5678, 0x10_0000, 1 << 20);

    static Stream<PerfMessage> messages() {
        return Stream.of(
                new PerfMessage.Alive(),
                new PerfMessage.Round(65536, MEMORY),
                new PerfMessage.Begin(),
                new PerfMessage.Measuring(),
                new PerfMessage.Finish(1L << 40),
                new PerfMessage.Result(new BandwidthFigures(1, 2, 3, 4), new CpuUse(5, 6)),
                new PerfMessage.Failed("no memory"),
                new PerfMessage.Done());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void comeBackAsTheyWere(PerfMessage message) {
        assertThat(PerfMessage.decode(message.encode())).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void thatAreCutShortAreRefusedOrSaySo(PerfMessage message) {
        ByteBuffer octets = message.encode();
        for (int length = 0; length < octets.limit(); length++) {
            ByteBuffer part = octets.duplicate().limit(length);
            if (message instanceof PerfMessage.Failed && length > 0) {
                assertThat(PerfMessage.decode(part)).isInstanceOf(PerfMessage.Failed.class);
            } else {
                assertThatIllegalArgumentException().isThrownBy(() -> PerfMessage.decode(part));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 9, -1})
    void ofUnknownKindsAreRefused(byte kind) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PerfMessage.decode(ByteBuffer.wrap(new byte[] {kind})))
                .withMessageContaining("unknown kind " + kind);
    }

    @Test
    void longReasonsAreCutAndHaveNoControlCharacters() {
        PerfMessage.Failed failed = new PerfMessage.Failed("\u001B[31m" + "x".repeat(1000));

        ByteBuffer octets = failed.encode();

        assertThat(octets.remaining()).isEqualTo(PerfMessage.MAX_OCTETS);
        assertThat(((PerfMessage.Failed) PerfMessage.decode(octets)).reason()).startsWith("[31mxxx");
    }

    @Test
    void offersComeBackAsTheyWere() {
        PerfOffer offer = new PerfOffer(0xFEDC_BA98_7654_3210L, 4711, MEMORY);

        assertThat(PerfOffer.decode(offer.encode())).isEqualTo(offer);
    }

    @Test
    void offersOfAnotherProgramAreRefused() {
        byte[] noPort = new PerfOffer(1, 0, MEMORY).encode();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PerfOffer.decode(new byte[0]))
                .withMessageContaining("the server does not speak the protocol of 'verbena perf'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PerfOffer.decode(Arrays.copyOf(noPort, 10)))
                .withMessageContaining("10 octets");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PerfOffer.decode(noPort))
                .withMessageContaining("names 0 as its port");
    }

    @Test
    void hellosComeBackAsTheyWereAndOthersAreNone() {
        ChannelHello hello = new ChannelHello(-5, 3);

        assertThat(ChannelHello.decode(hello.encode())).isEqualTo(hello);
        assertThat(ChannelHello.decode(Arrays.copyOf(hello.encode(), 15))).isNull();
        assertThat(ChannelHello.decode(new byte[16])).isNull();
    }
}
