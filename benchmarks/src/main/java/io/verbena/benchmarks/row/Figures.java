package io.verbena.benchmarks.row;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What one end found in one measurement: names and numbers, in one line of text between processes.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class Figures {
    /** The figure itself, in the row's unit. */
    public static final String VALUE = "value";

    /** Octets allocated on the heap. */
    public static final String ALLOCATED = "allocated";

    /** Operations done. */
    public static final String OPERATIONS = "operations";

    private final NavigableMap<String, Double> values = new TreeMap<>();

    /** Adds a figure; its name has letters and digits only. */
    public Figures with(String name, double value) {
        if (!name.matches("[A-Za-z0-9]+")) {
            throw new IllegalArgumentException("the name of a figure has letters and digits only, not '" + name + "'");
        }
        values.put(name, value);
        return this;
    }

    /** Adds a number of things. */
    public Figures with(String name, long value) {
        return with(name, (double) value);
    }

    /**
     * Returns a figure.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no figure '" + name + "' among " + values.keySet());
        }
        return value;
    }

    /** Returns all, ordered by name. */
    public Map<String, Double> values() {
        return Map.copyOf(values);
    }

    /** Returns them as one line. */
    public String encode() {
        StringBuilder line = new StringBuilder();
        values.forEach((name, value) -> line.append(line.length() == 0 ? "" : " ")
                .append(name)
                .append('=')
                .append(value));
        return line.toString();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if {@code line} is something else
     */
    public static Figures decode(String line) {
        Figures figures = new Figures();
        for (String word : line.split(" ", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            int at = word.indexOf('=');
            if (at < 1) {
                throw new IllegalArgumentException("'" + word + "' is no figure: name=number was expected");
            }
            figures.with(word.substring(0, at), Double.parseDouble(word.substring(at + 1)));
        }
        return figures;
    }
}
