package io.verbena.benchmarks.end;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndCommandsTest {
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final CountDownLatch gone = new CountDownLatch(1);

    @Test
    void aServerTellsItsPortAndEndsWhenAsked() {
        assertThat(run(EndTask.Role.SERVER, "listen\nquit\n")).isTrue();

        assertThat(answers.toString(StandardCharsets.UTF_8)).matches("bench: ports \\d+\\R");
        assertThat(gone.getCount()).isOne();
    }

    @Test
    void anUnknownCommandFails() {
        assertThat(run(EndTask.Role.SERVER, "dance\nquit\n")).isFalse();
        assertThat(answers.toString(StandardCharsets.UTF_8))
                .isEqualTo("bench: failed a server does not know the command 'dance'" + System.lineSeparator());

        answers.reset();
        assertThat(run(EndTask.Role.CLIENT, "listen\nquit\n")).isFalse();
        assertThat(answers.toString(StandardCharsets.UTF_8)).contains("a client does not know the command 'listen'");
    }

    @Test
    void noticesThatItsCommanderIsGone() throws InterruptedException {
        assertThat(run(EndTask.Role.SERVER, "listen\n")).isTrue();

        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysInOneLineWhatWentWrong() {
        // Nobody listens on port 1.
        assertThat(run(EndTask.Role.CLIENT, "connect 1\nquit\n")).isFalse();

        assertThat(answers.toString(StandardCharsets.UTF_8))
                .startsWith("bench: failed ")
                .hasLineCount(1);
    }

    private boolean run(EndTask.Role role, String commands) {
        return EndCommands.run(
                new EndTask(role, Contender.RAW, BenchRow.SEND_64_RTT_DRIVEN, Effort.QUICK),
                new ByteArrayInputStream(commands.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(answers, true, StandardCharsets.UTF_8),
                gone::countDown);
    }
}
