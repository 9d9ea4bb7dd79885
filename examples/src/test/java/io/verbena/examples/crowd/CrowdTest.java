package io.verbena.examples.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.RunningTool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scenario with few clients and little time: what it promises holds whatever the machine is busy with, but for speed. */
class CrowdTest {
    @ParameterizedTest
    @CsvSource({
        "--hostile flood, RECEIVE_LIMIT_REACHED",
        "--hostile flood, MESSAGE_DROPPED",
        "--hostile flood --unpaced, RECEIVE_LIMIT_REACHED",
        "--hostile flood --limits weighted, MESSAGE_DROPPED",
        "--hostile flood --refusal drop-connection, RECEIVE_QUEUE",
        "--hostile greedy --hostile-rate 100000, MESSAGE_DROPPED",
        "--hostile unfinished --seconds 4 --action drop, message without end"
    })
    void namesTheHostileClientAndHarmsNobodyElse(String options, String named) throws Exception {
        RunningTool tool = crowd(options);

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(tool.out())
                .contains("The hostile client", named)
                .contains("Others that were named: none")
                .containsPattern("missing, wrong, dropped +0, 0, 0")
                .containsPattern("connections lost +0");
        assertThat(tool.err()).isEmpty();
    }

    @Test
    void comparesTwoRounds() throws Exception {
        RunningTool tool = crowd("--baseline --hostile half-frame");

        assertThat(tool.out())
                .contains("10 clients", "10 clients and one that sends half a frame")
                .containsPattern("with, in parts of without +\\d\\.\\d{3}");
    }

    @Test
    void saysWhatWasPromisedAndIsNotSo() throws Exception {
        // One second is not enough to tell a message that is slow from one that never ends.
        RunningTool tool = crowd("--hostile half-frame");

        assertThat(tool.exitCode()).as(tool.output()).isEqualTo(1);
        assertThat(tool.err()).isEqualToIgnoringNewLines("verbena crowd: nobody named the hostile client");
    }

    private static RunningTool crowd(String options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("crowd", "--plain", "--clients", "10", "--warm-up", "0"));
        if (!options.contains("--seconds")) {
            arguments.addAll(List.of("--seconds", "1"));
        }
        if (!options.contains("--baseline")) {
            arguments.add("--no-baseline");
        }
        arguments.addAll(List.of(options.split(" ")));
        return RunningTool.run(arguments.toArray(String[]::new));
    }
}
