package io.verbena.examples.demo;

/**
 * One line from the server's process to the client's: {@code say TEXT} (for the screen), {@code fact NAME VALUE} (for
 * checks), {@code done STEP} (the server has come so far).
 *
 * @param kind what it is
 * @param name name of the fact or step, empty for text
 * @param text the text or value
 */
record ServerLine(Kind kind, String name, String text) {
    /** What a line is. */
    enum Kind {
        /** Text for the screen. */
        SAY,
        /** A value for the client to check. */
        FACT,
        /** The server has come to the end of a step. */
        DONE
    }

    static String say(String text) {
        return "say " + text;
    }

    static String fact(String name, String value) {
        return "fact " + name + " " + value;
    }

    static String done(String step) {
        return "done " + step;
    }

    /** Reads one; null if it is none, such as a warning of the JVM. */
    static ServerLine parse(String line) {
        if (line.startsWith("say ")) {
            return new ServerLine(Kind.SAY, "", line.substring(4));
        }
        if (line.startsWith("fact ")) {
            String[] parts = line.substring(5).split(" ", 2);
            return parts.length == 2 ? new ServerLine(Kind.FACT, parts[0], parts[1]) : null;
        }
        return line.startsWith("done ") ? new ServerLine(Kind.DONE, line.substring(5), "") : null;
    }
}
