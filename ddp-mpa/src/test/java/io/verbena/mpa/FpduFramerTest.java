package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.Requirement;
import io.verbena.transport.GatherList;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The framer puts the same octets on the wire as a sender that writes them one by one. */
class FpduFramerTest {
    private static final int HEADER = 18;

    private final GatherList gather = new GatherList(68);
    private final TransmitArena arena = new TransmitArena(ByteBuffer.allocateDirect(128 * 1024));
    private final ByteBuffer markerBody = ByteBuffer.allocateDirect(128 * 1024);
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** Sends what was gathered and forgets it, like a transport that takes everything. */
    private void flush() {
        long expected = gather.remaining();
        int before = sent.size();
        for (int i = 0; i < gather.count(); i++) {
            ByteBuffer buffer = gather.buffers()[gather.first() + i];
            byte[] octets = new byte[buffer.remaining()];
            buffer.get(octets);
            sent.writeBytes(octets);
        }
        assertThat(sent.size() - before).isEqualTo((int) expected);
        gather.clear();
    }

    private static void frame(FpduFramer framer, byte[] ulpdu, boolean inline, int pieces) {
        int payload = ulpdu.length - HEADER;
        int at = framer.begin(HEADER, payload);
        framer.arena().put(at, ulpdu, 0, HEADER);
        if (inline) {
            framer.arena().put(at + HEADER, ulpdu, HEADER, payload);
            framer.inlinePayload(payload);
        } else {
            for (int i = 0; i < pieces; i++) {
                int from = HEADER + (int) ((long) payload * i / pieces);
                int end = HEADER + (int) ((long) payload * (i + 1) / pieces);
                framer.gather(ByteBuffer.allocateDirect(ulpdu.length)
                        .put(ulpdu)
                        .limit(end)
                        .position(from));
            }
        }
        framer.end();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    @Requirement({"MPA-4.1-02", "MPA-4.4-10", "MPA-4.4-11", "MPA-4.4-12", "MPA-4.4-13", "MPA-4.4-14"})
    void writesTheOctetsOfAPlainSender(boolean crc, boolean markers) {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            PlainMpaSender plain = new PlainMpaSender(crc, markers);
            FpduFramer framer = new FpduFramer(crc, markers);
            sent.reset();
            framer.beginRound(arena, markers ? markerBody : null, gather);
            for (int message = 0; message < 40; message++) {
                byte[] ulpdu = new byte[HEADER + random.nextInt(random.nextInt(5) == 0 ? 5000 : 100)];
                random.nextBytes(ulpdu);
                int payload = ulpdu.length - HEADER;
                boolean inline = framer.copiesPayload() || random.nextBoolean() || payload == 0;
                int pieces = 1 + random.nextInt(Math.min(20, Math.max(1, payload)));
                if (!framer.fits(HEADER, inline ? payload : 0, inline ? 0 : payload, inline ? 0 : pieces)
                        || random.nextInt(6) == 0) {
                    framer.finishRound();
                    flush();
                    framer.beginRound(arena, markers ? markerBody : null, gather);
                }
                frame(framer, ulpdu, inline, pieces);
                plain.send(ulpdu);
                assertThat(framer.framedOctets()).isEqualTo(plain.length());
            }
            framer.finishRound();
            flush();
            assertThat(sent.toByteArray()).as("seed %d", seed).isEqualTo(plain.octets());
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void leavesNothingOfAnAbandonedFpdu(boolean crc, boolean markers) {
        byte[] first = HexVectors.pattern(HEADER + 30);
        byte[] second = HexVectors.pattern(HEADER + 700);
        FpduFramer framer = new FpduFramer(crc, markers);
        framer.beginRound(arena, markers ? markerBody : null, gather);
        frame(framer, first, true, 0);
        int at = framer.begin(HEADER, 50);
        framer.arena().put(at, new byte[HEADER]);
        framer.abandon();
        assertThat(framer.framedOctets()).isEqualTo(gatheredSoFar(crc, markers, first));
        frame(framer, second, true, 0);
        framer.finishRound();
        flush();
        assertThat(sent.toByteArray())
                .isEqualTo(new PlainMpaSender(crc, markers)
                        .send(first)
                        .send(second)
                        .octets());
    }

    private static int gatheredSoFar(boolean crc, boolean markers, byte[] ulpdu) {
        return new PlainMpaSender(crc, markers).send(ulpdu).length();
    }

    @Test
    void goesBackToTheBeginningOfARoundOfWhichNothingWasSent() {
        byte[] first = HexVectors.pattern(HEADER + 30);
        byte[] dropped = HexVectors.pattern(HEADER + 3000);
        byte[] last = HexVectors.pattern(HEADER + 4);
        FpduFramer framer = new FpduFramer(true, false);
        framer.beginRound(arena, null, gather);
        frame(framer, first, true, 0);
        framer.finishRound();
        flush();
        long position = framer.framedOctets();
        framer.beginRound(arena, null, gather);
        frame(framer, dropped, false, 5);
        framer.finishRound();
        gather.clear();
        framer.rewind(position);
        framer.beginRound(arena, null, gather);
        frame(framer, last, false, 1);
        framer.finishRound();
        flush();
        assertThat(framer.framedOctets()).isEqualTo(sent.size());
        assertThat(sent.toByteArray())
                .isEqualTo(
                        new PlainMpaSender(true, false).send(first).send(last).octets());
    }

    @Test
    void cannotGoBackWithMarkers() {
        FpduFramer framer = new FpduFramer(true, true);
        assertThatThrownBy(() -> framer.rewind(0)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    @Requirement("MPA-5.1-04")
    void saysInTimeWhenTheArenaIsFull(boolean markers) {
        TransmitArena small = new TransmitArena(ByteBuffer.allocate(3000));
        FpduFramer framer = new FpduFramer(true, markers);
        byte[] ulpdu = HexVectors.pattern(HEADER + 400);
        framer.beginRound(small, markers ? markerBody : null, gather);
        int fpdus = 0;
        while (framer.fits(HEADER, 400, 0, 0)) {
            frame(framer, ulpdu, true, 0);
            fpdus++;
        }
        assertThat(fpdus).isEqualTo(3000 / 428);
        framer.finishRound();
        flush();
        assertThat(sent.size()).isEqualTo((int) framer.framedOctets());
    }

    @Test
    void saysInTimeWhenTheGatherListIsFull() {
        FpduFramer framer = new FpduFramer(true, false);
        byte[] ulpdu = HexVectors.pattern(HEADER + 40);
        framer.beginRound(arena, null, gather);
        PlainMpaSender plain = new PlainMpaSender(true, false);
        while (framer.fits(HEADER, 0, 40, 1)) {
            frame(framer, ulpdu, false, 1);
            plain.send(ulpdu);
        }
        framer.finishRound();
        assertThat(gather.room()).isLessThanOrEqualTo(2);
        flush();
        assertThat(sent.toByteArray()).isEqualTo(plain.octets());
    }
}
