package io.verbena.conformance;

import java.util.Locale;

/** The end of the MPA startup that the stack under test is. */
public enum SubjectRole {
    /** It listens, and answers Requests. */
    RESPONDER,
    /** It connects, and judges Replies. */
    INITIATOR;

    /** Returns the word that reports use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
