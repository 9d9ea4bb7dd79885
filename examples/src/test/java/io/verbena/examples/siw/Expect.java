package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import java.util.Objects;

/** What a case insists on. */
final class Expect {
    private Expect() {}

    static void equal(String what, Object expected, Object found) throws CommandFailedException {
        if (!Objects.equals(expected, found)) {
            throw new CommandFailedException(what + ": expected " + expected + ", found " + found);
        }
    }
}
