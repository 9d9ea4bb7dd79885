package io.verbena.requirements;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lines of values between commas (RFC 4180); a value never spans lines. */
final class CommaSeparated {
    private CommaSeparated() {}

    static List<String> values(String line) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                value.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(c);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("a quotation mark is not closed in the line: " + line);
        }
        values.add(value.toString());
        return values;
    }

    /** Returns the line for the values; a line break within a value becomes a blank. */
    static String line(List<String> values) {
        return values.stream().map(CommaSeparated::quoted).collect(Collectors.joining(","));
    }

    private static String quoted(String value) {
        String oneLine = value.replaceAll("\\R", " ");
        return oneLine.indexOf(',') < 0 && oneLine.indexOf('"') < 0
                ? oneLine
                : '"' + oneLine.replace("\"", "\"\"") + '"';
    }
}
