package io.verbena.examples.siw;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Runs cases and prints one line for each: its name, rounds, result, seconds, and what is to be said of it. After a case that
 * failed the guest is booted anew if it is not well.
 */
final class CaseRunner {
    private final Guest guest;
    private final int rounds;
    private final String only;
    private boolean good = true;

    /**
     * Begins with no case.
     *
     * @param rounds how often a case is done that is repeated
     * @param only a word that the name must contain, or nothing
     */
    CaseRunner(Guest guest, int rounds, String only) {
        this.guest = guest;
        this.rounds = rounds;
        this.only = only;
    }

    /** Begins with the rounds and the word that the last two arguments of a program name. */
    static CaseRunner of(Guest guest, String[] arguments) {
        return new CaseRunner(guest, Integer.parseInt(arguments[3]), arguments[4]);
    }

    /** Returns whether no case failed. */
    boolean good() {
        return good;
    }

    /** Runs those of {@code cases} whose name, with {@code prefix}, has the word. */
    void run(String prefix, List<SiwCase> cases, Meeting meeting) throws Exception {
        for (SiwCase each : cases) {
            String name = prefix + each.name();
            if (name.contains(only)) {
                run(name, each, meeting);
            }
        }
    }

    private void run(String name, SiwCase each, Meeting meeting) throws Exception {
        long begin = System.nanoTime();
        int times = each.rounds() ? rounds : 1;
        String result;
        String words;
        try {
            words = each.body().run(meeting, times);
            result = "passed";
        } catch (Exception e) {
            words = e.getClass().getSimpleName() + ": " + e.getMessage() + peersWords();
            result = "FAILED";
            good = false;
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(Locale.ROOT, "%-98s %6d  %s  %6.1f s  %s%n", name, times, result, seconds, words);
        if (result.equals("passed")) {
            guest.restoreSwitches();
        } else if (!guest.well()) {
            System.out.println("    the guest is not well, and booted anew");
            guest.restart();
        } else {
            guest.restoreSwitches();
        }
    }

    private String peersWords() throws InterruptedException, IOException {
        try {
            return "; siw: " + guest.allWords();
        } catch (Exception e) {
            return "; " + e.getMessage();
        }
    }
}
