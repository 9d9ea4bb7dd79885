package io.verbena.requirements;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows of the catalogue that no test shows for a stated reason, from {@code exceptions.csv}. It never changes, so every
 * thread may read it.
 */
public final class RequirementExceptions {
    private static final String FILE = "exceptions.csv";
    private static final List<String> HEAD = List.of("id", "reason");

    private final Map<String, String> reasons;

    private RequirementExceptions(Map<String, String> reasons) {
        this.reasons = reasons;
    }

    /**
     * Reads the exceptions from the class path.
     *
     * @param catalogue what they are exceptions from
     * @throws IllegalStateException if the file is missing or malformed, repeats an id, gives no reason, or has an id that the
     *     catalogue does not have; the message names the line
     */
    public static RequirementExceptions load(RequirementCatalogue catalogue) {
        InputStream octets = RequirementExceptions.class.getResourceAsStream(FILE);
        if (octets == null) {
            throw new IllegalStateException("the file of exceptions " + FILE + " is not on the class path");
        }
        return read(new InputStreamReader(octets, StandardCharsets.UTF_8), catalogue);
    }

    /**
     * Reads the exceptions from text and closes it.
     *
     * @throws IllegalStateException as {@link #load}
     */
    static RequirementExceptions read(Reader text, RequirementCatalogue catalogue) {
        Map<String, String> reasons = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(text)) {
            if (!HEAD.equals(CommaSeparated.values(String.valueOf(lines.readLine())))) {
                throw new IllegalStateException(FILE + " does not begin with the line " + String.join(",", HEAD));
            }
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                add(line, FILE + ":" + number, reasons, catalogue);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RequirementExceptions(Collections.unmodifiableMap(reasons));
    }

    /** Returns the ids of all exceptions, in the order of the file. */
    public Set<String> ids() {
        return reasons.keySet();
    }

    /** Returns why no test shows the row, if it is an exception. */
    public Optional<String> reason(String id) {
        return Optional.ofNullable(reasons.get(id));
    }

    private static void add(String line, String where, Map<String, String> reasons, RequirementCatalogue catalogue) {
        List<String> values = CommaSeparated.values(line);
        if (values.size() != HEAD.size()) {
            throw new IllegalStateException(where + " has " + values.size() + " values where there should be "
                    + HEAD.size() + ", an id and a reason (between quotation marks if there is a comma in it)");
        }
        String id = values.get(0);
        String reason = values.get(1);
        if (!catalogue.has(id)) {
            throw new IllegalStateException(where + " has the id " + id + ", which the catalogue does not have");
        }
        if (reason.isBlank()) {
            throw new IllegalStateException(where + " gives no reason for the exception " + id);
        }
        if (reasons.put(id, reason) != null) {
            throw new IllegalStateException(where + " repeats the id " + id);
        }
    }
}
