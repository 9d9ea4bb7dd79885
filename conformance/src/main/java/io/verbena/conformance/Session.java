package io.verbena.conformance;

import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.conformance.raw.RawTerminate;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An established connection with the application of the contract, and the words in which cases are told: send this, be
 * answered, be refused with that Terminate.
 *
 * <p>Thread rule: one thread.
 */
final class Session {
    /** Octets of each receive that the application has posted. */
    static final int RECEIVE_OCTETS = 256;

    private static final int OFFER_OCTETS = 16;
    private static final int MOST_OFFERED_OCTETS = 64 * OFFER_OCTETS;
    private static final int SINK_STAG = 0x5151_5100;
    private static final long SINK_OFFSET = 0x1000;

    private final RawPeer peer;
    private final RawStartup startup;
    private List<Region> regions = List.of();
    private int nextSend = 1;
    private int nextRead = 1;
    private int nextAnswer = 1;

    Session(RawPeer peer, RawStartup startup) {
        this.peer = peer;
        this.startup = startup;
    }

    /** Speaks first, as an initiator has to (RFC 5044 section 7.1.2), and takes the offer that answers. */
    void greet() {
        send(new byte[OFFER_OCTETS]);
        takeOffer();
    }

    /** Takes the offer that a connecting application begins with. */
    void beGreeted() {
        takeOffer();
    }

    /** Returns the raw peer, for what is not told here. */
    RawPeer peer() {
        return peer;
    }

    /** Returns the Reply, or Request, of the stack under test. */
    RawStartup startup() {
        return startup;
    }

    /** Returns memory for everything. */
    Region region() {
        return regions.get(0);
    }

    /** Returns memory that may only be read. */
    Region readOnly() {
        return optional(1, "region for Reads only");
    }

    /** Returns memory that may only be written. */
    Region writeOnly() {
        return optional(2, "region for Writes only");
    }

    /** Returns memory that no peer may touch. */
    Region local() {
        return optional(3, "region without remote rights");
    }

    /** Returns memory with all rights in a protection domain that is not this connection's. */
    Region foreign() {
        return optional(4, "region in another protection domain");
    }

    private Region optional(int index, String what) {
        if (index >= regions.size() || regions.get(index).stag() == 0) {
            throw new CaseSkippedException("the application offers no " + what);
        }
        return regions.get(index);
    }

    /** Returns the MSN of the next Send, and counts it as sent. */
    int takeSendMsn() {
        return nextSend++;
    }

    /** Returns the MSN of the next Read or Atomic Request, and counts it as sent. */
    int takeReadMsn() {
        return nextRead++;
    }

    /** Returns a Send with the next MSN, and counts it as sent. */
    RawSegment nextSend(byte[] octets) {
        return RawSegment.send(takeSendMsn(), octets);
    }

    /** Returns a Write of {@code length} octets of a pattern into the region. */
    RawSegment write(long offset, int length) {
        return RawSegment.write(region().stag(), region().at(offset), pattern(length));
    }

    /** Returns a Read Request with the next MSN, and counts it as sent. */
    RawSegment nextRead(int stag, long address, int length) {
        return RawSegment.readRequest(takeReadMsn(), SINK_STAG, SINK_OFFSET, length, stag, address);
    }

    /** Sends a Send. */
    Session send(byte[] octets) {
        return send(nextSend(octets));
    }

    /** Sends a segment in a good FPDU. */
    Session send(RawSegment segment) {
        peer.sendFpdu(segment);
        return this;
    }

    /** Sends a segment in an FPDU with a fault. */
    Session send(RawSegment segment, RawFault fault) {
        peer.sendFpdu(segment, fault);
        return this;
    }

    /** Insists on the application's answer to a Send: the Send was delivered whole, and the connection lives. */
    void expectAnswer() {
        byte[] answer = takeSend();
        require(
                answer.length >= OFFER_OCTETS && answer.length % OFFER_OCTETS == 0,
                "expected an offer of 16 octets a region, but the application sent " + answer.length);
    }

    /** Insists that the connection still works: one Send, one answer. */
    void expectWorks() {
        send(new byte[OFFER_OCTETS]);
        expectAnswer();
    }

    /** Insists that the memory of the region at {@code offset} reads as these octets. */
    void expectMemory(long offset, byte[] octets) {
        byte[] found = read(region(), offset, octets.length);
        int mismatch = Arrays.mismatch(found, octets);
        require(mismatch < 0, "expected the octets that were written, but octet " + mismatch + " differs");
    }

    /** Reads memory; insists that the Responses are in order and exactly as long as asked for. */
    byte[] read(Region from, long offset, int length) {
        send(nextRead(from.stag(), from.at(offset), length));
        return expectReadResponse(length);
    }

    /** Waits for the answer to the oldest Read of {@link #nextRead}. */
    byte[] expectReadResponse(int length) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        RawSegment segment;
        do {
            segment = peer.expectFpdu("a Read Response", each -> each.tagged() && each.opcode() == 2);
            require(segment.stag() == SINK_STAG, "the Read Response names another STag than the request: " + segment);
            require(
                    segment.offset() == SINK_OFFSET + octets.size(),
                    "the Read Response does not go on where the octets before it end: " + segment);
            octets.writeBytes(segment.payload());
        } while (!segment.last() && octets.size() <= length);
        require(length > 0 || octets.size() == 0, "the Read Response has octets, though none were asked for");
        require(octets.size() == length, "the Read Response has " + octets.size() + " octets instead of " + length);
        return octets.toByteArray();
    }

    /** Insists on a Terminate with one of these triples that returns what it has to of {@code offender}; and on the end. */
    void expectRefusal(RawSegment offender, String... triples) {
        new TerminateExpectation(List.of(triples), offender).judge(awaitTerminate(triples));
        peer.expectEnd();
    }

    /** Insists on a Terminate with one of these triples that returns nothing; and on the end. */
    void expectTerminate(String... triples) {
        expectRefusal(null, triples);
    }

    private RawSegment awaitTerminate(String... triples) {
        try {
            return peer.expectFpdu();
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage().replace("an FPDU", "Terminate " + String.join(" or ", triples)), e);
        }
    }

    /** Insists that the stream ends, with a Terminate or without one; nothing else may come. */
    void expectStreamEnds() {
        if (peer.awaitOctet()) {
            peer.expectFpdu("a Terminate or the end", segment -> segment.opcode() == RawTerminate.OPCODE);
            peer.expectEnd();
        }
    }

    private void takeOffer() {
        ByteBuffer offer = ByteBuffer.wrap(takeSend());
        List<Region> offered = new ArrayList<>();
        while (offer.remaining() >= OFFER_OCTETS) {
            long address = offer.getLong();
            offered.add(new Region(offer.getInt(), address, offer.getInt() & 0xFFFF_FFFFL));
        }
        require(
                !offered.isEmpty() && !offer.hasRemaining(),
                "an offer has 16 octets for each region, and at least one");
        regions = List.copyOf(offered);
    }

    private byte[] takeSend() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        RawSegment segment;
        do {
            segment = peer.expectFpdu("the application's Send", each -> !each.tagged() && each.opcode() == 3);
            require(segment.queue() == 0, "a Send goes to queue 0: " + segment);
            require(segment.msn() == nextAnswer, "expected MSN " + nextAnswer + ": " + segment);
            require(segment.offset() == octets.size(), "expected Message Offset " + octets.size() + ": " + segment);
            octets.writeBytes(segment.payload());
            require(
                    octets.size() <= MOST_OFFERED_OCTETS,
                    "expected an offer of 16 octets a region, but the application's Send has more than "
                            + MOST_OFFERED_OCTETS);
        } while (!segment.last());
        nextAnswer++;
        return octets.toByteArray();
    }

    /** Returns {@code count} octets that repeat late. */
    static byte[] pattern(int count) {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) (7 * i + 3 + (i >> 8));
        }
        return octets;
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
