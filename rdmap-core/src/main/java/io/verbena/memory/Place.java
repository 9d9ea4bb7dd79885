package io.verbena.memory;

/** Result of a translation: octets that lie one behind the other in one backing. Mutable, re-used by its owner. */
final class Place {
    /** Number of the backing in its region. */
    int backing;
    /** Index of the first octet in the backing. */
    int index;
    /** How many octets from there on the page list vouches for; at least 1. */
    int octets;
}
