package io.verbena.benchmarks.row;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes rows for programs: an array with an object for each; what was not measured is null. */
public final class RowJson {
    private RowJson() {}

    /** Returns the text of the array. */
    public static String text(List<RowResult> results) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (RowResult result : results) {
            objects.add(object(result, results));
        }
        try {
            return JSON.std
                            .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                            .asString(objects)
                    + System.lineSeparator();
        } catch (IOException e) {
            throw new IllegalStateException("numbers and strings that cannot be written as JSON: " + objects, e);
        }
    }

    private static Map<String, Object> object(RowResult result, List<RowResult> results) {
        BenchRow row = result.row();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("row", row.label());
        for (Contender contender : Contender.values()) {
            object.put(contender.label(), orNull(result.value(contender)));
        }
        object.put("unit", row.unit());
        object.put("ratioToRaw", orNull(result.ratioTo(Contender.RAW)));
        object.put("ratioToNetty", orNull(result.ratioTo(Contender.NETTY)));
        object.put("ratioToWrite", ReadsBesideWrites.ratio(result, results).orElse(null));
        object.put("spread", orNull(result.spread()));
        object.put("budget", row.budgets().stream().map(Budget::toString).toList());
        object.put("budgetMet", row.budgets().isEmpty() ? null : result.budgetsMet());
        object.put("failure", result.failure());
        Map<String, Object> samples = new LinkedHashMap<>();
        for (Contender contender : Contender.values()) {
            Samples taken = result.samples().get(contender);
            if (taken != null) {
                samples.put(contender.label(), taken.values());
            }
        }
        object.put("samples", samples);
        object.put("details", new TreeMap<>(result.details()));
        object.put("java", System.getProperty("java.version"));
        object.put("processors", Runtime.getRuntime().availableProcessors());
        return object;
    }

    private static Double orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
