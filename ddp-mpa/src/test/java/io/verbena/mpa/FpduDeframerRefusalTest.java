package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.mpa.FpduDeframer.Placing;
import io.verbena.mpa.FpduDeframerTest.Mode;
import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong ends the stream once, and everything borrowed comes back. */
class FpduDeframerRefusalTest {
    private static final byte[] LONG_SEGMENT = FpduDeframerTest.segment(400, true);
    private static final byte[] SHORT_SEGMENT = FpduDeframerTest.segment(18, false);

    private static byte[] goodBadGood(Mode mode, int damagedOctet) {
        PlainMpaSender sender = mode.sender().send(SHORT_SEGMENT);
        int from = sender.length();
        byte[] stream = sender.send(LONG_SEGMENT).send(SHORT_SEGMENT).octets();
        stream[from + damagedOctet] ^= 0x10;
        return stream;
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATED", "EAGER", "MARKED_VALIDATED", "MARKED_EAGER"})
    @Requirement({"MPA-4.4-15", "MPA-6-03", "MPA-8-11"})
    void findsADamagedOctetWhereverItIs(Mode mode) {
        // Behind ULPDU_Length: a wrong length also moves the place where the CRC is looked for.
        for (int damaged = 2; damaged < 408; damaged++) {
            byte[] stream = goodBadGood(mode, damaged);
            for (int chunk : new int[] {stream.length, 61, 1}) {
                DeframerDesk desk = mode.desk();
                for (int at = 0; at < stream.length; at += chunk) {
                    desk.arrive(stream, at, Math.min(at + chunk, stream.length));
                }
                assertThat(desk.above.errors).as("damaged octet %d", damaged).containsExactly(MpaError.CRC_MISMATCH);
                assertThat(desk.above.segments).hasSize(1);
                assertThat(desk.stagingOut).isZero();
            }
        }
    }

    @Test
    void placesNothingBehindABadCrcWhenPlacingComesAfterIt() {
        byte[] stream = goodBadGood(Mode.VALIDATED, 300);
        DeframerDesk desk = Mode.VALIDATED.desk();
        desk.arrive(stream, 0, 100);
        desk.arrive(stream, 100, stream.length);
        assertThat(desk.above.copiedOctets).isZero();
        assertThat(desk.above.steeredOctets).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATED", "MARKED_VALIDATED"})
    void aDamagedLengthNeverGetsPastTheCrc(Mode mode) {
        for (int bit = 0; bit < 16; bit++) {
            PlainMpaSender sender = mode.sender().send(SHORT_SEGMENT);
            int from = sender.length();
            for (int i = 0; i < 200; i++) {
                sender.send(LONG_SEGMENT);
            }
            byte[] stream = sender.octets();
            stream[from + bit / 8] ^= (byte) (0x80 >>> bit % 8);
            DeframerDesk desk = mode.desk();
            desk.arrive(stream, 0, from + 100);
            desk.arrive(stream, from + 100, stream.length);
            assertThat(desk.above.errors).as("bit %d", bit).containsExactly(MpaError.CRC_MISMATCH);
            assertThat(desk.above.segments).hasSize(1);
            assertThat(desk.stagingOut).isZero();
        }
    }

    @Test
    void reportsAMarkerThatPointsElsewhere() {
        byte[] stream =
                Mode.MARKED.sender().send(FpduDeframerTest.segment(600, true)).octets();
        stream[512 + 3] ^= 0x04;
        DeframerDesk desk = Mode.MARKED.desk();
        desk.arrive(stream);
        assertThat(desk.above.errors).containsExactly(MpaError.MARKER_MISMATCH);
        assertThat(desk.above.segments).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATED", "MARKED", "MARKED_VALIDATED", "MARKED_EAGER"})
    void reportsThatStagingIsExhausted(Mode mode) {
        byte[] stream = mode.sender().send(SHORT_SEGMENT).send(LONG_SEGMENT).octets();
        DeframerDesk desk = mode.desk();
        desk.stagingExhausted = true;
        desk.arrive(stream, 0, stream.length - 100);
        desk.arrive(stream, stream.length - 100, stream.length);
        assertThat(desk.above.errors).containsExactly(MpaError.LOCAL_CATASTROPHIC);
        assertThat(desk.above.segments).hasSize(1);
        assertThat(desk.stagingOut).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void dropsEverythingOnceSilenced(Mode mode) {
        byte[] stream = mode.sender().send(LONG_SEGMENT).send(LONG_SEGMENT).octets();
        for (int split = 0; split < stream.length; split += 3) {
            DeframerDesk desk = mode.desk();
            desk.arrive(stream, 0, split);
            int before = desk.above.segments.size();
            desk.deframer.silence();
            desk.arrive(stream, split, stream.length);
            desk.readNothing();
            assertThat(desk.above.segments).hasSize(before);
            assertThat(desk.above.errors).isEmpty();
            assertThat(desk.stagingOut).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void fallsSilentAtEveryRefusalOfTheLayerAbove(Mode mode) {
        byte[] stream = mode.sender()
                .send(LONG_SEGMENT)
                .send(LONG_SEGMENT)
                .send(LONG_SEGMENT)
                .octets();
        for (int call = 0; call < 4; call++) {
            for (int chunk : new int[] {stream.length, 100, 1}) {
                DeframerDesk desk = mode.desk();
                desk.above.refuseBegin = call == 0 ? 1 : -1;
                desk.above.refusePayload = call == 1 ? 1 : -1;
                desk.above.refuseTargets = call == 2 ? 1 : -1;
                desk.above.refuseEnd = call == 3 ? 1 : -1;
                for (int at = 0; at < stream.length; at += chunk) {
                    desk.arrive(stream, at, Math.min(at + chunk, stream.length));
                }
                boolean asked = call != 2 || mode.steers() && chunk < stream.length;
                boolean copied = call != 1 || desk.above.segments.size() < 3;
                if (asked && copied) {
                    assertThat(desk.above.segments).hasSize(call == 3 ? 2 : 1);
                }
                assertThat(desk.above.hasPlacesOut()).isFalse();
                assertThat(desk.stagingOut).isZero();
            }
        }
    }

    /** Whatever octets come, there is an orderly end or none: no exception, nothing kept. */
    @ParameterizedTest
    @EnumSource
    void garbageNeverEscapes(Mode mode) {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(10_000)];
            random.nextBytes(garbage);
            DeframerDesk desk = mode.desk();
            desk.above.pieceOctets = 1 + random.nextInt(70_000);
            int at = 0;
            while (at < garbage.length) {
                int end = Math.min(garbage.length, at + 1 + random.nextInt(3000));
                desk.arrive(garbage, at, end);
                at = end;
            }
            assertThat(desk.above.errors).hasSizeLessThanOrEqualTo(1);
            desk.deframer.silence();
            assertThat(desk.stagingOut).isZero();
        }
    }

    /** Lies about the future: the length announces 64 KiB, then the peer sends nothing. One staging buffer, no more. */
    @Test
    void aPeerThatAnnouncesMuchAndSendsLittleHoldsOneStagingBuffer() {
        DeframerDesk desk = new DeframerDesk(true, false, Placing.AFTER_CRC);
        byte[] beginning = FpduDeframerTest.segment(40, true);
        beginning[0] = (byte) 0xFF;
        beginning[1] = (byte) 0xFF;
        desk.arrive(beginning);
        for (int i = 0; i < 10; i++) {
            desk.arrive(new byte[] {1}, 0, 1);
        }
        assertThat(desk.stagingOut).isEqualTo(1);
        assertThat(desk.deframer.betweenFpdus()).isFalse();
        desk.deframer.silence();
        assertThat(desk.stagingOut).isZero();
    }

    /** A stream that could not keep half an FPDU read all the same, and had to end when one came. */
    @Test
    void readsNothingWhileHalfAnFpduCouldNotBeKept() {
        ByteBuffer[] targets = new ByteBuffer[16];
        DeframerDesk validated = new DeframerDesk(true, false, FpduDeframer.Placing.AFTER_CRC);
        validated.stagingReady = false;
        assertThat(validated.deframer.targets(targets)).isZero();
        validated.stagingReady = true;
        assertThat(validated.deframer.targets(targets)).isEqualTo(1);

        DeframerDesk steering = new DeframerDesk(true, false, FpduDeframer.Placing.AS_IT_ARRIVES);
        steering.stagingReady = false;
        assertThat(steering.deframer.targets(targets)).isEqualTo(1);
    }
}
