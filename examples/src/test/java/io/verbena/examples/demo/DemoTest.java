package io.verbena.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.RunningTool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir
    private Path folder;

    @Test
    void showsEveryStepWithBothEndsAndLeavesNoProcess() throws Exception {
        Path capture = folder.resolve("demo.pcapng");
        RunningTool tool = RunningTool.run("demo", "--capture", capture.toString());

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(tool.out())
                .contains("1. Open a device", "2. Connect", "3. Send", "4. RDMA Write", "5. RDMA Read", "6. A Write")
                .contains("[client]", "[server]")
                .containsPattern("STag 0x[0-9a-f]{8} \\(index 0x[0-9a-f]+, key 0x[0-9a-f]+\\)")
                .containsPattern("Terminate\\s+1/1/02 sent")
                .containsPattern("Terminate\\s+1/1/02 received")
                .contains("All six steps did what they should");
        assertThat(tool.err()).isEmpty();
        assertThat(ProcessHandle.current()
                        .descendants()
                        .filter(ProcessHandle::isAlive)
                        .filter(process ->
                                process.info().commandLine().orElse("").contains("demo-server")))
                .isEmpty();

        RunningTool decoded = RunningTool.run("decode", capture.toString());
        assertThat(decoded.exitCode()).as(decoded.output()).isZero();
        assertThat(decoded.out())
                .containsSubsequence(
                        "MPA      REQUEST",
                        "MPA      REPLY",
                        "SEND",
                        "WRITE",
                        "READ_REQUEST",
                        "READ_RESPONSE",
                        "1/1/02")
                .contains("# 1 iWARP connection, 11 frames");
    }
}
