package io.verbena.examples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verbena.examples.RunningTool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --capture} of the commands. */
class CaptureOptionTest {
    @TempDir
    private Path folder;

    @Test
    void twoDevicesOfASampleShareTheFile() throws Exception {
        Path file = folder.resolve("sample.pcapng");
        RunningTool tool = RunningTool.run("sample", "write-and-read", "--capture", file.toString());

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(RunningTool.run("decode", file.toString()).out())
                .containsSubsequence("REQUEST", "REPLY", "WRITE LAST", "READ_REQUEST LAST", "READ_RESPONSE LAST")
                .contains("# 1 iWARP connection, 5 frames");
    }

    @Test
    void whatWasSaidBeforeRdmaIsCapturedToo() throws Exception {
        Path file = folder.resolve("text.pcapng");
        RunningTool tool = RunningTool.run("sample", "text-then-rdma", "--capture", file.toString());

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(RunningTool.run("decode", file.toString()).out())
                .contains("MPA      REQUEST", "octets outside MPA", "# 1 iWARP connection");
    }

    @Test
    void aFullDiskIsOneLineAndTheCommandGoesOn() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "this system has no /dev/full");
        RunningTool tool = RunningTool.run("sample", "write-and-read", "--capture", "/dev/full");

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(tool.err().lines())
                .containsExactly("verbena sample: the capture to /dev/full has ended early: No space left on device");
    }

    @Test
    void aFileThatCannotBeWrittenIsOneLine() throws Exception {
        Path file = folder.resolve("no/such.pcapng");
        RunningTool tool = RunningTool.run("info", "--capture", file.toString());

        assertThat(tool.exitCode()).isEqualTo(1);
        assertThat(tool.err().lines())
                .containsExactly("verbena info: capture file " + file + ": there is no such folder");
    }
}
