package io.verbena.examples.rping;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.RunningTool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ends in this JVM, over real TCP. */
class RpingTest {
    @ParameterizedTest
    @CsvSource({
        "16, ''",
        "17, ''",
        "64, ''",
        "1000, --no-crc",
        "4096, --markers",
        "60000, ''",
        "65535, ''",
        "65535, --no-crc",
        "65535, --placement eager",
        "64, --revision 1",
        "64, --peer-to-peer write",
        "64, --peer-to-peer read",
        "64, --peer-to-peer send",
        "64, --peer-to-peer 'send,read,write'",
        "64, --first-message-delay 5"
    })
    void pingsComeBack(int size, String options) throws Exception {
        try (RunningTool server = RunningTool.start(words("rping -s -a 127.0.0.1 -p 0 -d " + forServer(options)))) {
            String line = "rping -c -a 127.0.0.1 -C 5 -V -S " + size + " -p " + server.port() + " " + options;

            RunningTool client = RunningTool.run(words(line.replace("'", "")));

            assertThat(client.exitCode()).as(client.output()).isZero();
            assertThat(server.exitCode()).as(server.output()).isZero();
        }
    }

    @Test
    void bothEndsShowTheTexts() throws Exception {
        try (RunningTool server = RunningTool.start(words("rping -s -v -a 127.0.0.1 -p 0 -d"))) {
            RunningTool client = RunningTool.run(words("rping -c -v -a 127.0.0.1 -C 2 -S 32 -p " + server.port()));

            assertThat(client.out().lines())
                    .containsExactly(
                            "ping data: rdma-ping-0: ABCDEFGHIJKLMNOPQR", "ping data: rdma-ping-1: BCDEFGHIJKLMNOPQRS");
            assertThat(server.exitCode()).isZero();
            assertThat(server.out().lines())
                    .containsExactly(
                            "server ping data: rdma-ping-0: ABCDEFGHIJKLMNOPQR",
                            "server ping data: rdma-ping-1: BCDEFGHIJKLMNOPQRS");
        }
    }

    @Test
    void aPersistentServerServesManyAtOnceAlsoOverIpv6() throws Exception {
        try (RunningTool server = RunningTool.start(words("rping -s -P -a ::1 -p 0 -d"))) {
            String line = "rping -c -a ::1 -V -C 20 -S 5000 -p " + server.port();
            RunningTool[] clients = Stream.generate(() -> RunningTool.start(words(line)))
                    .limit(4)
                    .toArray(RunningTool[]::new);

            for (RunningTool client : clients) {
                assertThat(client.exitCode()).as(client.output()).isZero();
            }
        }
    }

    @Test
    void aDeadlineEndsAServerWithoutClients() throws Exception {
        RunningTool server = RunningTool.run(words("rping -s -a 127.0.0.1 -p 0 --deadline 1"));

        assertThat(server.exitCode()).isEqualTo(1);
        assertThat(server.err()).contains("verbena rping: ", "deadline of 1 s");
    }

    @Test
    void aDeadlineEndsPingsWithoutEnd() throws Exception {
        try (RunningTool server = RunningTool.start(words("rping -s -P -a 127.0.0.1 -p 0 -d"))) {
            RunningTool client = RunningTool.run(words("rping -c -a 127.0.0.1 --deadline 1 -p " + server.port()));

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.err()).contains("deadline of 1 s");
        }
    }

    private static String forServer(String options) {
        return options.startsWith("--revision")
                        || options.startsWith("--peer-to-peer")
                        || options.startsWith("--first-message-delay")
                ? ""
                : options;
    }

    private static String[] words(String line) {
        return line.trim().split(" +");
    }
}
