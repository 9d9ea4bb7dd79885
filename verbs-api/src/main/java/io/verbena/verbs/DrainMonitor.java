package io.verbena.verbs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Works out from the completions of a completion queue which queue pair drains a shared receive queue (SYS-SRQ-07): it counts
 * the receives of shared receive queues that complete for each queue pair over a sliding window, names the one whose share is
 * too large, and acts.
 *
 * <pre>{@code
 * DrainMonitor monitor = new DrainMonitor(System::nanoTime, Duration.ofSeconds(1), 0.5, 100,
 *         offender -> log(offender), completions -> handle(completions));
 * queue.poll(64, monitor);
 * }</pre>
 *
 * <p>A queue pair becomes the offender when, of at least {@code least} receives in the window, more than the tolerated share
 * are its own. It is told once, and again only after it was below in between. Completions that failed count, too: they used a
 * receive.
 *
 * <p>The window moves in steps of a sixteenth of its length, with the completions and with each question.
 *
 * <p>Thread rule: one thread at a time, the one that polls. Counting allocates only when a queue pair is seen for the first time
 * in a window.
 */
public final class DrainMonitor implements CompletionHandler {
    /** Steps in which the window moves. */
    static final int STEPS = 16;

    private static final int FIRST_PLACES = 16;

    private final LongSupplier nanoClock;
    private final long windowNs;
    private final long stepNs;
    private final double tolerated;
    private final long least;
    private final DrainAction action;
    private final CompletionHandler next;

    private long start;
    /** Number of the step that the clock is in, counted from {@link #start}. */
    private long step;

    private Tally[] table = new Tally[FIRST_PLACES];
    private int tallies;
    private long all;
    /** Number of the queue pair that was told last and has not been below since, or -1. */
    private int told = -1;

    /**
     * Makes a monitor.
     *
     * @param nanoClock the time in nanoseconds, such as {@code System::nanoTime}; it never goes back
     * @param window how far back it looks, at least 16 ns
     * @param tolerated the share that a queue pair may have, above 0 to 1; with 1 there is never an offender
     * @param least receives of all queue pairs in the window, below which nobody is named; at least 1
     * @param action what is done about an offender
     * @param next gets every completion afterwards
     * @throws IllegalArgumentException if a number is out of range
     */
    public DrainMonitor(
            LongSupplier nanoClock,
            Duration window,
            double tolerated,
            long least,
            DrainAction action,
            CompletionHandler next) {
        if (window.compareTo(Duration.ofNanos(STEPS)) < 0) {
            throw new IllegalArgumentException("window " + window + " must be at least " + STEPS + " ns");
        }
        if (!(tolerated > 0 && tolerated <= 1)) {
            throw new IllegalArgumentException("tolerated share " + tolerated + " must be above 0 to 1");
        }
        if (least < 1) {
            throw new IllegalArgumentException("least " + least + " must be at least 1");
        }
        this.nanoClock = nanoClock;
        this.tolerated = tolerated;
        this.least = least;
        this.action = action;
        this.next = next;
        stepNs = window.toNanos() / STEPS;
        windowNs = stepNs * STEPS;
        start = nanoClock.getAsLong();
    }

    @Override
    public void onCompletion(WorkCompletion completion) {
        if (completion.sharedReceive() != WorkCompletion.NO_SHARED_RECEIVE) {
            advance();
            Tally tally = tally(completion.queuePairNumber());
            tally.counts[(int) (step % STEPS)]++;
            tally.sum++;
            all++;
            judge(tally);
        }
        next.onCompletion(completion);
    }

    private void judge(Tally tally) {
        boolean offends = offends(tally);
        if (offends && told != tally.queuePairNumber) {
            told = tally.queuePairNumber;
            action.onOffender(rate(tally));
        } else if (told != -1 && !offends) {
            Tally last = find(told);
            if (last == null || !offends(last)) {
                told = -1;
            }
        }
    }

    private boolean offends(Tally tally) {
        return all >= least && tally.sum > tolerated * all;
    }

    /** Returns the rates of all queue pairs that had receives in the window, the largest first. Allocates. */
    public List<DrainRate> rates() {
        advance();
        List<DrainRate> rates = new ArrayList<>(tallies);
        for (Tally tally : table) {
            if (tally != null) {
                rates.add(rate(tally));
            }
        }
        rates.sort(
                Comparator.comparingLong(DrainRate::receives).reversed().thenComparingInt(DrainRate::queuePairNumber));
        return rates;
    }

    /** Returns the queue pair whose share is too large now, the largest if there are several, or null. Allocates. */
    public DrainRate offender() {
        List<DrainRate> rates = rates();
        if (rates.isEmpty()) {
            return null;
        }
        DrainRate first = rates.get(0);
        return offends(find(first.queuePairNumber())) ? first : null;
    }

    private DrainRate rate(Tally tally) {
        return new DrainRate(tally.queuePairNumber, tally.sum, tally.sum * 1e9 / windowNs, (double) tally.sum / all);
    }

    /** Forgets what has fallen out of the window. */
    private void advance() {
        long now = (nanoClock.getAsLong() - start) / stepNs;
        if (now <= step) {
            return;
        }
        int gone = (int) Math.min(STEPS, now - step);
        for (int i = 1; i <= gone; i++) {
            forget((int) ((step + i) % STEPS));
        }
        step = now;
    }

    private void forget(int place) {
        boolean empty = false;
        for (Tally tally : table) {
            if (tally != null) {
                tally.sum -= tally.counts[place];
                all -= tally.counts[place];
                tally.counts[place] = 0;
                empty |= tally.sum == 0;
            }
        }
        if (empty) {
            rebuild(table.length);
        }
    }

    // ---- a table of tallies by queue pair number, open addressing ----

    private Tally find(int queuePairNumber) {
        for (int i = place(queuePairNumber, table.length); table[i] != null; i = (i + 1) % table.length) {
            if (table[i].queuePairNumber == queuePairNumber) {
                return table[i];
            }
        }
        return null;
    }

    private Tally tally(int queuePairNumber) {
        Tally found = find(queuePairNumber);
        if (found == null) {
            if (2 * (tallies + 1) > table.length) {
                rebuild(2 * table.length);
            }
            found = new Tally(queuePairNumber);
            insert(found);
        }
        return found;
    }

    private void insert(Tally tally) {
        int i = place(tally.queuePairNumber, table.length);
        while (table[i] != null) {
            i = (i + 1) % table.length;
        }
        table[i] = tally;
        tallies++;
    }

    /** Puts the tallies that count something into a table of so many places. */
    private void rebuild(int places) {
        Tally[] old = table;
        table = new Tally[places];
        tallies = 0;
        Arrays.stream(old).filter(tally -> tally != null && tally.sum > 0).forEach(this::insert);
    }

    private static int place(int queuePairNumber, int places) {
        return ((queuePairNumber * 0x9E3779B1) >>> 8) % places;
    }

    /** The receives of one queue pair, by step. */
    private static final class Tally {
        private final int queuePairNumber;
        private final long[] counts = new long[STEPS];
        private long sum;

        Tally(int queuePairNumber) {
            this.queuePairNumber = queuePairNumber;
        }
    }
}
