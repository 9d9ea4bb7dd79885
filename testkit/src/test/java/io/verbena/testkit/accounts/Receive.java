package io.verbena.testkit.accounts;

/**
 * A receive that was posted.
 *
 * @param id its id
 * @param places where its memory is, or null if it has none
 * @param place which place
 * @param room octets that fit
 * @param bad whether its memory may not be used: the message that draws it fails
 */
record Receive(long id, Places places, int place, int room, boolean bad) {
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
