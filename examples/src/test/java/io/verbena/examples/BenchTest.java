package io.verbena.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.verbena.benchmarks.row.BenchRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that measures; its figures are looked at by nobody here. */
class BenchTest {
    @TempDir
    Path folder;

    @Test
    void listsWhatEachRowMeasures() throws Exception {
        RunningTool tool = RunningTool.run("bench", "--list");

        assertThat(tool.exitCode()).isZero();
        for (BenchRow row : BenchRow.values()) {
            assertThat(tool.out()).contains(row.label()).contains(row.what());
        }
        assertThat(tool.err()).isEmpty();
    }

    /** Two JVMs for each contender. */
    @Test
    void measuresTheRowsThatAreNamedInOtherJvms() throws Exception {
        Path json = folder.resolve("rows.json");

        RunningTool tool =
                RunningTool.run("bench", "write-64k-direct", "idle-qp-bytes", "--quick", "--json", json.toString());

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(tool.out().lines()).hasSize(3);
        assertThat(tool.out().lines().toList().get(1)).startsWith("write-64k-direct ");
        assertThat(tool.out().lines().toList().get(2)).startsWith("idle-qp-bytes ");
        assertThat(tool.err()).contains("[1/2] write-64k-direct", "[2/2] idle-qp-bytes");
        List<Object> rows = JSON.std.listFrom(Files.readString(json));
        assertThat(rows).hasSize(2);
    }

    @Test
    void saysAtOnceWhereNothingCanBeWritten() throws Exception {
        RunningTool tool = RunningTool.run(
                "bench", "--quick", "--json", folder.resolve("none/rows.json").toString());

        assertThat(tool.exitCode()).isEqualTo(1);
        assertThat(tool.out()).isEmpty();
        assertThat(tool.err()).startsWith("verbena bench: ").contains("there is no such file");
    }
}
