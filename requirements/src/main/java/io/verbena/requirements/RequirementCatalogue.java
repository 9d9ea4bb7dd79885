package io.verbena.requirements;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All rows of the catalogue by id, in the order of the files. It never changes, so every thread may read it. */
public final class RequirementCatalogue {
    private static final List<String> FILES =
            List.of("systems", "verbs", "mpa", "enhanced-startup", "ddp", "rdmap", "extensions", "security");
    private static final List<String> HEAD = List.of("id", "level", "section", "side", "applies", "text");

    private final Map<String, RequirementRow> rows;

    private RequirementCatalogue(Map<String, RequirementRow> rows) {
        this.rows = rows;
    }

    /**
     * Reads the catalogue from the class path.
     *
     * @throws IllegalStateException if a file is missing or malformed, or an id is there twice; the message names the line
     */
    public static RequirementCatalogue load() {
        Map<String, RequirementRow> rows = new LinkedHashMap<>();
        for (String file : FILES) {
            read(file + ".csv", rows);
        }
        return new RequirementCatalogue(Collections.unmodifiableMap(rows));
    }

    /** Returns all rows. */
    public Collection<RequirementRow> rows() {
        return rows.values();
    }

    /** Returns whether the catalogue has a row with that id. */
    public boolean has(String id) {
        return rows.containsKey(id);
    }

    private static void read(String file, Map<String, RequirementRow> rows) {
        InputStream octets = RequirementCatalogue.class.getResourceAsStream(file);
        if (octets == null) {
            throw new IllegalStateException("the catalogue's file " + file + " is not on the class path");
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(octets, StandardCharsets.UTF_8))) {
            if (!HEAD.equals(CommaSeparated.values(String.valueOf(lines.readLine())))) {
                throw new IllegalStateException(file + " does not begin with the line " + String.join(",", HEAD));
            }
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                add(CommaSeparated.values(line), file + ":" + number, rows);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(List<String> values, String where, Map<String, RequirementRow> rows) {
        if (values.size() != HEAD.size()) {
            throw new IllegalStateException(
                    where + " has " + values.size() + " values where there should be " + HEAD.size());
        }
        RequirementRow row = new RequirementRow(
                values.get(0), values.get(1), values.get(2), values.get(3), values.get(4), values.get(5));
        if (rows.put(row.id(), row) != null) {
            throw new IllegalStateException(where + " repeats the id " + row.id());
        }
    }
}
