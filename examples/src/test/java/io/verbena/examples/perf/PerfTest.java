package io.verbena.examples.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.jr.ob.JSON;
import io.verbena.examples.RunningTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ends in this JVM, over real TCP; what is measured is not looked at. */
class PerfTest {
    private static RunningTool server;

    @TempDir
    Path folder;

    @BeforeAll
    static void serve() {
        server = RunningTool.start("perf", "serve", "--listen", "127.0.0.1:0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "write bandwidth, ''",
        "write bandwidth, --driven",
        "write bandwidth, --no-crc --bidirectional",
        "write bandwidth, --placement eager --size 100k --driven --bidirectional",
        "write bandwidth, --size 1..33 --inline 16 --region 64",
        "write bandwidth, --depth 1",
        "write bandwidth, --depth 64 --batch 16 --signal-every 49 --event-loops 2 --queue-pairs 3",
        "write latency, ''",
        "write latency, --driven",
        "write latency, --driven --size 3000 --markers",
        "write latency, --inline 64",
        "read bandwidth, ''",
        "read bandwidth, --driven --bidirectional --queue-pairs 2",
        "read bandwidth, --outstanding-reads 1 --size 20k",
        "read latency, ''",
        "read latency, --driven",
        "send bandwidth, ''",
        "send bandwidth, --driven",
        "send bandwidth, --depth 1 --size 1..4",
        "send bandwidth, --bidirectional --queue-pairs 3 --depth 7 --batch 3",
        "send bandwidth, --bidirectional --driven --markers",
        "send latency, ''",
        "send latency, --driven --no-crc"
    })
    void everyTestRunsInEveryMode(String test, String options) throws Exception {
        RunningTool client = run(test + " 127.0.0.1:" + server.port() + " --iterations 100 " + options);

        assertThat(client.exitCode()).as(client.output() + server.output()).isZero();
        assertThat(client.err()).isEmpty();
        assertThat(client.out()).contains(test.endsWith("latency") ? "99.99%" : "MiB/s");
    }

    @Test
    void aRunCanBeATimeWithAWarmUp() throws Exception {
        RunningTool client =
                run("send bw 127.0.0.1:" + server.port() + " --seconds 0.05 --warm-up 0.05 --bidirectional");

        assertThat(client.exitCode()).as(client.output() + server.output()).isZero();
    }

    @Test
    void figuresGoIntoAFile() throws Exception {
        Path file = folder.resolve("figures.json");

        RunningTool client =
                run("write 127.0.0.1:" + server.port() + " -n 64 -q 2 --size 64..256 --no-crc --json " + file);

        assertThat(client.exitCode()).as(client.output()).isZero();
        Map<String, Object> figures = JSON.std.mapFrom(Files.readString(file));
        assertThat(figures)
                .containsKeys("tool", "version", "parameters", "client")
                .containsEntry("test", "write bandwidth")
                .containsEntry("perftest", "ib_write_bw");
        assertThat((Map<?, ?>) figures.get("connection"))
                .extracting("crc", "placement")
                .containsExactly(false, "direct");
        assertThat((List<?>) figures.get("rows"))
                .extracting("octets", "messages")
                .containsExactly(tuple(64, 128), tuple(128, 128), tuple(256, 128));
    }

    @Test
    void severalClientsAreServedAtOnce() throws Exception {
        String line = "perf send latency 127.0.0.1:" + server.port() + " --iterations 200 --warm-up 0";
        RunningTool[] clients = {
            RunningTool.start(line.split(" ")),
            RunningTool.start(line.split(" ")),
            run("write 127.0.0.1:" + server.port() + " --iterations 200")
        };

        for (RunningTool client : clients) {
            assertThat(client.exitCode()).as(client.output() + server.output()).isZero();
        }
    }

    @Test
    void theServerTellsWhatItServes() throws Exception {
        try (RunningTool once = RunningTool.start("perf", "serve", "--listen", "127.0.0.1:0", "--once")) {
            RunningTool client = run("read latency 127.0.0.1:" + once.port() + " -n 3 --driven --size 1..4");

            assertThat(client.exitCode()).as(client.output()).isZero();
            assertThat(once.exitCode()).as(once.output()).isZero();
            assertThat(once.out()).contains("read latency, caller-driven, messages up to 4 octets", "done, 3 sizes");
        }
    }

    /** Runs a client without a warm-up, unless it says something else. */
    private static RunningTool run(String line) throws Exception {
        String all = "perf " + line
                + (line.contains("--warm-up") ? "" : " --warm-up 0")
                + (line.contains("--region") ? "" : " --region 256k");
        return RunningTool.run(all.trim().split(" +"));
    }
}
