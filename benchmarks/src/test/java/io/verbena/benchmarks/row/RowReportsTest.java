package io.verbena.benchmarks.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table and the JSON. */
class RowReportsTest {
    @Test
    void jsonBeginsWithTheFieldsThatWerePromised() throws Exception {
        Map<String, Object> row = only(RowJson.text(List.of(Results.compared(1, 2, 4))));

        assertThat(row.keySet())
                .startsWith("row", "ours", "raw", "netty", "unit", "ratioToRaw", "ratioToNetty")
                .contains("spread", "samples", "details", "budget", "budgetMet", "failure");
        assertThat(row)
                .containsEntry("row", "write-1m-direct")
                .containsEntry("ours", 1.0)
                .containsEntry("raw", 2.0)
                .containsEntry("netty", 4.0)
                .containsEntry("unit", "MiB/s")
                .containsEntry("ratioToRaw", 0.5)
                .containsEntry("ratioToNetty", 0.25)
                .containsEntry("budgetMet", false)
                .containsEntry("samples", Map.of("ours", List.of(1.0), "raw", List.of(2.0), "netty", List.of(4.0)))
                .containsEntry("details", Map.of("ours.client.operations", 3.0));
    }

    @Test
    void jsonHasNullForWhatWasNotMeasured() throws Exception {
        Map<String, Object> row = only(RowJson.text(List.of(Results.alone(BenchRow.IDLE_QP_BYTES, 1.0))));

        assertThat(row)
                .containsEntry("ours", 1.0)
                .containsEntry("raw", null)
                .containsEntry("netty", null)
                .containsEntry("ratioToRaw", null)
                .containsEntry("ratioToNetty", null);
    }

    @Test
    void jsonSaysWhyARowFailed() throws Exception {
        Map<String, Object> row = only(RowJson.text(List.of(RowResult.failed(BenchRow.SEND_64_RATE, "it broke"))));

        assertThat(row)
                .containsEntry("row", "send-64-rate")
                .containsEntry("ours", null)
                .containsEntry("budgetMet", null)
                .containsEntry("failure", "it broke");
    }

    @Test
    void aLineHasAllFigures() {
        assertThat(RowTable.line(Results.compared(1234, 2468, 617)).split(" +"))
                .startsWith("write-1m-direct", "1,234", "2,468", "617", "MiB/s", "0.50", "2.00", "0", "%")
                .endsWith("MISSED");
    }

    @Test
    void aLineHasDashesForWhatWasNotMeasured() {
        assertThat(RowTable.line(Results.alone(BenchRow.IDLE_QP_BYTES, 8000.0)).split(" +"))
                .startsWith("idle-qp-bytes", "8,000", "-", "-", "octets", "-", "-")
                .endsWith("met");
    }

    @Test
    void aLineSaysHowManyQueuePairsThereWereAndHowAlike() {
        RowResult shared = new RowResult(
                BenchRow.QP_1000_SHARE,
                Map.of(Contender.OURS, new Samples(List.of(0.9))),
                Map.of("ours.client.queuePairs", 1000.0, "ours.client.slowestToMean", 0.75),
                null);

        assertThat(RowTable.line(shared))
                .endsWith("ours >= 0.80 met, slowest/mean >= 0.50 met, over 1,000 queue pairs, slowest/mean 0.75");
        assertThat(shared.budgetsMet()).isTrue();
    }

    @Test
    void aStarvedQueuePairMissesTheBudget() {
        RowResult unfair = new RowResult(
                BenchRow.QP_1000_SHARE,
                Map.of(Contender.OURS, new Samples(List.of(0.9))),
                Map.of("ours.client.slowestToMean", 0.49),
                null);

        assertThat(unfair.budgetsMet()).isFalse();
        assertThat(RowTable.line(unfair)).contains("slowest/mean >= 0.50 MISSED");
    }

    @Test
    void aLineSaysWhyARowFailed() {
        assertThat(RowTable.line(RowResult.failed(BenchRow.SEND_64_RATE, "it broke")))
                .startsWith("send-64-rate")
                .endsWith("failed: it broke");
    }

    @Test
    void readsStandBesideTheWritesOfTheSameRun() throws Exception {
        RowResult writes = Results.compared(BenchRow.WRITE_1M_DIRECT, 4, 4, 4);
        RowResult reads = Results.compared(BenchRow.READ_1M_DIRECT, 6, 8, 8);

        assertThat(ReadsBesideWrites.lines(List.of(writes, reads)))
                .containsExactly("read-1m-direct / write-1m-direct 0.75, each as ours/raw: >= 0.90 MISSED");
        assertThat(RowJson.text(List.of(writes, reads))).contains("\"ratioToWrite\" : 0.75");
        assertThat(ReadsBesideWrites.lines(List.of(writes, Results.compared(BenchRow.READ_1M_DIRECT, 9, 10, 8))))
                .singleElement()
                .asString()
                .endsWith("met");
        assertThat(ReadsBesideWrites.lines(List.of(reads))).isEmpty();
        assertThat(ReadsBesideWrites.lines(
                        List.of(reads, RowResult.failed(BenchRow.WRITE_1M_DIRECT, "it broke"), writes)))
                .hasSize(1);
        assertThat(only(RowJson.text(List.of(reads)))).containsEntry("ratioToWrite", null);
    }

    @Test
    void columnsStandBelowEachOther() {
        String header = RowTable.header();
        String line = RowTable.line(Results.compared(1, 2, 4));

        assertThat(line.indexOf("MiB/s")).isEqualTo(header.indexOf("unit"));
        assertThat(line.indexOf("ours/raw >=")).isEqualTo(header.indexOf("budget"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> only(String json) throws Exception {
        List<Object> rows = JSON.std.listFrom(json);
        assertThat(rows).hasSize(1);
        return (Map<String, Object>) rows.get(0);
    }
}
