package io.verbena.mpa;

import io.verbena.mpa.MpaStartupFailure.Cause;
import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * Gathers the startup frame of the peer octet by octet and refuses it as early as it can be told to be wrong: the key at
 * its first wrong octet, the fixed part before the private data has arrived.
 *
 * <p>Takes at most 532 octets of memory, whatever the peer announces. Used by one thread.
 */
final class StartupFrameReader {
    private final MpaFrameKind expected;
    private final Function<MpaFrame, MpaStartupFailure> rule;
    private final MpaFrame frame = new MpaFrame();
    private ByteBuffer gathered = ByteBuffer.allocate(MpaFrame.FIXED_OCTETS);
    private boolean fixedPartGood;
    private MpaStartupFailure failure;

    /**
     * Creates a reader.
     *
     * @param expected kind of frame to wait for
     * @param rule judges the fixed part once it is there; gives null if it is good
     */
    StartupFrameReader(MpaFrameKind expected, Function<MpaFrame, MpaStartupFailure> rule) {
        this.expected = expected;
        this.rule = rule;
        frame.wrap(gathered, 0);
    }

    /**
     * Takes octets up to the end of the frame.
     *
     * @param borrowed buffer with octets of the stream
     * @param offset absolute index of the first
     * @param length how many there are
     * @return octets taken; those behind the frame are left
     */
    int onOctets(ByteBuffer borrowed, int offset, int length) {
        int taken = 0;
        while (taken < length && failure == null && !complete()) {
            int step = Math.min(gathered.remaining(), length - taken);
            gathered.put(gathered.position(), borrowed, offset + taken, step);
            gathered.position(gathered.position() + step);
            taken += step;
            judge();
        }
        return taken;
    }

    boolean complete() {
        return fixedPartGood && !gathered.hasRemaining();
    }

    MpaStartupFailure failure() {
        return failure;
    }

    MpaPeerFrame frame() {
        return MpaPeerFrame.of(frame);
    }

    boolean rejected() {
        return frame.rejected();
    }

    /** The stream has ended: what is there is all there will be. */
    void onClosed() {
        if (failure == null && !complete()) {
            failure = gathered.position() == 0
                    ? new MpaStartupFailure(Cause.CLOSED_BEFORE_FRAME, "the peer closed the connection without a word")
                    : new MpaStartupFailure(
                            Cause.CLOSED_WITHIN_FRAME,
                            "the peer closed the connection after " + gathered.position()
                                    + " octets of its startup frame");
        }
    }

    private void judge() {
        failure = wrongKey();
        if (failure != null || fixedPartGood || gathered.hasRemaining()) {
            return;
        }
        failure = wrongFixedPart();
        if (failure == null) {
            fixedPartGood = true;
            ByteBuffer whole = ByteBuffer.allocate(frame.octets());
            whole.put(gathered.flip());
            gathered = whole;
            frame.wrap(whole, 0);
        }
    }

    private MpaStartupFailure wrongKey() {
        int length = Math.min(gathered.position(), MpaFrameKind.KEY_OCTETS);
        if (expected.matchingOctets(gathered, 0, length) == length) {
            return null;
        }
        MpaFrameKind other = expected == MpaFrameKind.REQUEST ? MpaFrameKind.REPLY : MpaFrameKind.REQUEST;
        if (other.matchingOctets(gathered, 0, length) == length) {
            String sentence = other == MpaFrameKind.REQUEST
                    ? "the peer sent an MPA Request as well: both sides are initiators"
                    : "the peer sent an MPA Reply where a Request was due";
            return new MpaStartupFailure(Cause.SAME_ROLE, sentence);
        }
        byte[] seen = new byte[length];
        gathered.get(0, seen);
        return new MpaStartupFailure(
                Cause.NOT_MPA,
                "the peer does not speak MPA, its first octets are "
                        + HexFormat.ofDelimiter(" ").formatHex(seen));
    }

    private MpaStartupFailure wrongFixedPart() {
        if (frame.privateDataLength() > MpaFrame.MAX_PRIVATE_DATA_OCTETS) {
            return new MpaStartupFailure(
                    Cause.PRIVATE_DATA_TOO_LONG,
                    "the peer announces " + frame.privateDataLength() + " octets of private data, at most "
                            + MpaFrame.MAX_PRIVATE_DATA_OCTETS + " are allowed");
        }
        if (frame.enhanced() && !EnhancedWord.fits(frame.privateDataLength())) {
            return new MpaStartupFailure(
                    Cause.ENHANCED_WORD_MISSING,
                    "the frame is marked as enhanced, but its " + frame.privateDataLength()
                            + " octets of private data do not hold the four octets of depths");
        }
        return rule.apply(frame);
    }
}
