package io.verbena.benchmarks.end;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndTaskTest {
    @Test
    void comesBackFromItsArguments() {
        EndTask task = new EndTask(EndTask.Role.CLIENT, Contender.NETTY, BenchRow.SEND_64_RTT_BACKGROUND, Effort.QUICK);

        assertThat(task.arguments()).containsExactly("client", "netty", "send-64-rtt-background", "quick");
        assertThat(EndTask.parse(task.arguments())).isEqualTo(task);
    }

    @Test
    void takesTheFileOfItsCaptureAlong() {
        EndTask task = new EndTask(EndTask.Role.CLIENT, Contender.OURS, BenchRow.SEND_64_RTT_DRIVEN, Effort.QUICK)
                .withCapture(Path.of("a b.pcapng"));

        assertThat(task.arguments()).hasSize(5).endsWith("a b.pcapng");
        assertThat(EndTask.parse(task.arguments())).isEqualTo(task);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client netty send-64-rate",
                "client netty send-65-rate quick",
                "guest netty send-64-rate quick",
                "client grizzly send-64-rate quick",
                "client netty send-64-rate lazy",
                "client netty send-64-rtt-driven quick a.pcapng b.pcapng"
            })
    void refusesOtherArguments(String line) {
        assertThatThrownBy(() -> EndTask.parse(Arrays.asList(line.split(" "))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
