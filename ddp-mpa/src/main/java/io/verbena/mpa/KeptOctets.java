package io.verbena.mpa;

import java.nio.ByteBuffer;

/**
 * The octets of one stream that wait from one read to the next: a few that are <em>carried</em> over, an FPDU that is
 * <em>staged</em> until the rest of it has come, or what is <em>parked</em> because there is no place for it at present.
 *
 * <p>They lie in buffers of the {@link StagingSource}: a small one for what is carried, and one of the larger ones at most, for
 * what is staged, what is parked, or what was <em>emptied</em>. An FPDU is gathered in the last, is whole now, and is being handed
 * up: its buffer is given back when the read is over, so that what came behind that FPDU may use it.
 *
 * <p>{@link FpduDeframer} decides what is kept, and asks before octets are moved. Where a method returns false there was no room,
 * and nothing was kept: that ends the stream.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing after construction.
 */
final class KeptOctets {
    private final StagingSource source;

    /** Holds the first {@link #carried} octets of what comes next; kept until the next read is over. */
    private ByteBuffer carry;

    private int carried;

    private ByteBuffer staging;
    private int staged;
    private int stagedTotal;

    /** Where an FPDU was gathered that is whole now; kept until the read is over. */
    private ByteBuffer emptied;

    private ByteBuffer parked;
    private int parkedFrom;
    private int parkedEnd;

    /** Octets of the first FPDU there if it is whole and was found good, else 0. */
    private int parkedGood;

    KeptOctets(StagingSource source) {
        this.source = source;
    }

    /** Returns whether nothing waits. */
    boolean nothing() {
        return carried == 0 && staging == null && parked == null;
    }

    /** Returns whether there is an FPDU that has arrived in part, or a few octets of one. */
    boolean inPart() {
        return staging != null || carried > 0;
    }

    /** Gives back what the read that is over has used up. */
    void onReadOver() {
        if (carried == 0) {
            releaseCarry();
        }
        if (emptied != null) {
            source.release(emptied);
            emptied = null;
        }
    }

    /** Forgets all that waits, and gives its memory back; what was emptied is given back when the read is over. */
    void releaseAll() {
        carried = 0;
        releaseCarry();
        if (staging != null) {
            source.release(staging);
            staging = null;
        }
        releaseParked();
    }

    // ---- carried ----

    /** Returns how many octets are carried over. */
    int carried() {
        return carried;
    }

    /** Returns where they lie; null if there are none. */
    ByteBuffer carry() {
        return carry;
    }

    /**
     * Carries octets over to the next read.
     *
     * @param borrowed holds them, and those before them
     * @param ulpdu index of their ULPDU in it
     * @param available octets of the ULPDU that are there, possibly 0 or less
     */
    boolean carry(ByteBuffer borrowed, int at, int octets, int ulpdu, int available) {
        ByteBuffer room = source.keepLittle(borrowed, ulpdu, available);
        if (room == null) {
            // Nothing was asked for before what was parked is looked at again; but then there is its own buffer.
            room = source.stage(borrowed, ulpdu, available);
            if (room == null) {
                return false;
            }
            used(room);
        }
        carry = room;
        carry.put(0, borrowed, at, octets);
        carried = octets;
        return true;
    }

    /** Puts what is carried in front of a read that goes to {@code borrowed}; returns how many octets. */
    int putCarried(ByteBuffer borrowed) {
        int octets = carried;
        borrowed.put(0, carry, 0, octets);
        carried = 0;
        return octets;
    }

    /** The read brought nothing: the octets that were put in front of it are where they came from still. */
    void carriedStays(int octets) {
        carried = octets;
    }

    private void releaseCarry() {
        if (carry != null) {
            source.release(carry);
            carry = null;
        }
    }

    // ---- staged ----

    /** Returns the buffer of an FPDU that has arrived in part; null if there is none. */
    ByteBuffer staging() {
        return staging;
    }

    /** Returns how many octets of it are there. */
    int staged() {
        return staged;
    }

    /**
     * Stages the beginning of an FPDU.
     *
     * @param borrowed holds {@code available} octets of it at {@code at}
     * @param ulpdu index of its ULPDU there
     * @param total octets of the whole FPDU
     */
    boolean stage(ByteBuffer borrowed, int at, int available, int ulpdu, int total) {
        ByteBuffer room = source.stage(borrowed, ulpdu, at + available - ulpdu);
        if (room == null) {
            return false;
        }
        used(room);
        room.put(0, borrowed, at, available);
        staging = room;
        staged = available;
        stagedTotal = total;
        return true;
    }

    /** Returns the staging buffer, from where the missing octets of its FPDU go to their end. */
    ByteBuffer missing() {
        return staging.limit(stagedTotal).position(staged);
    }

    /** Returns how much fits in the staging buffer behind the FPDU. */
    int roomBehindStaged() {
        return staging.capacity() - stagedTotal;
    }

    /** Counts octets that arrived in {@link #missing()}; returns whether the FPDU is whole. */
    boolean stagedMore(int octets) {
        staged += octets;
        return staged == stagedTotal;
    }

    /** Returns the FPDU that is whole, at 0; its buffer is this class's until the read is over. */
    ByteBuffer empty() {
        emptied = staging;
        staging = null;
        return emptied;
    }

    /** The one staging buffer is in use anew, whatever it was used for. */
    @SuppressWarnings("ReferenceEquality") // the same buffer, whatever is in it
    private void used(ByteBuffer again) {
        emptied = null;
        if (parked == again) {
            parked = null;
        }
        if (carry == again) {
            carry = null;
        }
    }

    // ---- parked ----

    /** Returns the buffer with what is parked; null if nothing is. */
    ByteBuffer parked() {
        return parked;
    }

    /** Returns how many octets are parked. */
    int parkedOctets() {
        return parked == null ? 0 : parkedEnd - parkedFrom;
    }

    /** Returns where what is parked ends in its buffer. */
    int parkedEnd() {
        return parkedEnd;
    }

    /** Returns the octets of the first FPDU there if it is whole and was found good, else 0. */
    int parkedGood() {
        return parkedGood;
    }

    /** Parks what lies from {@code from} to {@code end}, {@code good} octets of which are an FPDU that was found good. */
    boolean park(ByteBuffer borrowed, int from, int end, int good) {
        // Behind the segment that waits there may be any others, so nothing is said of what they are.
        parked = source.stage(borrowed, from, 0);
        if (parked == null) {
            return false;
        }
        emptied = null;
        parked.put(0, borrowed, from, end - from);
        parkedFrom = 0;
        parkedEnd = end - from;
        parkedGood = good;
        return true;
    }

    /** Parks the FPDU that was emptied, where it is; it is good. */
    void parkEmptied() {
        parked = source.stage(emptied, 0, 0);
        emptied = null;
        parkedFrom = 0;
        parkedEnd = stagedTotal;
        parkedGood = stagedTotal;
    }

    /** Parks octets behind those that are parked. */
    boolean parkMore(ByteBuffer borrowed, int from, int octets) {
        if (octets > parked.capacity() - parkedEnd) {
            return false;
        }
        parked.put(parkedEnd, borrowed, from, octets);
        parkedEnd += octets;
        return true;
    }

    /** Takes all that is parked, to look at it in its place; returns where it begins. */
    int takeParked() {
        int from = parkedFrom;
        parkedFrom = parkedEnd;
        return from;
    }

    /** What was taken has to wait again from {@code from} on, {@code good} octets of it being an FPDU that was found good. */
    void parkAgain(int from, int good) {
        parkedFrom = from;
        parkedGood = good;
    }

    /** Gives the buffer back if nothing of what was taken has to wait again. */
    void releaseParkedIfTaken() {
        if (parked != null && parkedFrom == parkedEnd) {
            releaseParked();
        }
    }

    private void releaseParked() {
        if (parked != null) {
            source.release(parked);
            parked = null;
        }
    }
}
