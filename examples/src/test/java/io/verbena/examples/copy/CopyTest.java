package io.verbena.examples.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.RunningTool;
import io.verbena.examples.ToolProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that arrive. */
class CopyTest {
    @TempDir
    private Path directory;

    private Path target;

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(directory.resolve("target"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, ''",
        "1, ''",
        "1048575, ''",
        "1048576, ''",
        "12345679, ''",
        "67108864, ''",
        "70000001, --no-crc",
        "5000001, --markers",
        "5000001, --placement eager",
        "5000001, --placement direct"
    })
    void filesOfAllSizesArrive(int size, String options) throws Exception {
        Path file = file("file.bin", size);
        try (RunningTool receiver = receiver(options)) {
            RunningTool sender =
                    RunningTool.run(words("copy " + file + " 127.0.0.1:" + receiver.port() + " " + options));

            assertThat(sender.exitCode()).as(sender.output()).isZero();
            assertThat(receiver.exitCode()).as(receiver.output()).isZero();
            assertThat(target.resolve("file.bin")).hasSameBinaryContentAs(file);
            assertThat(digest(sender)).hasSize(64).isEqualTo(digest(receiver));
            assertThat(sender.err()).isEmpty();
        }
        assertNoLeftovers(1);
    }

    @Test
    void twoProcessesWithoutJvmFlags() throws Exception {
        Path file = file("file.bin", 20_000_001);
        try (ToolProcess receiver =
                        ToolProcess.start(directory, words("copy serve --once --listen 127.0.0.1:0 --to " + target));
                ToolProcess sender =
                        ToolProcess.start(directory, words("copy " + file + " 127.0.0.1:" + receiver.port()))) {
            assertThat(sender.exitCode()).as(sender.err()).isZero();
            assertThat(receiver.exitCode()).as(receiver.err()).isZero();
            assertThat(receiver.err() + sender.err()).isEmpty();
        }
        assertThat(target.resolve("file.bin")).hasSameBinaryContentAs(file);
    }

    @Test
    void oneReceiverServesSendersAtOnceAndOneAfterTheOther() throws Exception {
        Path first = file("first", 9_000_000);
        Path second = file("second", 9_000_001);
        Path third = file("third", 3);
        try (RunningTool receiver = RunningTool.start(words("copy --serve --listen 127.0.0.1:0 --to " + target))) {
            String address = "127.0.0.1:" + receiver.port();
            RunningTool one = RunningTool.start("copy", first.toString(), address);
            RunningTool two = RunningTool.start("copy", second.toString(), address);
            assertThat(one.exitCode()).as(one.output()).isZero();
            assertThat(two.exitCode()).as(two.output()).isZero();
            RunningTool three = RunningTool.run("copy", third.toString(), address);
            assertThat(three.exitCode()).as(three.output()).isZero();
        }
        assertThat(target.resolve("first")).hasSameBinaryContentAs(first);
        assertThat(target.resolve("second")).hasSameBinaryContentAs(second);
        assertThat(target.resolve("third")).hasSameBinaryContentAs(third);
        assertNoLeftovers(3);
    }

    @Test
    void anExistingFileIsReplacedWhenAllowed() throws Exception {
        Path file = file("file.bin", 5);
        Files.writeString(target.resolve("file.bin"), "old and longer");
        try (RunningTool receiver = receiver("--force")) {
            assertThat(RunningTool.run("copy", file.toString(), "127.0.0.1:" + receiver.port())
                            .exitCode())
                    .isZero();
        }
        assertThat(target.resolve("file.bin")).hasSameBinaryContentAs(file);
    }

    private RunningTool receiver(String options) {
        return RunningTool.start(words("copy serve --once --listen 127.0.0.1:0 --to " + target + " " + options));
    }

    private Path file(String name, int size) throws IOException {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        return Files.write(directory.resolve(name), octets);
    }

    private void assertNoLeftovers(int files) throws IOException {
        try (var entries = Files.list(target)) {
            assertThat(entries).hasSize(files);
        }
    }

    private static String digest(RunningTool tool) {
        return tool.out()
                .lines()
                .filter(line -> line.startsWith("SHA-256 "))
                .map(line -> line.split("[ ,]")[1])
                .findFirst()
                .orElseThrow();
    }

    private static String[] words(String line) {
        return line.trim().split(" +");
    }
}
