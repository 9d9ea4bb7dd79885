package io.verbena.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import io.verbena.benchmarks.row.RowResult;
import io.verbena.benchmarks.row.Samples;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The order of things, with ends that answer by heart. */
class BenchRunTest {
    private final ScriptedLauncher launcher = new ScriptedLauncher();
    private final RecordedProgress progress = new RecordedProgress();

    @Test
    void measuresTheContendersInTurn() throws Exception {
        RowResult result = run(3, BenchRow.WRITE_1M_DIRECT).get(0);

        assertThat(launcher.measured())
                .as("a warm-up each, then three rounds")
                .containsExactly(
                        "ours", "raw", "netty", "ours", "raw", "netty", "ours", "raw", "netty", "ours", "raw", "netty");
        // The numbers that the ends count up to: 1 is the warm-up's.
        assertThat(result.samples())
                .isEqualTo(Map.of(
                        Contender.OURS, new Samples(List.of(2.0, 3.0, 4.0)),
                        Contender.RAW, new Samples(List.of(2.0, 3.0, 4.0)),
                        Contender.NETTY, new Samples(List.of(2.0, 3.0, 4.0))));
        assertThat(result.value(Contender.OURS)).isEqualTo(3);
        assertThat(result.details()).containsEntry("raw.client.value", 3.0);
    }

    @Test
    void startsAPairForEachContenderAndEndsThem() throws Exception {
        run(1, BenchRow.WRITE_1M_DIRECT);

        assertThat(launcher.started()).hasSize(6).extracting(EndTask::contender).containsOnly(Contender.values());
        assertThat(launcher.closed()).isEqualTo(6);
    }

    @Test
    void aRowThatFailsDoesNotKeepTheNextFromBeingRun() throws Exception {
        launcher.failAt(task -> task.row() == BenchRow.WRITE_1M_EAGER
                && task.contender() == Contender.RAW
                && task.role() == EndTask.Role.CLIENT);

        List<RowResult> results = run(1, BenchRow.WRITE_1M_DIRECT, BenchRow.WRITE_1M_EAGER, BenchRow.WRITE_64K_DIRECT);

        assertThat(results).extracting(RowResult::succeeded).containsExactly(true, false, true);
        assertThat(results.get(1).failure()).isEqualTo("the client of raw failed: it was told to");
        assertThat(progress.results()).isEqualTo(results);
        assertThat(launcher.closed()).isEqualTo(launcher.started().size());
    }

    @Test
    void anEndThatCannotBeStartedIsAFailureOfItsRow() throws Exception {
        EndLauncher broken = task -> {
            throw new IOException("no java there");
        };

        RowResult result = new BenchRun(broken, Effort.QUICK, 1)
                .run(List.of(BenchRow.WRITE_1M_DIRECT), progress)
                .get(0);

        assertThat(result.failure()).isEqualTo("an end could not be started: no java there");
    }

    @Test
    void anEndThatIsGoneIsAFailureOfItsRow() throws Exception {
        launcher.vanishAt(task -> task.role() == EndTask.Role.SERVER && task.contender() == Contender.NETTY);

        RowResult result = run(1, BenchRow.WRITE_1M_DIRECT).get(0);

        assertThat(result.failure()).isEqualTo("the server of netty ended before it answered 'ports'");
    }

    private List<RowResult> run(int repetitions, BenchRow... rows) throws Exception {
        return new BenchRun(launcher, Effort.QUICK, repetitions).run(List.of(rows), progress);
    }
}
