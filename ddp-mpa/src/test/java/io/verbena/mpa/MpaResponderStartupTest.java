package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.verbena.mpa.MpaResponderStartup.State;
import io.verbena.mpa.MpaStartupFailure.Cause;
import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MpaResponderStartupTest {
    private static final HexVectors VECTORS = new HexVectors("/vectors/startup.hex");
    private static final MpaParameters OWN = MpaParameters.defaults().withReadDepths(8, 32, 16);

    private static MpaResponderStartup asked(ByteBuffer request) {
        return asked(new MpaResponderStartup(), request);
    }

    private static MpaResponderStartup asked(MpaResponderStartup startup, ByteBuffer request) {
        startup.onOctets(request, 0, request.limit());
        return startup;
    }

    private static ByteBuffer request(int flags, int revision, EnhancedWord word) {
        return StartupFrameWriter.write(MpaFrameKind.REQUEST, flags, revision, word, PrivateData.NONE);
    }

    private static EnhancedWord word(int inbound, int outbound) {
        return new EnhancedWord(false, false, inbound, false, false, outbound);
    }

    private static EnhancedWord wordOf(ByteBuffer reply) {
        return EnhancedWord.read(reply, MpaFrame.PRIVATE_DATA);
    }

    private static void assertFails(MpaResponderStartup startup, Cause cause, String words) {
        assertThat(startup.state()).isEqualTo(State.FAILED);
        assertThat(startup.failure().cause()).isEqualTo(cause);
        assertThat(startup.failure().sentence()).contains(words);
    }

    private static PrivateData data(String text) {
        return PrivateData.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void repliesAreThoseOfTheVectors() {
        MpaParameters plain = OWN.withCrcWanted(true);
        assertThat(asked(VECTORS.buffer("request.rev1.crc")).accept(plain).array())
                .isEqualTo(VECTORS.octets("reply.rev1.crc"));
        assertThat(asked(VECTORS.buffer("request.rev1.crc"))
                        .reject(plain.withPrivateData(data("no")))
                        .array())
                .isEqualTo(VECTORS.octets("reply.rev1.reject.no"));
        MpaParameters onlyWrite =
                OWN.withReadDepths(8, 8, 16).withPeerToPeer(false, EnumSet.of(RtrKind.WRITE, RtrKind.SEND));
        assertThat(asked(VECTORS.buffer("request.rev2.peer.cd.ird16.ord8.hi"))
                        .accept(onlyWrite)
                        .array())
                .isEqualTo(VECTORS.octets("reply.rev2.peer.c.ird8.ord16"));
    }

    @Test
    void everySplitOfTheRequestGivesTheSame() {
        ByteBuffer frame = VECTORS.buffer("request.rev2.peer.cd.ird16.ord8.hi");
        for (int first = 0; first <= frame.limit(); first++) {
            MpaResponderStartup startup = new MpaResponderStartup();
            assertThat(startup.onOctets(frame, 0, first)).isEqualTo(first);
            assertThat(startup.onOctets(frame, first, frame.limit() - first)).isEqualTo(frame.limit() - first);
            assertThat(startup.state()).isEqualTo(State.DECIDE);
            assertThat(startup.request())
                    .isEqualTo(new MpaPeerFrame(
                            2, true, false, true, true, EnumSet.of(RtrKind.WRITE, RtrKind.READ), 16, 8, data("hi")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Request IRD, ORD; own IRD, max, ORD; Reply IRD, ORD; final IRD, ORD
        "3, 1, 8, 32, 8, 8, 3, 8, 3",
        "16, 20, 8, 32, 8, 20, 8, 20, 8",
        "16, 40, 8, 32, 8, 32, 8, 32, 8",
        "0, 0, 8, 32, 8, 8, 0, 8, 0",
        "16383, 4, 8, 32, 8, 8, 16383, 8, 8",
        "4, 16383, 8, 32, 8, 16383, 4, 8, 4",
        "16383, 16383, 8, 32, 9, 16383, 16383, 8, 9",
        "16382, 16382, 1, 16382, 16382, 16382, 16382, 16382, 16382"
    })
    @Requirement({"ENH-9.1-12", "ENH-9.1-14"})
    void depthsFollowTheRequest(
            int ird, int ord, int ownIrd, int max, int ownOrd, int replyIrd, int replyOrd, int finalIrd, int finalOrd) {
        MpaResponderStartup startup = asked(request(0, 2, word(ird, ord)));
        ByteBuffer reply = startup.accept(OWN.withReadDepths(ownIrd, max, ownOrd));
        assertThat(wordOf(reply)).isEqualTo(word(replyIrd, replyOrd));
        assertThat(startup.agreement().inboundReadDepth()).isEqualTo(finalIrd);
        assertThat(startup.agreement().outboundReadDepth()).isEqualTo(finalOrd);
        assertThat(startup.agreement().peerInboundReadDepth()).isEqualTo(ird);
        assertThat(startup.agreement().peerOutboundReadDepth()).isEqualTo(ord);
    }

    @ParameterizedTest
    @CsvSource({
        // Request B, C, D; own kinds; Reply B, C, D
        "true, true, true, 'WRITE,READ,SEND', true, true, true",
        "false, true, true, 'WRITE,READ,SEND', false, true, true",
        "true, false, false, 'WRITE', false, true, false",
        "true, false, false, 'READ,SEND', true, false, false",
        "false, false, true, 'WRITE,READ', false, false, true",
        "false, false, false, 'SEND', true, false, false"
    })
    @Requirement({"ENH-9.2-04", "ENH-9.2-05", "ENH-9.2-06", "ENH-9.2-07", "ENH-9.2-08", "ENH-9.2-09"})
    void grantsTheReadyMessagesBothSidesKnow(
            boolean b, boolean c, boolean d, String own, boolean replyB, boolean replyC, boolean replyD) {
        EnumSet<RtrKind> kinds = EnumSet.noneOf(RtrKind.class);
        for (String name : own.split(",")) {
            kinds.add(RtrKind.valueOf(name));
        }
        MpaResponderStartup startup = asked(request(0, 2, new EnhancedWord(true, b, 4, c, d, 4)));
        EnhancedWord reply = wordOf(startup.accept(OWN.withPeerToPeer(false, kinds)));
        assertThat(reply.peerToPeer()).isTrue();
        assertThat(reply.sendReady()).isEqualTo(replyB);
        assertThat(reply.writeReady()).isEqualTo(replyC);
        assertThat(reply.readReady()).isEqualTo(replyD);
        assertThat(startup.agreement().peerToPeer()).isTrue();
        assertThat(startup.agreement().rtrKinds()).isNotEmpty().isSubsetOf(kinds);
    }

    @Test
    @Requirement({"ENH-9.2-14", "ENH-9.2-16"})
    void clientServerRequestGetsClientServerReplyWhateverItsReadyBits() {
        MpaResponderStartup startup = asked(request(0, 2, new EnhancedWord(false, true, 4, true, true, 4)));
        assertThat(startup.request().rtrKinds()).isEmpty();
        ByteBuffer reply = startup.accept(OWN.withPeerToPeer(true, EnumSet.allOf(RtrKind.class)));
        assertThat(wordOf(reply)).isEqualTo(word(8, 4));
        assertThat(startup.agreement().peerToPeer()).isFalse();
    }

    @Test
    void raisesItsInboundDepthForAReadAsReadyMessage() {
        MpaResponderStartup startup = asked(request(0, 2, new EnhancedWord(true, false, 0, false, true, 0)));
        assertThat(wordOf(startup.accept(OWN.withReadDepths(0, 4, 0))).inboundReadDepth())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 1", "2, 2, 2", "1, 1, 1", "2, 1, 1"})
    void unenhancedRequestGetsUnenhancedReplyOfTheLowerRevision(int received, int own, int replied) {
        MpaResponderStartup startup = asked(new MpaResponderStartup(own), request(0, received, null));
        ByteBuffer reply = startup.accept(OWN.withCrcWanted(false));
        MpaFrame frame = new MpaFrame().wrap(reply, 0);
        assertThat(frame.revision()).isEqualTo(replied);
        assertThat(frame.flags()).isZero();
        assertThat(frame.octets()).isEqualTo(20);
        assertThat(startup.agreement().peerInboundReadDepth()).isEqualTo(MpaAgreement.NOT_TOLD);
        assertThat(startup.agreement().inboundReadDepth()).isEqualTo(8);
        assertThat(startup.agreement().outboundReadDepth()).isEqualTo(16);
    }

    /** An initiator that insists on CRCs gave up when the Reply did not repeat its wish. */
    @Test
    void replyToARequestWithCrcSaysCrc() {
        MpaResponderStartup startup = asked(request(MpaFrame.CRC, 2, word(1, 1)));
        ByteBuffer reply = startup.accept(OWN.withCrcWanted(false));
        assertThat(new MpaFrame().wrap(reply, 0).flags()).isEqualTo(MpaFrame.CRC | MpaFrame.ENHANCED);
        assertThat(startup.agreement().crcInUse()).isTrue();
    }

    @Test
    void rejectBitOfARequestIsNotLookedAt() {
        assertThat(asked(request(MpaFrame.REJECTED, 1, null)).state()).isEqualTo(State.DECIDE);
    }

    @Test
    void reservedBitsOfARequestAreNeitherCheckedNorEchoed() {
        MpaResponderStartup startup = asked(request(0x0F, 2, word(1, 1)));
        assertThat(new MpaFrame()
                        .wrap(startup.accept(OWN.withCrcWanted(false)), 0)
                        .flags())
                .isEqualTo(MpaFrame.ENHANCED);
        assertThat(new MpaFrame()
                        .wrap(asked(request(0x1F, 1, null)).accept(OWN), 0)
                        .flags())
                .isEqualTo(MpaFrame.CRC);
    }

    @Test
    @Requirement("ENH-9.1-05")
    void rejectOfAnEnhancedRequestNamesTheDepthNeeded() {
        MpaResponderStartup startup = asked(request(0, 2, word(1, 1)));
        ByteBuffer reply = startup.reject(OWN.withReadDepths(0, 0, 24).withPrivateData(data("more reads")));
        MpaFrame frame = new MpaFrame().wrap(reply, 0);
        assertThat(frame.rejected()).isTrue();
        assertThat(frame.enhanced()).isTrue();
        assertThat(wordOf(reply).outboundReadDepth()).isEqualTo(24);
        assertThat(startup.state()).isEqualTo(State.REJECTED);
        assertThat(startup.agreement()).isNull();
    }

    @Test
    void privateDataHasToFitTheReplyThatTheRequestCallsFor() {
        MpaParameters full = OWN.withPrivateData(PrivateData.of(new byte[512]));
        assertThat(asked(request(0, 1, null)).accept(full).remaining()).isEqualTo(532);
        MpaResponderStartup enhanced = asked(request(0, 2, word(1, 1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> enhanced.accept(full))
                .withMessageContaining("at most 508");
        assertThat(enhanced.state()).as("the user may try again").isEqualTo(State.DECIDE);
    }

    @Test
    void octetsBehindTheRequestAreRefusedWheneverTheyCome() {
        ByteBuffer frame = request(0, 1, null);
        ByteBuffer more = HexVectors.prefilled(frame.limit() + 3);
        more.put(0, frame, 0, frame.limit());
        assertFails(asked(more), Cause.OCTETS_BEHIND_REQUEST, "3 more octets");
        MpaResponderStartup later = asked(frame);
        assertThat(later.onOctets(more, frame.limit(), 1)).isZero();
        assertFails(later, Cause.OCTETS_BEHIND_REQUEST, "1 more octets");
        assertThatIllegalStateException().isThrownBy(() -> later.accept(OWN));
        MpaResponderStartup accepted = asked(frame);
        accepted.accept(OWN);
        assertThat(accepted.onOctets(more, 20, 3)).as("FPDUs by now").isZero();
        assertThat(accepted.state()).isEqualTo(State.ACCEPTED);
    }

    @Test
    @Requirement("ENH-10-05")
    void badRequestsAreRefused() {
        assertFails(asked(VECTORS.buffer("reply.rev1.crc")), Cause.SAME_ROLE, "Reply where a Request was due");
        assertFails(asked(ByteBuffer.wrap(new byte[] {0x16, 0x03, 0x01})), Cause.NOT_MPA, "16 03 01");
        ByteBuffer tooLong = request(0, 1, null);
        new MpaFrame().wrap(tooLong, 0).privateDataLength(65535);
        assertFails(asked(tooLong), Cause.PRIVATE_DATA_TOO_LONG, "65535");
        ByteBuffer noWord = request(MpaFrame.ENHANCED, 2, null);
        assertFails(asked(noWord), Cause.ENHANCED_WORD_MISSING, "0 octets");
        assertFails(
                asked(new MpaResponderStartup(1), request(0, 2, word(1, 1))),
                Cause.ENHANCED_MISMATCH,
                "only revision 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 255})
    void unusableRevisionIsRefused(int revision) {
        assertFails(asked(request(0, revision, null)), Cause.UNUSABLE_REVISION, "revision " + revision);
    }

    @Test
    void closeIsAFailureUntilTheAnswer() {
        ByteBuffer frame = request(0, 2, word(1, 1));
        for (int length = 0; length < frame.limit(); length++) {
            MpaResponderStartup startup = new MpaResponderStartup();
            startup.onOctets(frame, 0, length);
            startup.onClosed();
            assertThat(startup.failure().cause())
                    .isEqualTo(length == 0 ? Cause.CLOSED_BEFORE_FRAME : Cause.CLOSED_WITHIN_FRAME);
        }
        MpaResponderStartup startup = asked(frame);
        startup.onClosed();
        assertFails(startup, Cause.CLOSED_BEFORE_FRAME, "before its Request was answered");
        startup.onClosed();
        assertThat(startup.state()).isEqualTo(State.FAILED);
        startup = asked(frame);
        startup.accept(OWN);
        startup.onClosed();
        assertThat(startup.state()).isEqualTo(State.ACCEPTED);
    }

    @Test
    void largestPrivateDataArrivesIntact() {
        PrivateData data = PrivateData.of(HexVectors.pattern(512));
        ByteBuffer frame = StartupFrameWriter.write(MpaFrameKind.REQUEST, 0, 1, null, data);
        assertThat(asked(frame).request().privateData()).isEqualTo(data);
    }

    /** RFC 6581 section 9.1: neither side may have more Reads outstanding than the other one serves. */
    @Test
    void anyTwoSidesAgreeOnWhatBothCanServe() {
        Random random = new Random(6581);
        int agreed = 0;
        for (int round = 0; round < 20_000; round++) {
            MpaParameters one = randomParameters(random);
            MpaParameters two = randomParameters(random);
            MpaInitiatorStartup initiator = new MpaInitiatorStartup(one);
            MpaResponderStartup responder = asked(initiator.request());
            ByteBuffer reply = responder.accept(two);
            assertThat(initiator.onOctets(reply, 0, reply.limit())).isEqualTo(reply.limit());
            MpaAgreement here = initiator.agreement();
            MpaAgreement there = responder.agreement();
            assertThat(here.crcInUse()).isEqualTo(there.crcInUse());
            assertThat(here.markersSent()).isEqualTo(there.markersReceived());
            assertThat(here.markersReceived()).isEqualTo(there.markersSent());
            assertThat(here.enhanced()).isEqualTo(there.enhanced());
            assertThat(here.peerToPeer()).isEqualTo(there.peerToPeer());
            if (initiator.state() != MpaInitiatorStartup.State.AGREED) {
                assertThat(initiator.failure().cause()).isIn(Cause.INSUFFICIENT_IRD, Cause.NO_MATCHING_RTR);
                continue;
            }
            agreed++;
            assertThat(there.rtrKinds()).containsAll(here.rtrKinds());
            if (one.enhanced() && one.negotiateInbound()) {
                assertThat(there.outboundReadDepth()).isLessThanOrEqualTo(here.inboundReadDepth());
            }
            if (one.enhanced() && one.negotiateOutbound()) {
                assertThat(here.outboundReadDepth()).isLessThanOrEqualTo(there.inboundReadDepth());
            }
        }
        assertThat(agreed).isGreaterThan(10_000);
    }

    private static MpaParameters randomParameters(Random random) {
        boolean enhanced = random.nextInt(4) != 0;
        int max = random.nextInt(20);
        int inbound = random.nextInt(max + 1);
        EnumSet<RtrKind> kinds = EnumSet.of(RtrKind.values()[random.nextInt(3)]);
        for (RtrKind kind : RtrKind.values()) {
            if (random.nextBoolean()) {
                kinds.add(kind);
            }
        }
        return MpaParameters.defaults()
                .withEnhanced(enhanced)
                .withMarkersWanted(random.nextBoolean())
                .withCrcWanted(random.nextBoolean())
                .withReadDepths(inbound, max, random.nextInt(20))
                .withNegotiation(random.nextInt(5) != 0, random.nextInt(5) != 0)
                .withPeerToPeer(enhanced && random.nextBoolean(), kinds);
    }
}
