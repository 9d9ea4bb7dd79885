package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;

/**
 * One thing that is shown.
 *
 * @param name for the reader
 * @param rounds whether {@code -C} says how often it is done, else once
 */
record SiwCase(String name, boolean rounds, Body body) {
    /** Longer than one segment can be, by far. */
    static final int SEVERAL_SEGMENTS = 60_000;
    /** Octets before and behind memory that is granted, which nobody may change. */
    static final int GUARD = 64;
    /** Room for the page list of the longest memory, wherever it begins. */
    static final int PAGES = 24;

    /** What is done. */
    interface Body {
        /** Does it and returns what is to be said of it, such as what the peer saw, or nothing. */
        String run(Meeting meeting, int rounds) throws Exception;
    }

    /** What is done, where there are no rounds. */
    interface OneBody {
        /** Does it and returns the same. */
        String run(Meeting meeting) throws Exception;
    }

    static SiwCase once(String name, OneBody body) {
        return new SiwCase(name, false, (meeting, rounds) -> body.run(meeting));
    }

    static SiwCase repeated(String name, Body body) {
        return new SiwCase(name, true, body);
    }

    /** Returns what the peer saw after its last order; it has to have seen something. */
    static String peersReport(Meeting meeting) throws Exception {
        String report = meeting.guest().lastWords();
        if (report.isEmpty()) {
            throw new CommandFailedException("the peer saw nothing of the end");
        }
        return "siw: " + report;
    }
}
