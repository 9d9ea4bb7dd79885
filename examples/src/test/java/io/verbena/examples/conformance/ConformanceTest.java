package io.verbena.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.verbena.examples.RunningTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every case against ourselves, in both roles. The pages in docs/conformance are what comes out; after a change of the cases
 * run this test with {@code -Dverbena.regenerate=true}.
 */
@Timeout(110)
class ConformanceTest {
    private static final Path PAGES =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs/conformance");

    @TempDir
    Path directory;

    @Test
    void ourStackAsResponderDoesWhatTheRfcsSay() throws Exception {
        Path json = directory.resolve("results.json");
        Path report = directory.resolve("report.md");
        try (RunningTool served = RunningTool.start("conformance", "serve", "127.0.0.1:0")) {
            RunningTool run = RunningTool.run(
                    "conformance",
                    "127.0.0.1:" + served.port(),
                    "--stack",
                    "Verbena",
                    "--json",
                    json.toString(),
                    "--report",
                    report.toString());

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).contains("pass     ddp-stag-unknown", " passed, 0 differ, ");
        }
        Map<String, Object> results = JSON.std.mapFrom(Files.readString(json));
        assertThat(results).containsEntry("stack", "Verbena").containsEntry("role", "responder");
        assertThat((List<?>) results.get("cases")).hasSizeGreaterThan(100);
        requirePage("verbena-responder.md", report);
    }

    @Test
    void ourStackAsInitiatorDoesWhatTheRfcsSay() throws Exception {
        Path report = directory.resolve("report.md");
        try (RunningTool run = RunningTool.start(
                "conformance", "listen", "127.0.0.1:0", "--stack", "Verbena", "--report", report.toString())) {
            RunningTool connecting = RunningTool.run("conformance", "connect", "127.0.0.1:" + run.port());

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).contains("pass     startup-request", " passed, 0 differ, ");
            assertThat(connecting.exitCode()).as(connecting.output()).isZero();
            assertThat(connecting.out()).contains(" connections");
        }
        requirePage("verbena-initiator.md", report);
    }

    private static void requirePage(String name, Path report) throws IOException {
        Path page = PAGES.resolve(name);
        if (Boolean.getBoolean("verbena.regenerate")) {
            Files.writeString(page, Files.readString(report));
        }
        assertThat(page)
                .as("docs/conformance/%s; regenerate with -Dverbena.regenerate=true", name)
                .hasSameTextualContentAs(report);
    }

    @Test
    void playsOnlyWhatIsAskedFor() throws Exception {
        try (RunningTool served = RunningTool.start("conformance", "serve", "127.0.0.1:0")) {
            RunningTool run = RunningTool.run(
                    "conformance", "127.0.0.1:" + served.port(), "--only", "read-nothing", "--only", "end-in-order");

            assertThat(run.exitCode()).isZero();
            assertThat(run.out().lines())
                    .containsExactly("pass     read-nothing", "pass     end-in-order", "2 passed, 0 differ, 0 skipped");
        }
    }

    @Test
    void restartsTheStackForACaseThatIsPlayedAlone() throws Exception {
        Path trace = directory.resolve("restarts");
        try (RunningTool served = RunningTool.start("conformance", "serve", "127.0.0.1:0")) {
            RunningTool run = RunningTool.run(
                    "conformance",
                    "127.0.0.1:" + served.port(),
                    "--only",
                    "read-nothing",
                    "--only",
                    "end-in-order",
                    "--alone",
                    "end-in-order",
                    "--pause",
                    "1",
                    "--restart",
                    "echo again >> " + trace);

            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        assertThat(trace).hasContent("again");
    }

    @Test
    void aRestartThatFailsEndsTheRunWithOneLine() throws Exception {
        RunningTool run = RunningTool.run(
                "conformance", "127.0.0.1:1", "--only", "read", "--alone", "read-nothing", "--restart", "exit 7");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly("verbena conformance: --restart: 'exit 7' ended with exit code 7");
    }

    @Test
    void givesUpAtItsDeadline() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            RunningTool run = RunningTool.run(
                    "conformance", "127.0.0.1:" + silent.getLocalPort(), "--timeout", "1", "--deadline", "1");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().lines())
                    .containsExactly("verbena conformance: not finished within the deadline of 1 s");
        }
    }

    @Test
    void listsItsCasesWithoutAStack() throws Exception {
        RunningTool responder = RunningTool.run("conformance", "--list");
        RunningTool initiator = RunningTool.run("conformance", "listen", "--list", "--only", "startup");

        assertThat(responder.exitCode()).isZero();
        assertThat(responder.out().lines()).hasSizeGreaterThan(100);
        assertThat(responder.out()).contains("RFC 5041 7.1", " -> Terminate 1/1/00, and the end");
        assertThat(initiator.out()).contains("startup-reply-rejects").doesNotContain("ddp-");
    }

    @Test
    void aStackThatIsNotThereIsOneLineAndExitCodeOne() throws Exception {
        RunningTool run = RunningTool.run("conformance", "127.0.0.1:1", "--only", "ddp-write-of-nothing");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("differs  ddp-write-of-nothing: nobody accepts TCP connections at 127.0.0.1:1: ");
        assertThat(run.err().lines()).containsExactly("verbena conformance: 1 of 1 cases differ");
    }

    @Test
    void aPlaceThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String place = "127.0.0.1:" + taken.getLocalPort();
            RunningTool run = RunningTool.run("conformance", "listen", place);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).startsWith("verbena conformance: cannot listen at " + place + ": ");
        }
    }

    @Test
    void anApplicationThatFindsNobodySaysSo() throws Exception {
        RunningTool run = RunningTool.run("conformance", "connect", "127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("verbena conformance: ").contains("127.0.0.1:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conformance",
                "conformance connect",
                "conformance 127.0.0.1:99999",
                "conformance 127.0.0.1:1 127.0.0.1:2",
                "conformance 127.0.0.1:1 --only fly",
                "conformance listen --only startup-revision-1",
                "conformance 127.0.0.1:1 --timeout 0",
                "conformance 127.0.0.1:1 --deadline -1",
                "conformance 127.0.0.1:1 --pause 10001",
                "conformance 127.0.0.1:1 --pause -1",
                "conformance 127.0.0.1:1 --trace",
                "conformance 127.0.0.1:1 --json no/such/folder/results.json",
                "conformance 127.0.0.1:1 --report /",
                "conformance 127.0.0.1:1 --alone read-large",
                "conformance 127.0.0.1:1 --restart true",
                "conformance 127.0.0.1:1 --restart true --alone fly"
            })
    void wrongUsageIsOneLineAndExitCodeTwo(String line) throws Exception {
        RunningTool tool = RunningTool.run(line.split(" "));

        assertThat(tool.exitCode()).as(tool.output()).isEqualTo(2);
        assertThat(tool.out()).isEmpty();
        assertThat(tool.err().lines()).hasSize(1);
        assertThat(tool.err()).startsWith("verbena").contains("--help");
    }
}
