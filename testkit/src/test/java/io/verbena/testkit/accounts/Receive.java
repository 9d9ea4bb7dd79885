package io.verbena.testkit.accounts;

/** A receive that was posted. */
final class Receive {
    final long id;
    /** Where its memory is, or null if it has none. */
    final Places places;

    final int place;
    /** Octets that fit. */
    final int room;
    /** Whether its memory may not be used: the message that draws it fails. */
    final boolean bad;
    /** Octets at its beginning that a message has filled which was then refused: they are zero now. */
    private int erased;

    Receive(long id, Places places, int place, int room, boolean bad) {
        this.id = id;
        this.places = places;
        this.place = place;
        this.room = room;
        this.bad = bad;
    }

    /** A message that had filled so much of it was refused. */
    void erased(int octets) {
        erased = Math.max(erased, octets);
    }

    /** Returns whether nothing can be found in it. */
    boolean untouched() {
        return places == null || places.untouched(place, erased);
    }

    /** Its memory may be used for something else. */
    void free() {
        if (places != null) {
            places.giveBack(place);
        }
    }

    @Override
    public String toString() {
        return "receive " + id + " of " + room;
    }
}
