package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.capture.decode.DecodedFrame.Crc;
import io.verbena.capture.decode.DecodedFrame.Kind;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateReason;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Linux siw talking to Linux siw, captured; every octet of it is accounted for. */
class CaptureDecodingTest {
    private static Path captures() throws URISyntaxException {
        return Path.of(CaptureDecodingTest.class.getResource("/captures").toURI());
    }

    private static List<IwarpConversation> decode(String name) throws Exception {
        return IwarpDecoder.decode(captures().resolve(name + ".pcap"));
    }

    static Stream<String> names() throws Exception {
        try (Stream<Path> files = Files.list(captures())) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pcap"))
                    .map(name -> name.substring(0, name.length() - ".pcap".length()))
                    .sorted()
                    .toList();
            return names.stream();
        }
    }

    @Test
    void allCapturesAreThere() throws Exception {
        assertThat(names()).hasSize(36);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyCaptureIsDecodedToItsEnd(String name) throws Exception {
        assertThat(decode(name)).isNotEmpty().allSatisfy(conversation -> {
            assertThat(conversation.trouble()).isNull();
            assertThat(conversation.octetsLeft()).isZero();
            assertThat(conversation.established()).isEqualTo(!name.equals("reject"));
            assertThat(conversation.frames())
                    .filteredOn(frame -> frame.kind() == Kind.FPDU)
                    .allSatisfy(frame -> {
                        assertThat(frame.opcode()).isNotNull();
                        assertThat(frame.crc()).isEqualTo(conversation.crcInUse() ? Crc.GOOD : Crc.NOT_IN_USE);
                    });
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyCaptureHoldsTheFramesWeKnowItHolds(String name) throws Exception {
        assertThat(CaptureText.of(decode(name))).isEqualTo(expected(name));
    }

    private static String expected(String name) throws IOException, URISyntaxException {
        return Files.readString(captures().resolve("expected").resolve(name + ".txt"));
    }

    @ParameterizedTest
    @CsvSource({
        "rping-short-sink, DDP_TAGGED_BASE_OR_BOUNDS",
        "siwerr-read-bad-stag, RDMAP_PROTECTION_INVALID_STAG",
        "siwerr-read-bad-stag-crc, RDMAP_PROTECTION_INVALID_STAG",
        "siwerr-read-bounds, RDMAP_PROTECTION_BASE_OR_BOUNDS",
        "siwerr-send-no-buffer, DDP_UNTAGGED_NO_BUFFER",
        "siwerr-send-too-long, DDP_UNTAGGED_NO_BUFFER",
        "siwerr-send-too-long-crc, DDP_UNTAGGED_NO_BUFFER",
        "siwerr-write-bad-key, DDP_TAGGED_INVALID_STAG",
        "siwerr-write-bad-stag, DDP_TAGGED_INVALID_STAG",
        "siwerr-write-bad-stag-crc, DDP_TAGGED_INVALID_STAG",
        "siwerr-write-bounds, DDP_TAGGED_BASE_OR_BOUNDS",
        "siwerr-write-no-access, DDP_TAGGED_INVALID_STAG"
    })
    void terminatesOfSiwAreUnderstoodInSpiteOfTheirBitOrder(String name, TerminateReason reason) throws Exception {
        assertThat(decode(name).get(0).frames())
                .filteredOn(frame -> frame.opcode() == RdmapOpcode.TERMINATE)
                .singleElement()
                .satisfies(terminate -> {
                    assertThat(terminate.reason()).isEqualTo(reason);
                    assertThat(terminate.siwOrder()).isTrue();
                    assertThat(terminate.fromInitiator()).isFalse();
                });
    }
}
