package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndFailedException;

/** What a server does for one connection, in small steps. */
interface Responder {
    /** Does what there is to do, driving the device if nobody else does; returns at once. */
    void step() throws EndFailedException;

    /** Does what there is to do; sleeps for a moment if there is nothing, where the device drives itself. */
    void stepAsleep() throws EndFailedException, InterruptedException;
}
