package io.verbena.testkit.accounts;

import io.verbena.verbs.WorkCompletionStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A message whose first segment has come, until its receives complete or it has been dropped. */
final class Arriving {
    final Message message;
    /** What it has drawn and what has not completed, in that order. */
    final Deque<Receive> drawn = new ArrayDeque<>();
    /** How its last receive has to complete at once, or null. */
    WorkCompletionStatus failing;

    boolean dropped;
    /** It waits for a receive with its first segment, of {@link #pausedOctets}. */
    boolean paused;

    int pausedOctets;
    boolean whole;
    int arrived;
    /** Octets in receives that have completed. */
    int completed;

    private int room;

    Arriving(Message message) {
        this.message = message;
    }

    void draw(Receive receive) {
        drawn.add(receive);
        room += receive.room;
    }

    /** Returns whether what has arrived fits in what it has drawn. */
    boolean fits() {
        return arrived <= room;
    }

    /** Gives up all that it has drawn, of which {@code octets} were filled; returns them in their order. */
    List<Receive> putBack(int octets) {
        int left = octets;
        for (Receive each : drawn) {
            int filled = Math.min(left, each.room);
            each.erased(filled);
            left -= filled;
        }
        List<Receive> back = new ArrayList<>(drawn);
        drawn.clear();
        return back;
    }
}
