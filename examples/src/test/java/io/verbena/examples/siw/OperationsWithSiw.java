package io.verbena.examples.siw;

import io.verbena.examples.command.TraceLog;

/**
 * Runs the cases of {@code interop/operations-with-siw}, each with either end connecting. Prints a line for each, see
 * {@link CaseRunner}. Exit code 0 if none failed.
 *
 * <p>Arguments: the path of {@code interop/siw-guest}, the name of a guest that runs, the port that leads to it, the number of
 * mixed operations, and a word that the line must contain, or nothing.
 */
final class OperationsWithSiw {
    private OperationsWithSiw() {}

    public static void main(String[] arguments) throws Exception {
        TraceLog.silence();
        Guest guest = Guest.of(arguments);
        // Each way does half of the mixed operations.
        CaseRunner runner = new CaseRunner(guest, (Integer.parseInt(arguments[3]) + 1) / 2, arguments[4]);
        for (boolean listening : new boolean[] {false, true}) {
            Meeting meeting = Meeting.with(guest, listening);
            String way = meeting.way() + ", ";
            runner.run(way, TransferCases.all(), meeting);
            runner.run(way, AgreementCases.all(), meeting);
            runner.run(way, ClosingCases.all(), meeting);
            runner.run(way, RefusedHereCases.all(), meeting);
            runner.run(way, RefusedThereCases.all(), meeting);
            runner.run(way, MixedOperations.all(), meeting);
        }
        System.exit(runner.good() ? 0 : 1);
    }
}
