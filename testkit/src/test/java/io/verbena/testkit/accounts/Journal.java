package io.verbena.testkit.accounts;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last steps and events of a walk, for the message of a failure. */
final class Journal {
    private static final int KEPT = 60;

    private final Deque<String> lines = new ArrayDeque<>();

    void line(String line) {
        lines.add(line);
        if (lines.size() > KEPT) {
            lines.remove();
        }
    }

    @Override
    public String toString() {
        return "  " + String.join("\n  ", lines);
    }
}
