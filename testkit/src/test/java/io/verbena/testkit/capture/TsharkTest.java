package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.testkit.capture.CaptureScenarios.Scenario;
import io.verbena.testkit.wireshark.SecondOpinion;
import io.verbena.testkit.wireshark.Tshark;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wireshark's dissectors, which others wrote, agree with ours on every field of every frame that our devices exchange, whatever
 * the connection agreed on.
 */
@Tag("interop")
@Timeout(180)
class TsharkTest {
    @TempDir
    private static Path folder;

    private static SecondOpinion opinion;

    @BeforeAll
    static void captureAndDissect() throws Exception {
        assumeTrue(Tshark.installed(), "tshark is not installed (Debian: apt-get install tshark)");
        Path file = folder.resolve("all.pcapng");
        // Keeps the file open while pairs of devices come and go.
        try (Device keeper =
                Device.open(DeviceOptions.defaults().withName("keeper").withCapture(file))) {
            CaptureScenarios.run(file);
            assertThat(keeper.name()).isEqualTo("keeper");
        }
        opinion = SecondOpinion.of(file);
    }

    private static IwarpConversation ofScenario(Scenario scenario) {
        return opinion.ours().get(scenario.ordinal());
    }

    private static List<Tshark.Frame> ofScenario(Scenario scenario, String field) {
        return opinion.theirs().frames().stream()
                .filter(frame -> frame.stream() == scenario.ordinal() && frame.field(field) != null)
                .toList();
    }

    @Test
    void everyConnectionIsThereOnce() {
        assertThat(opinion.ours()).hasSize(Scenario.values().length);
        assertThat(opinion.theirs().streams()).isEqualTo(Scenario.values().length);
    }

    @Test
    void noFrameIsMalformedNoChecksumWrongNothingRepeatedAndNoTimeGoesBack() {
        assertThat(opinion.theirs().packets()).isGreaterThan(200);
        assertThat(opinion.complaints()).isEmpty();
    }

    @Test
    void everyFieldIsReadTheSameByBothAndEveryCrcInUseIsGood() {
        assertThat(opinion.differences()).isEmpty();
    }

    @Test
    void crcsAreThereWhereTheyWereAgreedOn() {
        for (Scenario scenario : Scenario.values()) {
            boolean without = scenario == Scenario.PLAIN || scenario == Scenario.MARKERS_WITHOUT_CRC;
            assertThat(opinion.theirs().frames())
                    .filteredOn(frame ->
                            frame.stream() == scenario.ordinal() && frame.field("iwarp_mpa.ulpdulength") != null)
                    .as("%s", scenario)
                    .allSatisfy(frame -> {
                        if (without) {
                            assertThat(frame.fields()).doesNotContainKey("iwarp_mpa.crc_check");
                        } else {
                            assertThat(frame.words().get("iwarp_mpa.crc_check")).contains("Good CRC32");
                        }
                    });
        }
    }

    @Test
    void everyKindOfMessageWasSeen() {
        Set<RdmapOpcode> seen = opinion.ours().stream()
                .flatMap(conversation -> conversation.frames().stream())
                .map(DecodedFrame::opcode)
                .filter(opcode -> opcode != null)
                .collect(Collectors.toSet());
        assertThat(seen).containsExactlyInAnyOrder(RdmapOpcode.values());
    }

    @Test
    void startupSaysWhatTheScenarioIsAbout() {
        assertThat(ofScenario(Scenario.REVISION_1, "iwarp_mpa.rev"))
                .hasSize(2)
                .allSatisfy(frame -> assertThat(frame.number("iwarp_mpa.rev")).isEqualTo(1));
        assertThat(ofScenario(Scenario.MARKERS, "iwarp_mpa.marker_flag"))
                .hasSize(2)
                .allSatisfy(
                        frame -> assertThat(frame.flag("iwarp_mpa.marker_flag")).isTrue());
        assertPrivateData(Scenario.MUCH_PRIVATE_DATA, CaptureScenarios.MUCH_PRIVATE_DATA_OCTETS + 4);
        assertPrivateData(Scenario.NO_PRIVATE_DATA, 0);
        assertThat(ofScenario(Scenario.REJECTED, "iwarp_mpa.rej_flag"))
                .extracting(frame -> frame.flag("iwarp_mpa.rej_flag"))
                .containsExactly(false, true);
    }

    private static void assertPrivateData(Scenario scenario, long octets) {
        assertThat(ofScenario(scenario, "iwarp_mpa.pdlength"))
                .as("%s", scenario)
                .extracting(frame -> frame.number("iwarp_mpa.pdlength"))
                .containsExactly(octets, octets);
    }

    @Test
    void aPeerToPeerConnectionOpensWithWhatWasAgreedOn() {
        assertOpening(Scenario.PEER_TO_PEER_SEND, RdmapOpcode.SEND);
        assertOpening(Scenario.PEER_TO_PEER_WRITE, RdmapOpcode.RDMA_WRITE);
        assertOpening(Scenario.PEER_TO_PEER_READ, RdmapOpcode.READ_REQUEST);
    }

    private static void assertOpening(Scenario scenario, RdmapOpcode opcode) {
        assertThat(ofScenario(scenario, "iwarp_rdma.opcode"))
                .as("%s", scenario)
                .first()
                .satisfies(
                        frame -> assertThat(frame.number("iwarp_rdma.opcode")).isEqualTo(opcode.value()));
    }

    @Test
    void terminatesSayLayerTypeAndCode() {
        assertThat(ofScenario(Scenario.REFUSED_WRITE, "iwarp_rdma.term_ctrl"))
                .singleElement()
                .satisfies(frame -> {
                    assertThat(frame.words().get("iwarp_rdma.term_layer")).contains("DDP (0x1)");
                    assertThat(frame.words().get("iwarp_rdma.term_errcode_ddp_tagged"))
                            .contains("Invalid STag");
                });
        assertThat(ofScenario(Scenario.REFUSED_READ, "iwarp_rdma.term_ctrl"))
                .singleElement()
                .satisfies(frame -> {
                    assertThat(frame.words().get("iwarp_rdma.term_layer")).contains("RDMA (0x0)");
                    assertThat(frame.words().get("iwarp_rdma.term_errcode_rdma"))
                            .contains("Invalid STag");
                });
    }

    @Test
    void readRequestsAndAtomicsSayWhatTheyWant() {
        assertThat(ofScenario(Scenario.CRC, "iwarp_rdma.rdmardsz"))
                .extracting(frame -> frame.number("iwarp_rdma.rdmardsz"))
                .containsExactly((long) CaptureScenarios.LONG_OCTETS, 0L);
        assertThat(ofScenario(Scenario.CRC, "iwarp_rdma.atomic.opcode"))
                .extracting(frame -> frame.number("iwarp_rdma.atomic.opcode"))
                .containsExactly(0L, 2L, 2L);
        assertThat(ofScenario(Scenario.CRC, "iwarp_rdma.atomic.compare_data"))
                .extracting(frame -> frame.number("iwarp_rdma.atomic.compare_data"))
                .containsExactly(0L, 5L, 0L);
        assertThat(ofScenario(Scenario.CRC, "iwarp_rdma.atomic.original_remote_data_value"))
                .extracting(frame -> frame.number("iwarp_rdma.atomic.original_remote_data_value"))
                .containsExactly(0L, 5L, 7L);
        assertThat(ofScenario(Scenario.CRC, "iwarp_rdma.inval_stag")).hasSize(2);
    }

    @Test
    void textBeforeMpaIsNeitherLostNorTakenForIt() {
        assertThat(ofScenario(Scenario.TEXT_FIRST)).satisfies(conversation -> {
            assertThat(conversation.plainOctets()).isEqualTo(2L * CaptureScenarios.TEXT.length);
            assertThat(conversation.established()).isTrue();
            assertThat(conversation.frames()).hasSize(3);
        });
    }

    @Test
    void everyConnectionButTheRejectedOneStood() {
        for (Scenario scenario : Scenario.values()) {
            assertThat(ofScenario(scenario)).as("%s", scenario).satisfies(conversation -> {
                assertThat(conversation.established()).isEqualTo(scenario != Scenario.REJECTED);
                assertThat(conversation.trouble()).isNull();
                assertThat(conversation.octetsLeft()).isZero();
            });
        }
    }
}
