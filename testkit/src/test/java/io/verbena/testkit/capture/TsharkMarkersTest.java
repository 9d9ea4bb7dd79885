package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verbena.capture.decode.IwarpConversation;
import io.verbena.testkit.wireshark.SecondOpinion;
import io.verbena.testkit.wireshark.Tshark;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Markers in one direction only.
 *
 * <p>As soon as one startup frame asks for markers, tshark 4.0 expects them in both directions. So the direction that has none is
 * shown to it in a copy of the capture in which nobody asks for any; all octets behind the startup frames are as they were.
 */
@Tag("interop")
@Timeout(180)
class TsharkMarkersTest {
    private static final int FLAGS = 16;
    private static final int MARKERS = 0x80;

    @TempDir
    private Path folder;

    @BeforeAll
    static void needTshark() throws Exception {
        assumeTrue(Tshark.installed(), "tshark is not installed (Debian: apt-get install tshark)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyFrameIsReadTheSameByBoth(boolean toServer) throws Exception {
        Path file = folder.resolve("markers.pcapng");
        CaptureScenarios.markersInOneDirection(file, toServer);
        SecondOpinion opinion = SecondOpinion.of(file);
        IwarpConversation conversation = opinion.ours().get(0);

        assertThat(opinion.differences(conversation, toServer)).isEmpty();
        assertThat(opinion.theirs(conversation, toServer))
                .filteredOn(frame -> frame.field("iwarp_mpa.markers") != null)
                .isNotEmpty();

        Path unasked = Files.write(folder.resolve("unasked.pcapng"), withoutMarkerFlags(Files.readAllBytes(file)));
        SecondOpinion ofTheOther = new SecondOpinion(opinion.ours(), Tshark.dissect(unasked));
        assertThat(ofTheOther.theirs(conversation, !toServer)).hasSizeGreaterThan(7);
        assertThat(ofTheOther.differences(conversation, !toServer))
                .allMatch(difference -> difference.contains(" frame 1:") && difference.contains(" markers "));
    }

    private static byte[] withoutMarkerFlags(byte[] capture) {
        byte[] changed = capture.clone();
        for (String key : new String[] {"MPA ID Req Frame", "MPA ID Rep Frame"}) {
            changed[indexOf(changed, key.getBytes(StandardCharsets.US_ASCII)) + FLAGS] &= (byte) ~MARKERS;
        }
        return changed;
    }

    private static int indexOf(byte[] octets, byte[] wanted) {
        for (int at = 0; at + wanted.length <= octets.length; at++) {
            if (Arrays.equals(octets, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        throw new AssertionError("there is no startup frame in the capture");
    }
}
