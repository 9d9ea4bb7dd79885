package io.verbena.verbs;

/** What a completion queue is armed for (VRB-CQ-09). */
public enum Notify {
    /** The next completion of any kind. */
    NEXT,
    /** The next receive of a Send with Solicited Event, or completion in error. */
    SOLICITED
}
