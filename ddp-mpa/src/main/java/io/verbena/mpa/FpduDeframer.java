package io.verbena.mpa;

import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MarkerLayout;
import java.nio.ByteBuffer;

/**
 * The way in: finds FPDUs in the octets of a stream, checks them and hands their ULPDUs up (RFC 5044 sections 4 and 6).
 *
 * <p>It says where the octets of the next read go. Most of the time that is the loop's shared scratch buffer, in which
 * whole FPDUs are found and handed up without being copied here. What becomes of an FPDU that is not whole yet depends:
 *
 * <ul>
 *   <li>fewer than {@link #CARRY_OCTETS} octets, or a short FPDU: kept in a small buffer, put in front of the next read
 *   <li>placing may not precede the CRC check ({@link Placing#AFTER_CRC}), or markers lie in the payload: gathered in a
 *       staging buffer; the next read goes to the missing part of it first, and behind that to the scratch buffer
 *   <li>else the segment is begun at once, the next read goes straight to the payload's final place and behind that,
 *       for trailer and next FPDU, to the scratch buffer
 * </ul>
 *
 * <p>A segment that there is no place for at present ({@link SegmentReceiver#LATER}) is parked, with all that was read behind
 * it, in a staging buffer; nothing more is read until {@link #resume()}.
 *
 * <p>All memory that octets are kept in from one read to the next ({@link KeptOctets}) comes from the {@link StagingSource},
 * which is asked before each read whether what the read may leave over can be kept.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing after construction.
 */
public final class FpduDeframer {
    /** When payload may be placed. */
    public enum Placing {
        /** Only behind a good CRC, as RFC 5044 section 6 asks. */
        AFTER_CRC,
        /** As it arrives; the CRC is still checked before the segment counts. */
        AS_IT_ARRIVES
    }

    /** FPDUs of at most so many octets are never steered, and shorter beginnings of any FPDU are carried over. */
    static final int CARRY_OCTETS = 128;

    /**
     * Octets read behind a steered payload and its trailer: enough for a short FPDU or the beginning of a long one, which is
     * then steered as well. What is read further than that would have to be copied.
     */
    static final int STEERED_TAIL_OCTETS = 256;

    /** Octets that a segment's beginning must have before it can be begun: ULPDU_Length and the longer DDP header. */
    private static final int BEGINNING_OCTETS = FpduLayout.ULPDU + 18;

    private final SegmentReceiver receiver;
    private final StagingSource stagingSource;
    private final boolean crcInUse;
    private final boolean steering;
    private final MarkerStripper markers;
    private final FpduCrc crc = new FpduCrc();
    private final KeptOctets kept;

    private ByteBuffer scratch;
    private boolean mayPark;

    /** Whether what was parked is being looked at. */
    private boolean resuming;

    private boolean steered;
    private int payloadMissing;
    private int trailerOctets;

    private int carriedInScratch;
    private long offered;
    private boolean silent;

    /**
     * Creates a deframer at the beginning of Full Operation.
     *
     * @param receiver takes the segments
     * @param stagingSource gives staging buffers
     * @param scratch big-endian buffer of the loop, at least {@link MarkerLayout#MAX_FPDU_OCTETS} long, used only between
     *     {@link #targets} and the end of {@link #onOctets}; so all streams of a loop share one
     * @param crcInUse whether CRC is in force
     * @param markersInUse whether the peer sends markers
     * @param placing when payload may be placed; without CRC it is always placed as it arrives
     */
    public FpduDeframer(
            SegmentReceiver receiver,
            StagingSource stagingSource,
            ByteBuffer scratch,
            boolean crcInUse,
            boolean markersInUse,
            Placing placing) {
        this.receiver = receiver;
        this.stagingSource = stagingSource;
        this.kept = new KeptOctets(stagingSource);
        this.scratch = scratch;
        this.crcInUse = crcInUse;
        this.markers = markersInUse ? new MarkerStripper(crcInUse, true) : null;
        this.steering = !markersInUse && (!crcInUse || placing == Placing.AS_IT_ARRIVES);
    }

    /** Says that segments may have to wait: from now on no more is read than can be parked. */
    public void mayPark() {
        mayPark = true;
    }

    /** Says where to read to from the next {@link #targets} on, if it is another scratch buffer of the loop. */
    public void readsTo(ByteBuffer nextScratch) {
        scratch = nextScratch;
    }

    /** Returns the octets that wait for {@link #resume()}, 0 if nothing waits. */
    public int parkedOctets() {
        return kept.parkedOctets();
    }

    /** Goes on with what was parked. If some of it has to wait again, {@link #parkedOctets} says so. */
    public void resume() {
        ByteBuffer parked = kept.parked();
        if (silent || parked == null || !admits(parked, 0)) {
            return;
        }
        int from = kept.takeParked();
        resuming = true;
        parse(parked, from, kept.parkedEnd(), kept.parkedGood());
        resuming = false;
        kept.releaseParkedIfTaken();
    }

    /** Returns whether the stream stands between two FPDUs: nothing of a next one has arrived. */
    public boolean betweenFpdus() {
        return !steered && kept.nothing();
    }

    /** Returns whether an FPDU that has arrived in part, or a few octets of one, occupy a buffer of the staging source. */
    public boolean holdsStaging() {
        return kept.inPart();
    }

    /** Stops handing anything up; octets that still arrive are dropped. Gives staging memory back. */
    public void silence() {
        silent = true;
        if (payloadMissing > 0) {
            // A read may have been broken off before its end: the places it was to fill are given back.
            receiver.onPayloadArrived(0, null);
        }
        steered = false;
        payloadMissing = 0;
        kept.releaseAll();
    }

    /**
     * Says where the next octets go; see {@link io.verbena.transport.StreamHandler#targets}. None if an FPDU that arrives in
     * part could not be kept at present.
     */
    public int targets(ByteBuffer[] lent) {
        int count = 0;
        int scratchOctets = scratch.capacity();
        offered = 0;
        carriedInScratch = 0;
        if (silent) {
            lent[0] = scratch.clear();
            return 1;
        }
        if (kept.parked() != null) {
            return 0;
        }
        if (payloadMissing > 0) {
            int added = receiver.payloadTargets(lent, 0, lent.length - 1, payloadMissing);
            if (added == 0) {
                return 0;
            }
            if (added == SegmentReceiver.REFUSED) {
                silence();
                lent[0] = scratch.clear();
                return 1;
            }
            for (int i = 0; i < added; i++) {
                offered += lent[i].remaining();
            }
            count = added;
            if (offered < payloadMissing || !stagingSource.atHand(mayPark)) {
                return count;
            }
            scratchOctets = trailerOctets + STEERED_TAIL_OCTETS;
        } else if (kept.staging() != null) {
            if (!admits(kept.staging(), kept.staged())) {
                lent[0] = scratch.clear();
                return 1;
            }
            lent[count++] = kept.missing();
            offered = lent[0].remaining();
            if (!stagingSource.atHand(false)) {
                return count;
            }
            if (mayPark) {
                // What is read behind the FPDU has to fit in the same buffer, if both have to wait.
                int room = Math.min(scratch.capacity(), kept.roomBehindStaged());
                if (room > 0) {
                    lent[count++] = scratch.clear().limit(room);
                }
                return count;
            }
        } else if (!stagingSource.ready(!steering || mayPark)) {
            return 0;
        } else if (kept.carried() > 0) {
            if (!admits(kept.carry(), kept.carried())) {
                lent[0] = scratch.clear();
                return 1;
            }
            carriedInScratch = kept.putCarried(scratch);
        }
        scratch.clear().limit(scratchOctets).position(carriedInScratch);
        lent[count++] = scratch;
        return count;
    }

    /** Takes note that the read brought nothing. */
    public void onReadNothing() {
        if (payloadMissing > 0 && !silent) {
            receiver.onPayloadArrived(0, null);
        }
        kept.carriedStays(carriedInScratch);
        carriedInScratch = 0;
    }

    /** Takes the octets that arrived in the buffers of the last {@link #targets}. */
    public void onOctets(int octets) {
        try {
            take(octets);
        } finally {
            kept.onReadOver();
        }
    }

    private void take(int octets) {
        if (silent) {
            return;
        }
        int first = (int) Math.min(octets, offered);
        if (payloadMissing > 0) {
            receiver.onPayloadArrived(first, crcInUse ? crc : null);
            payloadMissing -= first;
        } else if (kept.staging() != null) {
            if (!kept.stagedMore(first)) {
                return;
            }
            takeStaged();
        }
        if (kept.parked() != null) {
            parkMore(scratch, 0, octets - first);
        } else if (!silent && payloadMissing == 0) {
            parse(scratch, 0, carriedInScratch + octets - first, 0);
        }
        carriedInScratch = 0;
    }

    /**
     * Takes octets that were read before this deframer existed: those that came behind an MPA Reply.
     *
     * @param borrowed big-endian buffer; not the scratch buffer
     */
    public void feed(ByteBuffer borrowed, int offset, int octets) {
        int done = 0;
        ByteBuffer[] targets = new ByteBuffer[8];
        while (done < octets && !silent) {
            if (kept.parked() != null) {
                parkMore(borrowed, offset + done, octets - done);
                return;
            }
            int count = targets(targets);
            if (count == 0) {
                // These octets cannot wait: they have left the transport already.
                refuse(MpaError.LOCAL_CATASTROPHIC);
                return;
            }
            int moved = 0;
            for (int i = 0; i < count && done + moved < octets; i++) {
                int piece = Math.min(targets[i].remaining(), octets - done - moved);
                targets[i].put(targets[i].position(), borrowed, offset + done + moved, piece);
                targets[i].position(targets[i].position() + piece);
                moved += piece;
            }
            onOctets(moved);
            done += moved;
        }
    }

    private void takeStaged() {
        if (!admits(kept.staging(), kept.staged())) {
            return;
        }
        ByteBuffer whole = kept.empty();
        if (isGood(whole, 0) && !takeWhole(whole, 0)) {
            kept.parkEmptied();
        }
    }

    /** Returns whether octets may be moved into or out of a buffer; if not, its owner has been told, and nothing goes on. */
    @SuppressWarnings("ReferenceEquality") // the same buffer, whatever is in it
    private boolean admits(ByteBuffer holding, int octets) {
        int ulpdu = ulpduIndex(0);
        if (stagingSource.admits(holding, ulpdu, steered || holding == kept.parked() ? 0 : octets - ulpdu)) {
            return true;
        }
        silence();
        return false;
    }

    /** Returns where the ULPDU of an FPDU begins whose first octet on the stream lies at {@code at}. */
    private int ulpduIndex(int at) {
        return at + FpduLayout.ULPDU + (markers == null ? 0 : markers.leadingMarkerOctets());
    }

    /** Keeps octets that wait for {@link #resume()}, together with all behind them. */
    private void park(ByteBuffer buffer, int from, int end, int good) {
        if (resuming) {
            kept.parkAgain(from, good);
        } else if (!kept.park(buffer, from, end, good)) {
            refuse(MpaError.LOCAL_CATASTROPHIC);
        }
    }

    private void parkMore(ByteBuffer buffer, int from, int octets) {
        if (!kept.parkMore(buffer, from, octets)) {
            refuse(MpaError.LOCAL_CATASTROPHIC);
        }
    }

    /** Takes what lies there; the first {@code good} octets are an FPDU that was found good before. */
    private void parse(ByteBuffer buffer, int from, int end, int good) {
        int at = from;
        int known = good;
        while (!silent && at < end) {
            if (steered) {
                if (end - at < trailerOctets) {
                    carry(buffer, at, end - at);
                    return;
                }
                takeTrailer(buffer, at);
                at += trailerOctets;
                continue;
            }
            int available = end - at;
            int total = known > 0 ? known : fpduOctets(buffer, at, available);
            if (total >= 0 && total <= available) {
                if ((known > 0 || isGood(buffer, at)) && !takeWhole(buffer, at)) {
                    park(buffer, at, end, total);
                    return;
                }
                known = 0;
                at += total;
            } else {
                keep(buffer, at, available, total);
                return;
            }
        }
    }

    private int fpduOctets(ByteBuffer buffer, int at, int available) {
        if (markers != null) {
            return markers.rawOctets(buffer, at, available);
        }
        return FpduLayout.fits(available) ? FpduLayout.fpduOctets(FpduLayout.ulpduLength(buffer, at)) : -1;
    }

    private void keep(ByteBuffer buffer, int at, int available, int total) {
        if (total < 0 || available < BEGINNING_OCTETS || total <= CARRY_OCTETS) {
            carry(buffer, at, available);
        } else if (steering) {
            beginSteered(buffer, at, available);
        } else {
            int ulpdu = ulpduIndex(at);
            if (!kept.stage(buffer, at, available, ulpdu, total)) {
                refuse(MpaError.LOCAL_CATASTROPHIC);
            }
        }
    }

    private void beginSteered(ByteBuffer buffer, int at, int available) {
        int ulpduLength = FpduLayout.ulpduLength(buffer, at);
        int here = Math.min(available - FpduLayout.ULPDU, ulpduLength);
        int header = receiver.onSegmentBegin(buffer, at + FpduLayout.ULPDU, here, ulpduLength);
        if (header == SegmentReceiver.LATER) {
            park(buffer, at, at + available, 0);
            return;
        }
        if (header == SegmentReceiver.REFUSED) {
            silence();
            return;
        }
        int payloadHere = here - header;
        if (payloadHere > 0 && !receiver.onPayload(buffer, at + FpduLayout.ULPDU + header, payloadHere)) {
            silence();
            return;
        }
        steered = true;
        payloadMissing = ulpduLength - here;
        trailerOctets = FpduLayout.padOctets(ulpduLength) + FpduLayout.CRC_OCTETS;
        if (crcInUse) {
            crc.reset();
            crc.update(buffer, at, FpduLayout.ULPDU + here);
        }
        if (payloadMissing == 0) {
            int used = FpduLayout.ULPDU + here;
            carry(buffer, at + used, available - used);
        }
    }

    private void takeTrailer(ByteBuffer buffer, int at) {
        steered = false;
        if (crcInUse) {
            int pad = trailerOctets - FpduLayout.CRC_OCTETS;
            crc.update(buffer, at, pad);
            if (!crc.matches(buffer, at + pad)) {
                refuse(MpaError.CRC_MISMATCH);
                return;
            }
        }
        if (!receiver.onSegmentEnd()) {
            silence();
        }
    }

    /** Checks an FPDU that lies in one piece, and takes its markers out; returns whether it is good. If not, it was refused. */
    private boolean isGood(ByteBuffer buffer, int at) {
        if (markers != null) {
            MpaError error = markers.firstError(buffer, at);
            if (error != null) {
                refuse(error);
                return false;
            }
            markers.strip(buffer, at);
        } else if (crcInUse && !crc.verify(buffer, at)) {
            refuse(MpaError.CRC_MISMATCH);
            return false;
        }
        return true;
    }

    /** Takes a good FPDU that lies in one piece without markers; returns false if it has to wait, and nothing was done. */
    private boolean takeWhole(ByteBuffer buffer, int at) {
        int ulpduLength = FpduLayout.ulpduLength(buffer, at);
        int ulpdu = at + FpduLayout.ULPDU;
        int header = receiver.onSegmentBegin(buffer, ulpdu, ulpduLength, ulpduLength);
        if (header == SegmentReceiver.LATER) {
            return false;
        }
        boolean goesOn = header != SegmentReceiver.REFUSED
                && (header == ulpduLength || receiver.onPayload(buffer, ulpdu + header, ulpduLength - header))
                && receiver.onSegmentEnd();
        if (!goesOn) {
            silence();
        }
        return true;
    }

    private void refuse(MpaError error) {
        receiver.onFramingError(error);
        silence();
    }

    private void carry(ByteBuffer buffer, int at, int octets) {
        if (octets == 0) {
            return;
        }
        int ulpdu = ulpduIndex(at);
        int available = steered ? 0 : at + octets - ulpdu;
        if (!kept.carry(buffer, at, octets, ulpdu, available)) {
            refuse(MpaError.LOCAL_CATASTROPHIC);
        }
    }
}
