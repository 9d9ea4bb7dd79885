package io.verbena.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"demo", "copy", "rping", "perf", "crowd", "decode", "conformance", "info", "sample", "bench"})
    void everyCommandTeachesItself(String command) throws Exception {
        RunningTool tool = RunningTool.run(command, "--help");

        assertThat(tool.exitCode()).isZero();
        assertThat(tool.out()).contains("Exit codes:", "Examples:", "verbena " + command);
        assertThat(tool.err()).isEmpty();
    }

    @Test
    void theHelpNamesTheCommandsAndHidesTheOtherHalvesOfSome() throws Exception {
        RunningTool tool = RunningTool.run("--help");

        assertThat(tool.exitCode()).isZero();
        assertThat(tool.out())
                .contains("demo", "copy", "rping", "perf", "crowd", "decode", "conformance", "info", "sample", "bench")
                .doesNotContain("demo-server");
    }

    @Test
    void aCommandIsNeeded() throws Exception {
        RunningTool tool = RunningTool.run("--");

        assertThat(tool.exitCode()).isEqualTo(2);
        assertThat(tool.err()).contains("Start with");
    }

    @Test
    void tellsItsVersion() throws Exception {
        RunningTool tool = RunningTool.run("--version");

        assertThat(tool.exitCode()).isZero();
        assertThat(tool.out()).startsWith("verbena 0.").contains("Java " + System.getProperty("java.version"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fly",
                "copy",
                "copy file",
                "copy file nowhere:port",
                "copy serve --listen localhost:65536",
                "copy file localhost:1 --once",
                "copy serve --placement sideways",
                "copy serve --crc --placement direct",
                "copy serve --max-size lots",
                "copy file localhost:1 --timeout 0",
                "rping",
                "rping -s -c",
                "rping -c",
                "rping -c -a localhost -S 15",
                "rping -c -a localhost -S 65536",
                "rping -c -a localhost -p 70000",
                "rping -c -a localhost -C -1",
                "rping -c -a localhost --revision 3",
                "rping -c -a localhost --revision 1 --peer-to-peer write",
                "crowd --clients 0",
                "crowd --size 31",
                "crowd --limits some",
                "crowd --limits fixed:0",
                "crowd --limits fixed:3217",
                "crowd --hostile kind",
                "crowd --seconds 0",
                "perf",
                "perf fly",
                "perf write",
                "perf write sideways localhost",
                "perf write localhost lat",
                "perf write lat localhost:99999",
                "perf write lat localhost --batch 2",
                "perf write localhost --seconds 1 --iterations 5",
                "perf write localhost --iterations 0",
                "perf write localhost --seconds 0",
                "perf write localhost --warm-up -1",
                "perf write localhost --size 0",
                "perf write localhost --size 2..1",
                "perf write localhost --all --size 64",
                "perf write localhost --depth 0",
                "perf write localhost --depth 8 --batch 9",
                "perf write localhost --no-crc --placement eager",
                "perf write localhost --size 512m --queue-pairs 2",
                "perf read localhost --inline 64",
                "perf serve --timeout 0",
                "perf serve --data-port 65536",
                "sample dance",
                "decode",
                "decode a b",
                "info --xml"
            })
    void wrongUsageIsOneLineAndExitCodeTwo(String line) throws Exception {
        RunningTool tool = RunningTool.run(line.split(" "));

        assertThat(tool.exitCode()).as(tool.output()).isEqualTo(2);
        assertThat(tool.out()).isEmpty();
        assertThat(tool.err().lines()).hasSize(1);
        assertThat(tool.err()).startsWith("verbena").contains("--help");
    }

    @Test
    void saysWhichCommandThereIsNot() throws Exception {
        assertThat(RunningTool.run("fly").err()).contains("there is no command 'fly'");
        assertThat(RunningTool.run("info", "now").err()).contains("'now' is one argument too many");
    }

    @Test
    void aFailureIsOneLineAndExitCodeOne() throws Exception {
        RunningTool tool = RunningTool.run("copy", "/no/such/file", "localhost:1");

        assertThat(tool.exitCode()).isEqualTo(1);
        assertThat(tool.err().lines()).hasSize(1);
        assertThat(tool.err()).startsWith("verbena copy: ").contains("/no/such/file", "no such file");
    }

    @Test
    void aFailureShowsItsStackTraceWhenAsked() throws Exception {
        RunningTool tool = RunningTool.run("copy", "/no/such/file", "localhost:1", "--debug");

        assertThat(tool.exitCode()).isEqualTo(1);
        assertThat(tool.err()).contains("verbena copy: ", "\tat io.verbena.examples.copy.");
    }
}
