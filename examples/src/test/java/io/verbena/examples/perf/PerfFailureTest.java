package io.verbena.examples.perf;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.RunningTool;
import io.verbena.examples.ToolProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong is one sentence at each end that knows of it, and nobody waits for ever. */
class PerfFailureTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aServerRefusesWhatItCannotDoAndGoesOn() throws Exception {
        try (RunningTool server = serve("--max-memory 1M")) {
            RunningTool greedy = run("write :" + server.port() + " --region 1m -n 1");
            RunningTool modest = run("write :" + server.port() + " --region 64k -n 1 --warm-up 0");

            failed(
                    greedy,
                    "verbena perf write: the server refused: the test needs 2.0 MiB of memory, and the server gives a "
                            + "client at most 1.0 MiB");
            assertThat(server.err()).contains("refused, the test needs 2.0 MiB");
            assertThat(modest.exitCode()).as(modest.output()).isZero();
        }
    }

    @Test
    void aServerRefusesClientsOfOtherCommands() throws Exception {
        try (RunningTool server = serve("")) {
            RunningTool copy = RunningTool.run(
                    "copy", "src/test/java/io/verbena/examples/perf/PerfFailureTest.java", ":" + server.port());

            failed(copy, "refused: the client does not speak the protocol of 'verbena perf'");
        }
    }

    @Test
    void aClientSaysThatTheServerIsOneOfAnotherCommand() throws Exception {
        try (RunningTool server = RunningTool.start("copy", "serve", "--listen", ":0", "--to", folder.toString())) {
            failed(run("send :" + server.port()), "the server refused: this is a receiver of 'verbena copy'");
        }
        try (RunningTool server = RunningTool.start("rping", "-s", "-a", "127.0.0.1", "-p", "0", "-d")) {
            failed(run("send :" + server.port()), "the server does not speak the protocol of 'verbena perf'");
        }
    }

    @Test
    void aPortThatIsTakenIsASentence() throws Exception {
        try (RunningTool server = serve("")) {
            RunningTool second = RunningTool.run("perf", "serve", "--listen", ":" + server.port());

            failed(second, "verbena perf serve: ");
        }
    }

    @Test
    void figuresThatCannotBeWrittenAreRefusedBeforeTheTest() throws Exception {
        failed(
                run("write localhost:1 --json " + folder.resolve("missing").resolve("figures.json")),
                "must name a file in an existing directory");
    }

    @Test
    void aClientThatSaysNothingLosesItsServer() throws Exception {
        try (RunningTool server = serve("--timeout 1 --once");
                SilentPeer client = new SilentPeer()) {
            client.connect(server.port());

            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.err()).contains("the client was silent for 1 s");
        }
    }

    @Test
    void aServerThatSaysNothingLosesItsClient() throws Exception {
        try (SilentPeer server = new SilentPeer()) {
            RunningTool client = RunningTool.start(
                    "perf", "write", ":" + server.listen(), "--timeout", "1", "--region", "64k", "--driven");
            server.acceptTwo();

            failed(client, "the server was silent for 1 s");
        }
    }

    @Test
    void aClientWhoseServerIsKilledSaysSo() throws Exception {
        try (ToolProcess server = ToolProcess.start(folder, "perf", "serve", "--listen", "127.0.0.1:0")) {
            String address = "127.0.0.1:" + server.port();
            RunningTool whole = run("send bw " + address + " -n 100 --warm-up 0 --region 64k");
            assertThat(whole.exitCode()).as(whole.output()).isZero();

            RunningTool client = RunningTool.start("perf", "write", address, "-D", "100", "--region", "64k");
            Awaitility.await().atMost(LIMIT).until(() -> client.out().contains("MiB/s"));
            server.kill();

            failed(client, "verbena perf write: the server went away: ");
        }
    }

    @Test
    void aServerWhoseClientIsKilledSaysSo() throws Exception {
        try (RunningTool server = serve("--once");
                ToolProcess client = ToolProcess.start(
                        folder, "perf", "send", "lat", "127.0.0.1:" + server.port(), "-D", "100", "--driven")) {
            Awaitility.await().atMost(LIMIT).until(() -> client.out().contains("99.99%"));
            client.kill();

            failed(server, ": the client went away: ");
        }
    }

    private static RunningTool serve(String options) {
        return RunningTool.start(
                ("perf serve --listen 127.0.0.1:0 " + options).trim().split(" +"));
    }

    private static RunningTool run(String line) throws Exception {
        return RunningTool.run(("perf " + line).trim().split(" +"));
    }

    private static void failed(RunningTool tool, String sentence) throws Exception {
        assertThat(tool.exitCode()).as(tool.output()).isEqualTo(1);
        assertThat(tool.err().lines()).hasSize(1);
        assertThat(tool.err()).contains(sentence);
    }
}
