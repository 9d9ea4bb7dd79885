package io.verbena.examples.rping;

import io.verbena.verbs.cm.ConnectionParameters;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * What both ends of rping are told.
 *
 * @param size octets of a ping; the server takes any size up to {@link #MAX_SIZE}
 * @param count pings, 0 for no end
 * @param verbose whether each ping's text is printed
 * @param validate whether the client compares what came back
 * @param stepTimeout the longest wait for one step of a ping
 * @param parameters wishes for the connection
 * @param out where text goes
 * @param debug where the steps are told, or null
 */
record RpingSettings(
        int size,
        int count,
        boolean verbose,
        boolean validate,
        Duration stepTimeout,
        ConnectionParameters parameters,
        PrintWriter out,
        PrintWriter debug) {
    static final int MIN_SIZE = 16;
    static final int MAX_SIZE = 65_535;

    void tell(String step) {
        if (debug != null) {
            debug.println(step);
            debug.flush();
        }
    }
}
