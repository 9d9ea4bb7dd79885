package io.verbena.mpa;

import io.verbena.mpa.wire.FpduLayout;
import io.verbena.transport.GatherList;
import java.nio.ByteBuffer;

/**
 * The way out: puts FPDUs around ULPDUs (RFC 5044 section 4) and collects them in a gather list, so that one system call
 * sends many.
 *
 * <p>Headers, trailers and short payload are written into an arena; long payload is only pointed at. With markers every
 * FPDU is copied, because a marker may fall anywhere in it.
 *
 * <pre>
 * if (framer.fits(header, payload)) {
 *     int at = framer.begin(header, payload);   // write the header into framer.arena() at this index
 *     framer.gather(view);                      // or write payload behind the header: framer.inlinePayload(octets)
 *     framer.end();
 * }
 * </pre>
 *
 * <p>Thread rule: the stream's loop. Allocates nothing in steady state.
 */
public final class FpduFramer {
    /** The most octets an FPDU has beside header and payload: length field, pad, CRC. */
    public static final int OVERHEAD_OCTETS = FpduLayout.ULPDU + 3 + FpduLayout.CRC_OCTETS;

    private final boolean crcInUse;
    private final MarkerInserter markers;
    private final FpduCrc crc = new FpduCrc();
    private TransmitArena arena;
    private GatherList gather;
    private ByteBuffer out;
    private ByteBuffer markerBody;
    private int runCount;
    private int runStart;
    private int tail;
    private int fpduStart;
    private int ulpduLength;
    private boolean crcStarted;
    private long framed;

    /**
     * Creates a framer at the beginning of Full Operation.
     *
     * @param crcInUse whether CRC is in force; if not the field is zero
     * @param markersWanted whether the peer asked for markers
     */
    public FpduFramer(boolean crcInUse, boolean markersWanted) {
        this.crcInUse = crcInUse;
        this.markers = markersWanted ? new MarkerInserter(crcInUse) : null;
    }

    /**
     * Starts a round: lends the memory that FPDUs are built in, and the list that they are collected in.
     *
     * @param lentArena lent until {@link #finishRound}, and then until the gather list is sent
     * @param lentBody with markers: a second buffer, for one FPDU without its markers; else null
     * @param lentGather collects what is to be sent; lent until {@link #finishRound}
     */
    public void beginRound(TransmitArena lentArena, ByteBuffer lentBody, GatherList lentGather) {
        gather = lentGather;
        arena = lentArena;
        out = lentArena.buffer();
        markerBody = lentBody;
        runCount = 0;
        runStart = 0;
        tail = 0;
    }

    /** Ends a round: everything framed is in the gather list now. */
    public void finishRound() {
        flushRun();
        markerBody = null;
        gather = null;
    }

    /** Returns whether an FPDU with this much header and gathered payload in {@code views} buffers still fits this round. */
    public boolean fits(int headerOctets, int inlineOctets, int payloadOctets, int views) {
        if (markers != null) {
            return out.capacity() - tail >= markers.octetsFor(headerOctets + inlineOctets + payloadOctets)
                    && gather.room() > 1
                    && runCount < TransmitArena.MAX_RUNS - 1;
        }
        return out.capacity() - tail >= headerOctets + inlineOctets + OVERHEAD_OCTETS
                && gather.room() >= views + 2
                && runCount < TransmitArena.MAX_RUNS - 2;
    }

    /** Returns whether payload must be written into {@link #arena()} instead of being gathered. */
    public boolean copiesPayload() {
        return markers != null;
    }

    /**
     * Begins an FPDU.
     *
     * @param headerOctets length of the headers of the layers above
     * @param payloadOctets length of the payload
     * @return index in {@link #arena()} where the headers are to be written
     */
    public int begin(int headerOctets, int payloadOctets) {
        ulpduLength = headerOctets + payloadOctets;
        ByteBuffer body = arena();
        fpduStart = markers == null ? tail : 0;
        FpduLayout.putUlpduLength(body, fpduStart, ulpduLength);
        if (markers == null) {
            tail = fpduStart + FpduLayout.ULPDU + headerOctets;
        }
        return fpduStart + FpduLayout.ULPDU;
    }

    /** Returns the big-endian buffer that headers and copied payload are written into, with absolute indexes. */
    public ByteBuffer arena() {
        return markers == null ? out : markerBody;
    }

    /** Takes note that payload was written behind the headers. */
    public void inlinePayload(int octets) {
        if (markers == null) {
            tail += octets;
        }
    }

    /**
     * Adds payload that stays where it is.
     *
     * @param lent its remaining octets are sent; lent until the gather list is sent
     */
    public void gather(ByteBuffer lent) {
        if (crcInUse) {
            if (!crcStarted) {
                crc.reset();
                crc.update(out, fpduStart, tail - fpduStart);
                crcStarted = true;
            }
            crc.update(lent, lent.position(), lent.remaining());
        }
        flushRun();
        gather.add(lent);
    }

    /** Ends the FPDU: pad and CRC. */
    public void end() {
        if (markers != null) {
            FpduLayout.putPad(markerBody, 0, ulpduLength);
            int octets = markers.insert(markerBody, 0, out, tail);
            tail += octets;
            framed += octets;
            return;
        }
        int pad = FpduLayout.padOctets(ulpduLength);
        for (int i = 0; i < pad; i++) {
            out.put(tail + i, (byte) 0);
        }
        if (!crcInUse) {
            out.putInt(tail + pad, 0);
        } else {
            int uncounted = crcStarted ? tail : fpduStart;
            if (!crcStarted) {
                crc.reset();
            }
            crc.update(out, uncounted, tail + pad - uncounted);
            crc.store(out, tail + pad);
        }
        crcStarted = false;
        tail += pad + FpduLayout.CRC_OCTETS;
        framed += FpduLayout.fpduOctets(ulpduLength);
    }

    /** Takes back {@link #begin}: nothing of the FPDU will be sent. Only before any payload was gathered. */
    public void abandon() {
        if (markers == null) {
            tail = fpduStart;
        }
    }

    /**
     * Takes back all FPDUs from stream position {@code position} on: none of their octets was sent. Not with markers.
     *
     * @param position a position that {@link #framedOctets()} returned
     */
    public void rewind(long position) {
        if (markers != null) {
            throw new IllegalStateException("a stream with markers cannot go back");
        }
        framed = position;
    }

    /** Returns the stream position behind the last FPDU: octets since the startup frame, whether sent already or not. */
    public long framedOctets() {
        return framed;
    }

    private void flushRun() {
        if (tail > runStart) {
            gather.add(arena.run(runCount++, runStart, tail));
            runStart = tail;
        }
    }
}
