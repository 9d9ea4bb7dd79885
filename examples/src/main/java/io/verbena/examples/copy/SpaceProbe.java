package io.verbena.examples.copy;

import java.io.IOException;
import java.nio.file.Path;

/** Tells how much room there is. */
@FunctionalInterface
interface SpaceProbe {
    /** Returns the octets that can be stored in {@code directory}. */
    long usableOctets(Path directory) throws IOException;
}
