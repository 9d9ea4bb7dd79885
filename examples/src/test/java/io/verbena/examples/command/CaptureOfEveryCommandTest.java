package io.verbena.examples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.examples.RunningTool;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.testkit.wireshark.SecondOpinion;
import io.verbena.testkit.wireshark.Tshark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that opens connections writes a capture when it is asked to, and Wireshark, if it is here, agrees with each. */
@Timeout(110)
class CaptureOfEveryCommandTest {
    /** Commands that open no connection. */
    private static final List<String> WITHOUT_CONNECTIONS = List.of("decode", "help");

    /**
     * For each command its lines: all but the last are started, the last is run to its end. PORT is where the first says that it
     * listens, CAPTURE the file, FOLDER a folder.
     */
    private static final Map<String, List<String>> LINES = Map.of(
            "demo", List.of("demo --capture CAPTURE"),
            "copy",
                    List.of(
                            "copy serve --once --listen 127.0.0.1:0 --to FOLDER --capture CAPTURE",
                            "copy FOLDER/file.bin 127.0.0.1:PORT --capture CAPTURE"),
            "rping",
                    List.of(
                            "rping -s -a 127.0.0.1 -p 0 -d --capture CAPTURE",
                            "rping -c -a 127.0.0.1 -C 5 -V -S 5000 -p PORT --capture CAPTURE"),
            "perf",
                    List.of(
                            "perf serve --once --listen 127.0.0.1:0 --capture CAPTURE",
                            "perf write lat 127.0.0.1:PORT --iterations 20 --warm-up 0 --region 64k --capture CAPTURE"),
            "crowd",
                    List.of("crowd --plain --clients 3 --seconds 1 --warm-up 0 --hostile none --no-baseline "
                            + "--capture CAPTURE"),
            "conformance",
                    List.of(
                            "conformance serve 127.0.0.1:0",
                            "conformance 127.0.0.1:PORT --only read-odd-sizes --only end-in-order --capture CAPTURE"),
            "info", List.of("info --capture CAPTURE"),
            "sample", List.of("sample write-and-read --capture CAPTURE"),
            "bench", List.of("bench send-64-rtt-driven --quick --capture CAPTURE"));

    @TempDir
    private Path folder;

    static Stream<String> commands() {
        return LINES.keySet().stream().sorted();
    }

    @Test
    void everyCommandIsHere() throws Exception {
        List<String> expected = new ArrayList<>(LINES.keySet());
        expected.addAll(WITHOUT_CONNECTIONS);
        List<String> commands = RunningTool.run("--help")
                .out()
                .lines()
                .dropWhile(line -> !line.startsWith("Commands:"))
                .skip(1)
                .takeWhile(line -> line.startsWith("  "))
                .filter(line -> line.matches("  \\w.*"))
                .map(line -> line.strip().split(" ")[0])
                .toList();
        assertThat(commands).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theHelpNamesTheOption(String command) throws Exception {
        List<String> words = command.equals("perf") ? List.of("write", "serve") : Collections.singletonList(null);
        for (String word : words) {
            List<String> line = new ArrayList<>(List.of(command));
            if (word != null) {
                line.add(word);
            }
            line.add("--help");
            assertThat(RunningTool.run(line.toArray(String[]::new)).out()).contains("--capture");
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void writesACaptureThatIsWholeAndThatWiresharkReadsTheSame(String command) throws Exception {
        Path file = capture(LINES.get(command));

        List<IwarpConversation> conversations = IwarpDecoder.decode(file);
        if (command.equals("info")) {
            assertThat(conversations).isEmpty();
            return;
        }
        assertThat(conversations)
                .isNotEmpty()
                .allSatisfy(conversation -> {
                    assertThat(conversation.trouble()).isNull();
                    assertThat(conversation.established()).isTrue();
                    // A crowd is broken up when its time is over, perhaps within a frame.
                    assertThat(conversation.octetsLeft()).isLessThan(command.equals("crowd") ? 1_000 : 1);
                })
                .anySatisfy(conversation -> assertThat(conversation.frames()).hasSizeGreaterThan(3));
        if (Tshark.installed()) {
            SecondOpinion opinion = SecondOpinion.of(file);
            assertThat(opinion.differences()).isEmpty();
            assertThat(opinion.complaints()).isEmpty();
        }
    }

    private Path capture(List<String> lines) throws Exception {
        Path file = folder.resolve("capture.pcapng");
        Files.write(folder.resolve("file.bin"), new byte[300_000]);
        Path target = Files.createDirectory(folder.resolve("target"));
        List<RunningTool> started = new ArrayList<>();
        try {
            for (String line : lines) {
                String filled = line.replace("CAPTURE", file.toString())
                        .replace("--to FOLDER", "--to " + target)
                        .replace("FOLDER", folder.toString());
                if (!started.isEmpty()) {
                    filled =
                            filled.replace("PORT", String.valueOf(started.get(0).port()));
                }
                started.add(RunningTool.start(filled.split(" ")));
            }
            RunningTool last = started.get(started.size() - 1);
            assertThat(last.exitCode()).as(last.output()).isZero();
            if (lines.get(0).contains("--capture")) {
                // It has the file open.
                assertThat(started.get(0).exitCode())
                        .as(started.get(0).output())
                        .isZero();
            }
            return file;
        } finally {
            started.forEach(RunningTool::close);
        }
    }

    @Test
    void theConformanceRunnerCapturesWhatConnectsToIt() throws Exception {
        Path file = folder.resolve("listen.pcapng");
        try (RunningTool run = RunningTool.start(
                "conformance", "listen", "127.0.0.1:0", "--only", "read", "--capture", file.toString())) {
            RunningTool.run("conformance", "connect", "127.0.0.1:" + run.port());
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        assertThat(IwarpDecoder.decode(file))
                .allSatisfy(conversation -> assertThat(conversation.trouble()).isNull())
                .filteredOn(IwarpConversation::established)
                .hasSizeGreaterThan(3);
    }

    /** What our stack answers to anything, right or wrong: tshark reads it as we do. */
    @Test
    void wiresharkReadsTheSameInAllThatOurStackSaysToTheConformanceRunner() throws Exception {
        Path file = folder.resolve("answers.pcapng");
        try (RunningTool served = RunningTool.start("conformance", "serve", "127.0.0.1:0")) {
            RunningTool run = RunningTool.run(
                    "conformance",
                    "127.0.0.1:" + served.port(),
                    "--only",
                    "ddp",
                    "--only",
                    "rdmap",
                    "--only",
                    "extension",
                    "--capture",
                    file.toString());
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        List<IwarpConversation> conversations = IwarpDecoder.decode(file);
        assertThat(conversations).hasSizeGreaterThan(60);
        assertThat(conversations.stream()
                        .filter(IwarpConversation::established)
                        .flatMap(conversation -> conversation.frames().stream())
                        .filter(frame -> !frame.fromInitiator() && frame.opcode() == RdmapOpcode.TERMINATE))
                .hasSizeGreaterThan(30);
        if (Tshark.installed()) {
            SecondOpinion opinion = SecondOpinion.of(file);
            List<String> differences = conversations.stream()
                    .flatMap(conversation -> opinion.differences(conversation, false).stream())
                    .toList();
            assertThat(differences).isEmpty();
        }
    }

    @Test
    void aFullDiskIsOneLineAndTheConformanceRunGoesOn() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "this system has no /dev/full");
        try (RunningTool served = RunningTool.start("conformance", "serve", "127.0.0.1:0")) {
            RunningTool run = RunningTool.run(
                    "conformance", "127.0.0.1:" + served.port(), "--only", "read-nothing", "--capture", "/dev/full");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.err().lines())
                    .containsExactly(
                            "verbena conformance: the capture to /dev/full has ended early: No space left on device");
        }
    }

    @Test
    void aTableOfCostsIsCapturedToo() throws Exception {
        Path file = folder.resolve("scale.pcapng");
        RunningTool tool = RunningTool.run("bench", "--scale", "windows", "--quick", "--capture", file.toString());

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(IwarpDecoder.decode(file)).isNotEmpty().allSatisfy(conversation -> {
            assertThat(conversation.established()).isTrue();
            assertThat(conversation.frames()).hasSizeGreaterThan(8);
        });
    }

    @Test
    void aBenchmarkCapturesOneRow() throws Exception {
        RunningTool tool = RunningTool.run("bench", "--quick", "--capture", "never.pcapng");

        assertThat(tool.exitCode()).isEqualTo(2);
        assertThat(tool.err().lines()).hasSize(1);
        assertThat(tool.err()).contains("--capture is of one row, and these are ");
    }

    @Test
    void aCaptureThatTheConformanceRunnerCannotWriteIsOneLine() throws Exception {
        RunningTool tool = RunningTool.run("conformance", "127.0.0.1:1", "--capture", folder + "/no/such.pcapng");

        assertThat(tool.exitCode()).isEqualTo(1);
        assertThat(tool.err().lines())
                .containsExactly(
                        "verbena conformance: capture file " + folder + "/no/such.pcapng: there is no such folder");
    }
}
