package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** FPDUs that MPA refuses, and segments shorter than their header. */
@Tag("tcp")
@Timeout(30)
class BadFpduTest {
    @ParameterizedTest
    @EnumSource(
            value = PlacementMode.class,
            names = {"VALIDATED", "EAGER"})
    @Requirement({"MPA-4.4-16", "MPA-8-02", "MPA-8-12", "MPA-4.4-07", "MPA-8-09", "MPA-6-03", "DDP-6.2.2-02"})
    void endsTheStreamAtAWriteWithABadCrc(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            byte[] good = HexVectors.pattern(100);
            victim.peer().sendFpdu(RawSegment.write(victim.granted().stag(), victim.at(0), good));
            victim.peer()
                    .sendFpdu(
                            RawSegment.write(victim.granted().stag(), victim.at(200), HexVectors.pattern(1000)),
                            RawFault.CRC);
            victim.peer().expectTerminate(2, 0, 0x02).returningNothing();
            victim.peer().expectClose();
            victim.peer().close();
            FailureCause cause = victim.requireOneEvent(AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.CRC);
            victim.requireTerminateSent(cause, "2/0/02");
            assertThat(victim.octets(0, 100)).isEqualTo(good);
            assertThat(victim.octets(1200, 100)).containsOnly(0xA5);
            victim.requireGuardsUntouched();
        }
    }

    @Test
    @Requirement("MPA-6-01")
    void placesNothingOfAnFpduWithABadCrcWhenValidated() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            RawSegment write = RawSegment.write(victim.granted().stag(), victim.at(0), HexVectors.pattern(4096));
            byte[] fpdu = new RawFramer(false, true).frame(write.octets(), RawFault.CRC);
            // In two parts, so that what has arrived must be kept somewhere until the CRC is there.
            victim.peer().sendRaw(Arrays.copyOf(fpdu, 2000));
            victim.end()
                    .await(
                            "the first part",
                            () -> victim.end().device().queryBufferPool().ownedByQueuePairs() > 0
                                    || victim.octets(0, 1)[0] != (byte) 0xA5);
            victim.requireMemoryUntouched();
            victim.peer().sendRaw(Arrays.copyOfRange(fpdu, 2000, fpdu.length));
            victim.peer().expectTerminate(2, 0, 0x02);
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.CRC);
            victim.requireMemoryUntouched();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PlacementMode.class,
            names = {"VALIDATED", "EAGER"})
    @Requirement({"MPA-8-11", "RDMAP-7-01"})
    void completesNoReceiveWithABadCrcAndNothingBehindIt(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.end().postReceive(2, inbox);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(32)), RawFault.CRC);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(32)));
            victim.peer().sendFpdu(RawSegment.write(victim.granted().stag(), victim.at(0), HexVectors.pattern(32)));
            victim.peer().expectTerminate(2, 0, 0x02).returningNothing();
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireFlushedReceives(2, FailedCheck.CRC);
            victim.requireOneEvent(AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.CRC);
            victim.requireMemoryUntouched();
        }
    }

    @Test
    @Requirement({"MPA-4.1-07", "MPA-4.4-08", "MPA-7.1.1-08", "MPA-7.1.1-10"})
    void looksAtNoCrcThatIsSwitchedOff() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.DIRECT)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(30)), RawFault.CRC);
            assertThat(victim.end().awaitReceiveSuccess().lengthOctets()).isEqualTo(30);
            victim.requireOthersWork();
        }
    }

    @Test
    @Requirement("MPA-4.1-04")
    void ignoresPadThatIsNotZero() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(31)), RawFault.PAD);
            assertThat(victim.end().awaitReceiveSuccess().lengthOctets()).isEqualTo(31);
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({"MPA-8-03", "MPA-8-04", "MPA-8-09"})
    void endsTheStreamAtAMarkerThatPointsElsewhere(PlacementMode mode) throws Exception {
        UnaryOperator<PairOptions> markers = options -> options.withMarkers(true, false);
        try (Victim victim = Victim.open(mode, markers, UnaryOperator.identity())) {
            victim.peer()
                    .sendFpdu(
                            RawSegment.write(victim.granted().stag(), victim.at(0), HexVectors.pattern(1500)),
                            RawFault.MARKER);
            victim.peer().expectTerminate(2, 0, 0x03).returningNothing();
            victim.peer().expectClose();
            victim.peer().close();
            FailureCause cause = victim.requireOneEvent(AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.MARKER);
            victim.requireTerminateSent(cause, "2/0/03");
            victim.requireGuardsUntouched();
        }
    }

    @ParameterizedTest
    @CsvSource({"true,2", "true,6", "true,13", "false,2", "false,17"})
    void endsTheStreamAtASegmentShorterThanItsHeader(boolean tagged, int length) throws Exception {
        for (PlacementMode mode : PlacementMode.values()) {
            try (Victim victim = Victim.open(mode)) {
                byte[] whole = tagged
                        ? RawSegment.write(victim.granted().stag(), victim.at(0), new byte[0])
                                .octets()
                        : RawSegment.send(1, new byte[0]).octets();
                victim.peer().sendUlpdu(Arrays.copyOf(whole, length));
                victim.peer().expectTerminate(1, 0, 0x00);
                victim.peer().expectClose();
                victim.peer().close();
                victim.requireOneEvent(AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH);
                victim.requireMemoryUntouched();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    void endsTheStreamAtAnEmptyFpdu(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            victim.peer().sendUlpdu(new byte[0]);
            victim.peer().expectTerminate(1, 0, 0x00);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH);
        }
    }

    @Test
    void acceptsTheLongestFpduThatTheLengthFieldAllows() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            // RFC 5044 section 3 binds senders to 64768 octets; Linux siw sends more on loopback.
            MemoryRegion inbox = victim.end().register(65535 - 18);
            victim.end().postReceive(1, inbox);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(65535 - 18)));
            assertThat(victim.end().awaitReceiveSuccess().lengthOctets()).isEqualTo(65535 - 18);
        }
    }
}
