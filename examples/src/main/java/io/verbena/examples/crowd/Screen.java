package io.verbena.examples.crowd;

import java.io.PrintWriter;
import java.util.List;

/** Shows lines, cut where a terminal ends, in place of those it showed before. */
final class Screen {
    private static final int WIDTH = 79;

    private final PrintWriter out;
    private int shown;

    Screen(PrintWriter out) {
        this.out = out;
    }

    void show(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (shown > 0) {
            text.append("\033[").append(shown).append('A');
        }
        for (String line : lines) {
            // A line that wraps would take two, and the count would be wrong.
            text.append(line, 0, Math.min(WIDTH, line.length()))
                    .append("\033[K")
                    .append(System.lineSeparator());
        }
        text.append("\033[J");
        shown = lines.size();
        out.print(text);
        out.flush();
    }
}
