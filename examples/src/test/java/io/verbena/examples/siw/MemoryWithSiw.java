package io.verbena.examples.siw;

import io.verbena.examples.command.TraceLog;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the cases of {@code interop/memory-with-siw}: each with either end connecting, CRC on and off. Prints a line for each, see
 * {@link CaseRunner}. Exit code 0 if none failed.
 *
 * <p>Arguments: the path of {@code interop/siw-guest}, the name of a guest that runs, the port that leads to it, the rounds of
 * those cases that have rounds, and a word that the line must contain, or nothing.
 */
final class MemoryWithSiw {
    private MemoryWithSiw() {}

    public static void main(String[] arguments) throws Exception {
        TraceLog.silence();
        Guest guest = Guest.of(arguments);
        CaseRunner runner = CaseRunner.of(guest, arguments);
        List<SiwCase> cases = new ArrayList<>(FastRegisteredCases.all());
        cases.addAll(WindowCases.all());
        cases.addAll(TheirMemoryCases.all());
        for (boolean listening : new boolean[] {false, true}) {
            for (boolean crc : new boolean[] {true, false}) {
                Meeting meeting = Meeting.with(guest, listening).with(parameters -> parameters.withCrc(crc));
                runner.run(meeting.way() + ", CRC " + (crc ? "on" : "off") + ", ", cases, meeting);
            }
        }
        System.exit(runner.good() ? 0 : 1);
    }
}
