package io.verbena.mpa;

import java.nio.ByteBuffer;

/**
 * Where MPA gets memory for what of an FPDU has arrived, until the rest has. It is told where the ULPDU lies in the octets
 * that are to be kept, because it notes for each buffer what kind of message it is used for; MPA does not look there.
 *
 * <p>Thread rule: the stream's loop.
 */
public interface StagingSource {
    /**
     * Returns whether whatever the next read leaves over can be kept; nobody else's stream gets in between. If not, reading is
     * resumed when it can.
     *
     * @param whole whether an FPDU of any length may have to be staged; else a few octets
     */
    boolean ready(boolean whole);

    /** Returns whether it is ready, but asks for nothing if it is not. */
    boolean atHand(boolean whole);

    /**
     * Gives room for the largest FPDU with its markers. The buffer that was given before is used again, if it was not released.
     *
     * @param borrowed big-endian buffer with the octets that will be copied to it
     * @param ulpdu index of the ULPDU in it
     * @param available octets of the ULPDU that are there, possibly 0 or less
     * @return a big-endian buffer, lent until {@link #release}; or null if there is none, because {@link #ready} was not asked
     */
    ByteBuffer stage(ByteBuffer borrowed, int ulpdu, int available);

    /** Gives room for {@link FpduDeframer#CARRY_OCTETS} octets, as {@link #stage} does for an FPDU. */
    ByteBuffer keepLittle(ByteBuffer borrowed, int ulpdu, int available);

    /**
     * Returns whether octets may be moved into or out of a buffer: it is still this stream's, for messages of this kind. If
     * not, its owner has been told, and ends the stream.
     *
     * @param lent a buffer from here
     * @param ulpdu index of the ULPDU in it
     * @param available octets of the ULPDU that are there, possibly 0 or less
     */
    boolean admits(ByteBuffer lent, int ulpdu, int available);

    /** Takes back a buffer. */
    void release(ByteBuffer given);
}
