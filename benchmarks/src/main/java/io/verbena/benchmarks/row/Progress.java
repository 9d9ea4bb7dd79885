package io.verbena.benchmarks.row;

/** Who drives our device. */
public enum Progress {
    /** The application's thread, which polls without sleeping; raw TCP spins as well. */
    DRIVEN,
    /** The application's thread, which sleeps in the selector while there is nothing to do; raw TCP blocks. */
    DRIVEN_ASLEEP,
    /** The device's own loop; the application sleeps until it is notified; raw TCP blocks. */
    BACKGROUND;

    /** Returns whether the application's thread drives. */
    public boolean driven() {
        return this != BACKGROUND;
    }
}
