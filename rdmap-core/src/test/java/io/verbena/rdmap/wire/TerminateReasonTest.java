package io.verbena.rdmap.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.DdpError;
import io.verbena.mpa.MpaError;
import io.verbena.testkit.Requirement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TerminateReasonTest {
    /** The registered triples, but for the local catastrophic errors of RDMAP, which have no codes. */
    private static final List<String> REGISTERED = List.of(
            "0/1/00", "0/1/01", "0/1/02", "0/1/03", "0/1/04", "0/1/09", "0/1/FF", "0/2/05", "0/2/06", "0/2/07",
            "0/2/08", "0/2/09", "0/2/FF", "1/0/00", "1/1/00", "1/1/01", "1/1/02", "1/1/03", "1/1/04", "1/2/01",
            "1/2/02", "1/2/03", "1/2/04", "1/2/05", "1/2/06", "2/0/01", "2/0/02", "2/0/03", "2/0/04", "2/0/05",
            "2/0/06", "2/0/07");

    @Test
    @Requirement("RDMAP-4.8-03")
    void everyTripleThereIsHasARowOrNone() {
        for (int layer = 0; layer < 16; layer++) {
            for (int type = 0; type < 16; type++) {
                for (int code = 0; code < 256; code++) {
                    TerminateReason reason = TerminateReason.of(layer, type, code);
                    String triple = layer + "/" + type + "/" + String.format("%02X", code);
                    if (layer == 0 && type == 0) {
                        assertThat(reason).isEqualTo(TerminateReason.RDMAP_LOCAL_CATASTROPHIC);
                    } else if (REGISTERED.contains(triple)) {
                        assertThat(reason).as(triple).isNotNull();
                        assertThat(reason.triple()).isEqualTo(triple);
                    } else {
                        assertThat(reason).as(triple).isNull();
                    }
                }
            }
        }
        assertThat(TerminateReason.values()).hasSize(REGISTERED.size() + 1);
    }

    @ParameterizedTest
    @EnumSource
    void everyRowSaysWhatHappened(TerminateReason reason) {
        assertThat(reason.sentence()).isNotBlank().doesNotEndWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void everyDdpErrorHasItsTriple(DdpError error) {
        TerminateReason reason = TerminateReason.of(error);
        assertThat(reason.layer()).isEqualTo(1);
        assertThat(reason.errorType()).isEqualTo(error.errorType());
        assertThat(reason.errorCode()).isEqualTo(error.errorCode());
    }

    @ParameterizedTest
    @EnumSource
    void everyMpaErrorHasItsTriple(MpaError error) {
        TerminateReason reason = TerminateReason.of(error);
        assertThat(reason.layer()).isEqualTo(2);
        assertThat(reason.errorType()).isZero();
        assertThat(reason.errorCode()).isEqualTo(error.errorCode());
        assertThat(reason.sentOnWire()).isEqualTo(error.sentOnWire());
    }

    @Test
    void onlyALostConnectionAndABadStartupFrameAreNotSent() {
        assertThat(Arrays.stream(TerminateReason.values()).filter(reason -> !reason.sentOnWire()))
                .containsExactly(TerminateReason.MPA_CONNECTION_LOST, TerminateReason.MPA_INVALID_STARTUP_FRAME);
    }

    @ParameterizedTest
    @EnumSource
    @Requirement("RDMAP-4.8-13")
    void headersComeBackAsFigure10OfRfc5040Says(TerminateReason reason) {
        for (RdmapOpcode opcode : RdmapOpcode.values()) {
            ReturnedHeaders expected = switch (reason.layer()) {
                case 0 ->
                    switch (reason.errorType()) {
                        case 0 -> ReturnedHeaders.NONE;
                        case 1 ->
                            opcode == RdmapOpcode.READ_REQUEST ? ReturnedHeaders.DDP_AND_RDMAP : ReturnedHeaders.DDP;
                        default -> ReturnedHeaders.DDP;
                    };
                case 1 -> ReturnedHeaders.DDP;
                default -> ReturnedHeaders.NONE;
            };
            assertThat(reason.returnedHeaders(opcode))
                    .as("%s for %s", reason, opcode)
                    .isEqualTo(expected);
        }
    }
}
