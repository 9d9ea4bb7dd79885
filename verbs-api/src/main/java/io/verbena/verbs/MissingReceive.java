package io.verbena.verbs;

/** What becomes of a message of the peer that finds no receive posted, on a queue of its own or on a shared one (VRB-SR-06). */
public enum MissingReceive {
    /** The connection ends: Terminate (no buffer for the message), then close. */
    TERMINATE,
    /**
     * The stream waits: nothing more is read from it, so that the peer's TCP window fills, until a receive is posted; then
     * it goes on by itself. All that the peer sends behind the message waits with it, Read Responses and a Terminate included.
     * If the wait is longer than {@link QueuePairOptions#longestPause()} the connection ends as with {@link #TERMINATE}.
     */
    PAUSE
}
