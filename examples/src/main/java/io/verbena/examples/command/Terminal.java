package io.verbena.examples.command;

import java.io.Console;

/** Whether somebody watches. */
public final class Terminal {
    private Terminal() {}

    /** Returns whether this process's input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // null is one of the two answers that are looked at
    public static boolean watched() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderThanJava22) {
            // There a console exists only where there is a terminal.
            return true;
        }
    }
}
