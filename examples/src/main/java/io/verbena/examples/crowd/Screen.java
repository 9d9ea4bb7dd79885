package io.verbena.examples.crowd;

import java.io.PrintWriter;
import java.util.List;

/** Shows lines in place of those it showed before; on a terminal only. */
final class Screen {
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
            text.append(line).append("\033[K").append(System.lineSeparator());
        }
        text.append("\033[J");
        shown = lines.size();
        out.print(text);
        out.flush();
    }

    /** What was shown stays; the next lines come below. */
    void keep() {
        shown = 0;
    }
}
