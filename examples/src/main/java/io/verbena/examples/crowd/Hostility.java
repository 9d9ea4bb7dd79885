package io.verbena.examples.crowd;

import java.util.Locale;

/** What the hostile client does. */
enum Hostility {
    /** There is none. */
    NONE("is not there"),
    /** Sends as fast as it can, whatever credit it was given. */
    FLOOD("sends faster than it is allowed"),
    /** Waits for acknowledgements as the others do, but allows itself nearly as many messages as there are receives. */
    GREEDY("takes nearly all receives for itself"),
    /** Begins a message that draws all the receives it may hold, and never sends its last segment. */
    UNFINISHED("begins a message and never ends it"),
    /** Sends half of a frame and falls silent: the adapter keeps that half in a buffer of its pool. */
    HALF_FRAME("sends half a frame and falls silent");

    private final String words;

    Hostility(String words) {
        this.words = words;
    }

    /** Returns what it does, to follow "the hostile client". */
    String words() {
        return words;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
