package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.mpa.MpaInitiatorStartup.State;
import io.verbena.mpa.MpaStartupFailure.Cause;
import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MpaInitiatorStartupTest {
    private static final HexVectors VECTORS = new HexVectors("/vectors/startup.hex");
    private static final MpaParameters PLAIN = MpaParameters.defaults().withEnhanced(false);
    private static final MpaParameters ENHANCED = MpaParameters.defaults().withReadDepths(16, 16, 8);

    private static ByteBuffer reply(int flags, int revision, EnhancedWord word, String data) {
        return StartupFrameWriter.write(
                MpaFrameKind.REPLY, flags, revision, word, PrivateData.of(data.getBytes(StandardCharsets.US_ASCII)));
    }

    private static EnhancedWord word(int inbound, int outbound) {
        return new EnhancedWord(false, false, inbound, false, false, outbound);
    }

    private static MpaInitiatorStartup answered(MpaParameters wanted, ByteBuffer reply) {
        MpaInitiatorStartup startup = new MpaInitiatorStartup(wanted);
        startup.onOctets(reply, 0, reply.limit());
        return startup;
    }

    private static void assertFails(MpaInitiatorStartup startup, Cause cause, String words) {
        assertThat(startup.state()).isEqualTo(State.FAILED);
        assertThat(startup.failure().cause()).isEqualTo(cause);
        assertThat(startup.failure().sentence()).contains(words);
    }

    @Test
    @Requirement({"MPA-7.1-06", "MPA-7.1.2-01", "ENH-6-01", "ENH-6-04", "ENH-6-08"})
    void requestsAreThoseOfTheVectors() {
        assertRequest(PLAIN, "request.rev1.crc");
        assertRequest(PLAIN.withMarkersWanted(true).withPrivateData(data("hello")), "request.rev1.markers.crc.hello");
        assertRequest(
                ENHANCED.withPeerToPeer(true, EnumSet.of(RtrKind.WRITE, RtrKind.READ))
                        .withPrivateData(data("hi")),
                "request.rev2.peer.cd.ird16.ord8.hi");
        assertRequest(ENHANCED.withReadDepths(4, 4, 4), "request.rev2.client.ird4.ord4");
        assertRequest(ENHANCED.withNegotiation(false, false), "request.rev2.no-negotiation");
    }

    private static PrivateData data(String text) {
        return PrivateData.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void assertRequest(MpaParameters wanted, String vector) {
        ByteBuffer request = new MpaInitiatorStartup(wanted).request();
        assertThat(HexVectors.slice(request, 0, request.remaining())).isEqualTo(VECTORS.octets(vector));
    }

    @Test
    @Requirement("ENH-9.2-13")
    void clientServerRequestNamesNoReadyMessages() {
        ByteBuffer request = new MpaInitiatorStartup(ENHANCED).request();
        assertThat(EnhancedWord.read(request, MpaFrame.PRIVATE_DATA)).isEqualTo(word(16, 8));
    }

    @Test
    @Requirement("MPA-7.1.2-24")
    void everySplitOfTheReplyGivesTheSameAndLeavesWhatFollows() {
        ByteBuffer frame = reply(MpaFrame.CRC, 2, word(4, 12), "welcome");
        ByteBuffer stream = HexVectors.prefilled(frame.limit() + 30);
        stream.put(0, frame, 0, frame.limit());
        for (int first = 0; first <= stream.capacity(); first++) {
            MpaInitiatorStartup startup = new MpaInitiatorStartup(ENHANCED);
            int taken = startup.onOctets(stream, 0, first);
            assertThat(taken).isEqualTo(Math.min(first, frame.limit()));
            taken += startup.onOctets(stream, taken, stream.capacity() - taken);
            assertThat(taken).isEqualTo(frame.limit());
            assertThat(startup.state()).isEqualTo(State.AGREED);
            assertThat(startup.agreement().peerPrivateData()).isEqualTo(data("welcome"));
            assertThat(startup.onOctets(stream, taken, 30)).isZero();
        }
    }

    @Test
    void octetByOctetWorksToo() {
        ByteBuffer frame = reply(0, 1, null, "");
        MpaInitiatorStartup startup = new MpaInitiatorStartup(PLAIN);
        for (int i = 0; i < frame.limit(); i++) {
            assertThat(startup.state()).isEqualTo(State.WAIT_REPLY);
            assertThat(startup.onOctets(frame, i, 1)).isEqualTo(1);
        }
        assertThat(startup.state()).isEqualTo(State.AGREED);
    }

    @ParameterizedTest
    @CsvSource({"false, false, false", "true, false, true", "false, true, true", "true, true, true"})
    void crcIsOnIfEitherWantsIt(boolean own, boolean peer, boolean inUse) {
        ByteBuffer frame = reply(peer ? MpaFrame.CRC : 0, 1, null, "");
        assertThat(answered(PLAIN.withCrcWanted(own), frame).agreement().crcInUse())
                .isEqualTo(inUse);
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void eachSideDecidesAboutMarkersTowardsItself(boolean own, boolean peer) {
        ByteBuffer frame = reply(peer ? MpaFrame.MARKERS : 0, 1, null, "");
        MpaAgreement agreement = answered(PLAIN.withMarkersWanted(own), frame).agreement();
        assertThat(agreement.markersReceived()).isEqualTo(own);
        assertThat(agreement.markersSent()).isEqualTo(peer);
    }

    @ParameterizedTest
    @CsvSource({
        // own IRD, max, ORD; Reply IRD, ORD; final IRD, ORD
        "16, 16, 8, 8, 16, 16, 8",
        "16, 16, 8, 2, 4, 16, 2",
        "4, 16, 8, 0, 8, 8, 0",
        "4, 16, 8, 16383, 8, 8, 8",
        "4, 16, 8, 2, 16383, 4, 2",
        "4, 4, 8, 16383, 16383, 4, 8",
        "1, 16382, 1, 16382, 16382, 16382, 1"
    })
    @Requirement({"ENH-9.1-07", "ENH-9.1-08", "ENH-9.1-13", "ENH-9.1-15"})
    void depthsFollowTheReply(int ird, int max, int ord, int replyIrd, int replyOrd, int finalIrd, int finalOrd) {
        MpaInitiatorStartup startup =
                answered(ENHANCED.withReadDepths(ird, max, ord), reply(0, 2, word(replyIrd, replyOrd), ""));
        assertThat(startup.state()).isEqualTo(State.AGREED);
        assertThat(startup.agreement().inboundReadDepth()).isEqualTo(finalIrd);
        assertThat(startup.agreement().outboundReadDepth()).isEqualTo(finalOrd);
        assertThat(startup.agreement().peerInboundReadDepth()).isEqualTo(replyIrd);
        assertThat(startup.agreement().peerOutboundReadDepth()).isEqualTo(replyOrd);
    }

    @Test
    void tooManyReadsOfThePeerEndInATerminate() {
        MpaInitiatorStartup startup =
                answered(ENHANCED.withReadDepths(4, 7, 4), reply(MpaFrame.CRC | MpaFrame.MARKERS, 2, word(4, 8), ""));
        assertFails(startup, Cause.INSUFFICIENT_IRD, "8 RDMA Reads outstanding, at most 7");
        assertThat(startup.failure().cause().error()).isEqualTo(MpaError.INSUFFICIENT_IRD);
        assertThat(startup.failure().cause().error().sentOnWire()).isTrue();
        assertThat(startup.agreement().crcInUse()).isTrue();
        assertThat(startup.agreement().markersSent()).isTrue();
        assertThat(startup.agreement().inboundReadDepth()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        // own kinds; Reply B, C, D; chosen
        "'WRITE,READ', false, true, true, WRITE",
        "'WRITE,READ', false, false, true, READ",
        "'WRITE,READ,SEND', true, false, false, SEND",
        "'READ,SEND', true, true, true, READ",
        "'SEND', true, true, true, SEND"
    })
    @Requirement("ENH-9.2-08")
    void choosesTheReadyMessageThatLeavesTheLeastTrace(String own, boolean b, boolean c, boolean d, RtrKind chosen) {
        MpaParameters wanted = ENHANCED.withPeerToPeer(true, kinds(own));
        MpaInitiatorStartup startup = answered(wanted, reply(0, 2, new EnhancedWord(true, b, 8, c, d, 8), ""));
        assertThat(startup.state()).isEqualTo(State.AGREED);
        assertThat(startup.agreement().peerToPeer()).isTrue();
        assertThat(startup.agreement().rtrKind()).isEqualTo(chosen);
    }

    private static Set<RtrKind> kinds(String names) {
        EnumSet<RtrKind> kinds = EnumSet.noneOf(RtrKind.class);
        for (String name : names.split(",")) {
            kinds.add(RtrKind.valueOf(name));
        }
        return kinds;
    }

    @Test
    void foreignReadyMessagesEndInATerminate() {
        MpaParameters wanted = ENHANCED.withPeerToPeer(true, EnumSet.of(RtrKind.WRITE));
        MpaInitiatorStartup startup =
                answered(wanted, reply(0, 2, new EnhancedWord(true, true, 8, false, true, 8), ""));
        assertFails(startup, Cause.NO_MATCHING_RTR, "[READ, SEND]");
        assertThat(startup.failure().cause().error()).isEqualTo(MpaError.NO_MATCHING_RTR);
        assertThat(startup.agreement()).isNotNull();
    }

    @Test
    void readAsReadyMessageNeedsAPlaceAtThePeerAndACreditHere() {
        MpaParameters wanted = ENHANCED.withReadDepths(4, 4, 0).withPeerToPeer(true, EnumSet.of(RtrKind.READ));
        assertFails(
                answered(wanted, reply(0, 2, new EnhancedWord(true, false, 0, false, true, 4), "")),
                Cause.NO_MATCHING_RTR,
                "READ");
        MpaInitiatorStartup startup =
                answered(wanted, reply(0, 2, new EnhancedWord(true, false, 1, false, true, 4), ""));
        assertThat(startup.agreement().outboundReadDepth()).isEqualTo(1);
    }

    @Test
    void readyBitsWithoutPeerToPeerMeanNothing() {
        MpaInitiatorStartup startup =
                answered(ENHANCED, reply(0, 2, new EnhancedWord(false, true, 8, true, true, 8), ""));
        assertThat(startup.state()).isEqualTo(State.AGREED);
        assertThat(startup.agreement().rtrKinds()).isEmpty();
        assertThat(startup.agreement().rtrKind()).isNull();
    }

    @Test
    void anotherModelThanAskedForIsRefused() {
        assertFails(
                answered(ENHANCED, reply(0, 2, new EnhancedWord(true, false, 8, true, false, 8), "")),
                Cause.MODEL_MISMATCH,
                "peer-to-peer model");
        assertFails(
                answered(ENHANCED.withPeerToPeer(true, EnumSet.allOf(RtrKind.class)), reply(0, 2, word(8, 8), "")),
                Cause.MODEL_MISMATCH,
                "client-server model");
    }

    @Test
    void rejectBringsPrivateDataAndDepths() {
        MpaInitiatorStartup startup = answered(ENHANCED, reply(MpaFrame.REJECTED, 2, word(0, 32), "no room"));
        assertThat(startup.state()).isEqualTo(State.REJECTED);
        assertThat(startup.rejection().privateData()).isEqualTo(data("no room"));
        assertThat(startup.rejection().outboundReadDepth()).isEqualTo(32);
        assertThat(startup.rejection().revision()).isEqualTo(2);
        assertThat(startup.agreement()).isNull();

        startup = new MpaInitiatorStartup(PLAIN);
        startup.onOctets(VECTORS.buffer("reply.rev1.reject.no"), 0, 22);
        assertThat(startup.state()).isEqualTo(State.REJECTED);
        assertThat(startup.rejection().privateData()).isEqualTo(data("no"));
        assertThat(startup.rejection().outboundReadDepth()).isEqualTo(MpaAgreement.NOT_TOLD);
    }

    @Test
    void aForeignProtocolIsRecognizedByItsFirstOctet() {
        ByteBuffer http = ByteBuffer.wrap("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII));
        MpaInitiatorStartup startup = new MpaInitiatorStartup(PLAIN);
        startup.onOctets(http, 0, 1);
        assertFails(startup, Cause.NOT_MPA, "first octets are 48");
        assertFails(answered(PLAIN, http), Cause.NOT_MPA, "48 54 54 50 2f 31 2e 31");
        assertThat(startup.failure().cause().error()).isEqualTo(MpaError.INVALID_STARTUP_FRAME);
    }

    @Test
    void everyWrongKeyOctetFailsAtOnce() {
        for (int at = 0; at < 16; at++) {
            ByteBuffer frame = reply(0, 1, null, "");
            frame.put(at, (byte) (frame.get(at) ^ 0x20));
            MpaInitiatorStartup startup = new MpaInitiatorStartup(PLAIN);
            startup.onOctets(frame, 0, at);
            assertThat(startup.state()).isEqualTo(State.WAIT_REPLY);
            startup.onOctets(frame, at, 1);
            assertThat(startup.state()).isEqualTo(State.FAILED);
        }
    }

    @Test
    void twoInitiatorsFindOutAboutEachOther() {
        ByteBuffer request = new MpaInitiatorStartup(PLAIN).request();
        assertFails(answered(PLAIN, request), Cause.SAME_ROLE, "both sides are initiators");
        MpaInitiatorStartup startup = new MpaInitiatorStartup(PLAIN);
        startup.onOctets(request, 0, 10);
        assertFails(startup, Cause.SAME_ROLE, "both sides are initiators");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 255})
    void unusableRevisionIsRefused(int revision) {
        assertFails(
                answered(ENHANCED, reply(0, revision, word(1, 1), "")),
                Cause.UNUSABLE_REVISION,
                "revision " + revision);
    }

    @Test
    void aHigherRevisionThanAskedForIsRefused() {
        assertFails(answered(PLAIN, reply(0, 2, null, "")), Cause.UNUSABLE_REVISION, "revision 2, asked for was 1");
    }

    @Test
    void enhancedAndUnenhancedDoNotMix() {
        assertFails(answered(ENHANCED, reply(0, 2, null, "")), Cause.ENHANCED_MISMATCH, "unenhanced Reply");
        assertFails(answered(ENHANCED, reply(0, 1, word(1, 1), "")), Cause.ENHANCED_MISMATCH, "unenhanced Reply");
        MpaInitiatorStartup startup = answered(PLAIN, reply(0, 1, word(1, 1), ""));
        assertThat(startup.state()).as("in revision 1 the bit is reserved").isEqualTo(State.AGREED);
        assertThat(startup.agreement().peerPrivateData().lengthOctets()).isEqualTo(4);
    }

    @Test
    void tooMuchPrivateDataIsRefusedBeforeItArrives() {
        ByteBuffer frame = reply(0, 1, null, "");
        new MpaFrame().wrap(frame, 0).privateDataLength(513);
        assertFails(answered(PLAIN, frame), Cause.PRIVATE_DATA_TOO_LONG, "513");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void enhancedFrameHasToHoldItsWord(int length) {
        ByteBuffer frame = reply(0, 2, word(1, 1), "");
        new MpaFrame().wrap(frame, 0).privateDataLength(length);
        assertFails(answered(ENHANCED, frame), Cause.ENHANCED_WORD_MISSING, length + " octets");
    }

    @Test
    void reservedBitsChangeNothing() {
        ByteBuffer frame = reply(0, 2, word(8, 8), "x");
        MpaFrame view = new MpaFrame().wrap(frame, 0);
        view.flags(view.flags() | 0x0F);
        assertThat(answered(ENHANCED.withCrcWanted(false), frame).agreement())
                .isEqualTo(answered(ENHANCED.withCrcWanted(false), reply(0, 2, word(8, 8), "x"))
                        .agreement());
    }

    @Test
    void closeWithoutAWordAllowsToFallBackFromRevision2Only() {
        MpaInitiatorStartup startup = new MpaInitiatorStartup(ENHANCED);
        startup.onClosed();
        assertFails(startup, Cause.CLOSED_BEFORE_FRAME, "without a word");
        assertThat(startup.failure().fallbackPossible()).isTrue();
        assertThat(startup.failure().cause().error()).isEqualTo(MpaError.CONNECTION_LOST);

        startup = new MpaInitiatorStartup(PLAIN);
        startup.onClosed();
        assertThat(startup.failure().fallbackPossible()).isFalse();
    }

    @Test
    void closeWithinTheReplyIsAFailureAtEveryOctet() {
        ByteBuffer frame = reply(0, 2, word(8, 8), "some data");
        for (int length = 1; length < frame.limit(); length++) {
            MpaInitiatorStartup startup = new MpaInitiatorStartup(ENHANCED);
            startup.onOctets(frame, 0, length);
            startup.onClosed();
            assertFails(startup, Cause.CLOSED_WITHIN_FRAME, "after " + length + " octets");
            assertThat(startup.failure().fallbackPossible()).isFalse();
        }
        MpaInitiatorStartup startup = answered(ENHANCED, frame);
        startup.onClosed();
        assertThat(startup.state()).isEqualTo(State.AGREED);
    }

    @Test
    @Requirement("MPA-7.1.1-22")
    void privateDataIsLimitedByTheKindOfFrame() {
        PrivateData full = PrivateData.of(new byte[512]);
        assertThat(new MpaInitiatorStartup(PLAIN.withPrivateData(full))
                        .request()
                        .remaining())
                .isEqualTo(532);
        PrivateData enhanced = PrivateData.of(new byte[508]);
        assertThat(new MpaInitiatorStartup(ENHANCED.withPrivateData(enhanced))
                        .request()
                        .remaining())
                .isEqualTo(532);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MpaInitiatorStartup(ENHANCED.withPrivateData(PrivateData.of(new byte[509]))))
                .withMessageContaining("509")
                .withMessageContaining("508");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PrivateData.of(new byte[513]))
                .withMessageContaining("513");
    }

    @Test
    void contradictingWishesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.withPeerToPeer(true, EnumSet.of(RtrKind.SEND)))
                .withMessageContaining("revision 2");
        assertThatIllegalArgumentException().isThrownBy(() -> ENHANCED.withPeerToPeer(true, Set.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ENHANCED.withReadDepths(0, 0x3FFF, 0))
                .withMessageContaining("maximum IRD 16383");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ENHANCED.withReadDepths(5, 4, 0))
                .withMessageContaining("IRD 5 is above its own maximum 4");
    }
}
