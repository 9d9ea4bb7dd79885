package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;

/**
 * One thing that is shown.
 *
 * @param name for the reader
 * @param rounds whether {@code -C} says how often it is done, else once
 */
record MemoryCase(String name, boolean rounds, Body body) {
    /** Longer than one segment can be, by far. */
    static final int SEVERAL_SEGMENTS = 60_000;
    /** Octets before and behind memory that is granted, which nobody may change. */
    static final int GUARD = 64;
    /** Room for the page list of the longest memory, wherever it begins. */
    static final int PAGES = 24;

    /** What is done. */
    interface Body {
        /** Does it and returns what the peer said of its end, or nothing. */
        String run(Meeting meeting, int rounds) throws Exception;
    }

    static MemoryCase once(String name, Body body) {
        return new MemoryCase(name, false, body);
    }

    static MemoryCase repeated(String name, Body body) {
        return new MemoryCase(name, true, body);
    }

    /** Asks, on a connection of its own, what the peer saw on the one before. */
    static String peersReport(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            String report = conversation.ask(Order.report()).report();
            conversation.disconnect();
            if (report.isEmpty()) {
                throw new CommandFailedException("the peer saw nothing of the refusal");
            }
            return report;
        }
    }
}
