package io.verbena.capture.decode;

import java.io.BufferedReader;
import java.io.IOException;

/** Lines of a text, numbered; none is longer than a limit. Used by one thread. */
final class TextLines {
    /** Characters of the longest line: 8 MiB as hex without spaces. */
    static final int MAX_LINE_CHARACTERS = 1 << 24;

    private static final int SHOWN_CHARACTERS = 40;

    private final BufferedReader lent;
    private final StringBuilder line = new StringBuilder();
    private int number;

    TextLines(BufferedReader lent) {
        this.lent = lent;
    }

    /**
     * Reads the next line.
     *
     * @return the line without its end, or null behind the last one
     * @throws DamagedCaptureException if it is too long
     */
    String next() throws IOException {
        line.setLength(0);
        int character = lent.read();
        if (character < 0) {
            return null;
        }
        number++;
        while (character >= 0 && character != '\n') {
            if (line.length() == MAX_LINE_CHARACTERS) {
                throw new DamagedCaptureException(
                        "line " + number + " is longer than " + MAX_LINE_CHARACTERS + " characters");
            }
            line.append((char) character);
            character = lent.read();
        }
        return line.toString();
    }

    /** Returns what is wrong with the line that was read last. */
    DamagedCaptureException notHex() {
        String shown = line.length() > SHOWN_CHARACTERS ? line.substring(0, SHOWN_CHARACTERS) + "..." : line.toString();
        return new DamagedCaptureException("line " + number + " is not hex: " + shown.strip());
    }

    /** Returns the number of the line that was read last, from 1. */
    int number() {
        return number;
    }
}
