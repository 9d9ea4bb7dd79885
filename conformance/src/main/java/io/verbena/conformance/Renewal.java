package io.verbena.conformance;

import java.io.IOException;

/** Makes the stack under test anew, when a case has left it unfit for others. */
@FunctionalInterface
public interface Renewal {
    /**
     * Ends the stack and starts it again; returns when it listens, or is about to connect.
     *
     * @throws IOException if it cannot be had again, which ends the run
     * @throws InterruptedException if the thread of the run was interrupted meanwhile
     */
    void renew() throws IOException, InterruptedException;
}
