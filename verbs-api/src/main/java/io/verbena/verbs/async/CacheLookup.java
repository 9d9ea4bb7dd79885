package io.verbena.verbs.async;

/** What a {@link RegistrationCache} found when an operation brought a buffer. */
public enum CacheLookup {
    /** The octets were registered, with the right that was needed. */
    HIT,
    /** They were not, or only in part: they were registered now. */
    MISS,
    /** They were registered without the right that was needed: they were registered anew with both rights. */
    UPGRADE
}
