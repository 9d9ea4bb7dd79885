package io.verbena.rdmap;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import java.nio.ByteBuffer;

/**
 * The message that is being cut into segments: what its headers say, where its octets are, how far it has come.
 *
 * <p>Thread rule: the stream's loop. One per stream, reused.
 */
final class OutboundMessage {
    /** Stands for no slot, no position, no response. */
    static final int NOTHING = -1;

    /** On whose behalf a message goes out. */
    enum Kind {
        /** There is no message. */
        NONE,
        /** A request of the send queue. */
        REQUEST,
        /** The answer to an inbound Read Request. */
        RESPONSE,
        /** Our Terminate. */
        TERMINATE,
        /** The initiator's ready-to-receive message. */
        OPENING
    }

    private final RegisteredPieces pieces;
    private final TaggedHeader taggedHeader = new TaggedHeader();
    private final UntaggedHeader untaggedHeader = new UntaggedHeader();

    private Kind kind = Kind.NONE;
    private RdmapOpcode opcode;
    private int slot = NOTHING;
    private int position = NOTHING;
    private int response = NOTHING;
    private long total;
    private long done;
    private int stag;
    private long address;
    private int sequence;
    private int word;
    private ByteBuffer copied;
    private int copiedFrom;

    /** Makes a message of at most so many pieces; {@code kept} keeps the pin of the one that was copied last, or is null. */
    OutboundMessage(int maxElements, KeptPin kept) {
        pieces = new RegisteredPieces(maxElements, kept);
    }

    /** Begins a tagged message. */
    void beginTagged(Kind nextKind, RdmapOpcode nextOpcode, long octets, int toStag, long toAddress) {
        begin(nextKind, nextOpcode, octets);
        stag = toStag;
        address = toAddress;
    }

    /** Begins an untagged message; {@code ulpWord} is the STag to invalidate, or zero. */
    void beginUntagged(Kind nextKind, RdmapOpcode nextOpcode, long octets, int messageSequence, int ulpWord) {
        begin(nextKind, nextOpcode, octets);
        sequence = messageSequence;
        word = ulpWord;
    }

    private void begin(Kind nextKind, RdmapOpcode nextOpcode, long octets) {
        kind = nextKind;
        opcode = nextOpcode;
        total = octets;
        done = 0;
        slot = NOTHING;
        position = NOTHING;
        response = NOTHING;
        copied = null;
        pieces.clear();
    }

    /** Says which request it is. */
    void request(int requestSlot, int requestPosition) {
        slot = requestSlot;
        position = requestPosition;
    }

    /** Says which inbound Read it answers. */
    void response(int read) {
        response = read;
    }

    /** Takes its octets from {@code source} rather than from registered memory. */
    void copyFrom(ByteBuffer source, int offset) {
        copied = source;
        copiedFrom = offset;
    }

    /** Forgets the message. */
    void clear() {
        kind = Kind.NONE;
        copied = null;
        pieces.clear();
    }

    boolean underWay() {
        return kind != Kind.NONE;
    }

    Kind kind() {
        return kind;
    }

    RdmapOpcode opcode() {
        return opcode;
    }

    int slot() {
        return slot;
    }

    int position() {
        return position;
    }

    int response() {
        return response;
    }

    /** Returns its registered memory, to be filled when it begins. */
    RegisteredPieces pieces() {
        return pieces;
    }

    /** Returns whether its octets do not come from registered memory. */
    boolean carriesItsOctets() {
        return copied != null;
    }

    /**
     * Returns whether others may change its octets while they are being sent: the source of a Read belongs to nobody alone.
     * With CRC they must not change between the CRC and the transport, so they are copied.
     */
    boolean sharesItsOctets() {
        return kind == Kind.RESPONSE;
    }

    /** Returns its length in octets. */
    long total() {
        return total;
    }

    /** Returns how many octets of it were framed. */
    long done() {
        return done;
    }

    long left() {
        return total - done;
    }

    int headerOctets() {
        return opcode.tagged() ? TaggedHeader.OCTETS : UntaggedHeader.OCTETS;
    }

    /** Writes the headers of the segment that comes next. */
    void writeHeader(ByteBuffer out, int at, boolean last) {
        int ddpControl = DdpControl.encode(opcode.tagged(), last);
        int rdmapControl = RdmapControl.encode(opcode);
        if (opcode.tagged()) {
            taggedHeader
                    .wrap(out, at)
                    .control(ddpControl)
                    .ulpControl(rdmapControl)
                    .stag(stag)
                    .taggedOffset(address + done);
        } else {
            untaggedHeader
                    .wrap(out, at)
                    .control(ddpControl)
                    .ulpControl(rdmapControl)
                    .ulpWord(word)
                    .queueNumber(opcode.queueNumber())
                    .messageSequenceNumber(sequence)
                    .messageOffset((int) done);
        }
    }

    /** Copies the next octets out; false if their memory was withdrawn. */
    boolean copyOctets(ByteBuffer out, int at, int octets) {
        if (copied != null) {
            out.put(at, copied, copiedFrom + (int) done, octets);
            return true;
        }
        return octets == 0 || pieces.copyOut(out, at, octets);
    }

    /** Goes on over {@code octets} that were framed. */
    void framed(int octets) {
        done += octets;
    }
}
