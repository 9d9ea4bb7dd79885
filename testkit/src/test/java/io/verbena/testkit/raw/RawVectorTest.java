package io.verbena.testkit.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawDeframer;
import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.conformance.raw.RawTerminate;
import io.verbena.testkit.HexVectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The raw peer's own encoder against octets that other programs have read as intended. */
class RawVectorTest {
    private static final HexVectors VECTORS = HexVectors.load(RawVectorTest.class, "vectors.txt");

    static Stream<String> plainFpdus() {
        return StreamSupport.stream(VECTORS.names().spliterator(), false)
                .filter(name -> !name.startsWith("MPA") && !name.matches("S\\d\\..*") && !name.contains("CRC off"));
    }

    @ParameterizedTest
    @MethodSource("plainFpdus")
    void readsAndWritesEveryPlainVector(String name) throws IOException {
        byte[] wire = VECTORS.get(name);
        byte[] ulpdu = new RawDeframer(new ByteArrayInputStream(wire), false, true).next();
        assertThat(new RawFramer(false, true).frame(ulpdu)).isEqualTo(wire);
        assertThat(RawSegment.parse(ulpdu).octets()).isEqualTo(ulpdu);
    }

    @Test
    void buildsSegmentsLikeTheVectors() {
        assertFrame("SEND 12B msn1", RawSegment.send(1, text("hello iwarp!")));
        assertFrame("SEND_INV 4B msn3", RawSegment.sendInvalidate(3, 0x1234, text("DATA")));
        assertFrame("WRITE 5B", RawSegment.write(0x12345678, 0x1000, text("world")));
        assertFrame(
                "SEND seg1 of 2 msn5 mo0", RawSegment.send(5, text("ABCDEFGH")).withoutLast());
        assertFrame("SEND seg2 of 2 msn5 mo8", RawSegment.send(5, text("IJK")).withOffset(8));
        assertFrame("RREQ msn1", RawSegment.readRequest(1, 0xAA00, 0x7F0000001000L, 16, 0xBB00, 0x2000));
        assertFrame("TERM crc (2/0/2)", RawSegment.terminate(2, 0, 2));
    }

    @Test
    void buildsStartupFramesLikeTheVectors() {
        assertStartup("MPA-REQ rev1 M0 C1 no pd", RawStartup.request());
        assertStartup(
                "MPA-REP rev1 reject C1 pd \"no\"",
                RawStartup.reply().withReject().withPrivateData(text("no")));
        assertStartup(
                "MPA-REQ rev1 M1 C1 pd \"hello\"",
                RawStartup.request().withMarkers(true).withPrivateData(text("hello")));
        assertStartup(
                "MPA-REQ rev2 S1 A1 B0 C1 D1 ird16 ord8 pd \"hi\"",
                RawStartup.request().withEnhancedWord(0b1011, 16, 8).withPrivateData(text("hi")));
        assertStartup(
                "MPA-REQ rev2 S1 no auto negotiation",
                RawStartup.request().withDepths(RawStartup.NOT_NEGOTIATED, RawStartup.NOT_NEGOTIATED));
        assertThat(RawStartup.request().withEnhancedWord(0b1011, 16, 8).control())
                .isEqualTo(0b1011);
    }

    @Test
    void insertsMarkersLikeTheVectors() {
        RawFramer first = new RawFramer(true, true);
        assertThat(first.frame(RawSegment.send(1, new byte[24]).octets())).isEqualTo(VECTORS.get("S1.fpdu1"));
        RawFramer inside = new RawFramer(true, true);
        inside.frame(RawSegment.send(1, new byte[464]).octets());
        assertThat(inside.frame(RawSegment.send(2, new byte[24]).octets())).isEqualTo(VECTORS.get("S2.fpdu2"));
        RawFramer between = new RawFramer(true, true);
        assertThat(between.frame(RawSegment.send(1, HexVectors.pattern(484)).octets()))
                .hasSize(512);
        assertThat(between.frame(RawSegment.send(2, text("hello iwarp!")).octets()))
                .isEqualTo(VECTORS.get("S3.fpdu2"));
        RawFramer beforeCrc = new RawFramer(true, true);
        beforeCrc.frame(RawSegment.send(1, HexVectors.pattern(448)).octets());
        assertThat(beforeCrc.frame(RawSegment.send(2, HexVectors.pattern(15)).octets()))
                .isEqualTo(VECTORS.get("S4.fpdu2"));
        assertThat(beforeCrc.frame(RawSegment.send(3, new byte[0]).octets())).isEqualTo(VECTORS.get("S4.fpdu3"));
        RawFramer several = new RawFramer(true, true);
        several.frame(
                RawSegment.write(0x12345678, 0x1000, HexVectors.pattern(1400)).octets());
        assertThat(several.frame(RawSegment.write(0x12345678, 0x1578, HexVectors.pattern(100))
                        .octets()))
                .isEqualTo(VECTORS.get("S5.fpdu2"));
    }

    @Test
    void takesApartWhatItMadeWithMarkers() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        RawFramer framer = new RawFramer(true, true);
        for (int length = 0; length < 1200; length += 13) {
            stream.write(
                    framer.frame(RawSegment.send(1, HexVectors.pattern(length)).octets()));
        }
        RawDeframer deframer = new RawDeframer(new ByteArrayInputStream(stream.toByteArray()), true, true);
        for (int length = 0; length < 1200; length += 13) {
            assertThat(RawSegment.parse(deframer.next()).payload()).isEqualTo(HexVectors.pattern(length));
        }
        assertThat(deframer.next()).isNull();
    }

    @ParameterizedTest
    @EnumSource(value = RawFault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void noticesItsOwnFaults(RawFault fault) {
        byte[] wire = new RawFramer(true, true)
                .frame(RawSegment.write(1, 0, HexVectors.pattern(601)).octets(), fault);
        assertThatThrownBy(() -> new RawDeframer(new ByteArrayInputStream(wire), true, true).next())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("bad FPDU");
    }

    @Test
    void readsTheHeadersThatATerminateReturns() {
        RawSegment request = RawSegment.readRequest(1, 0xAA00, 0x7F0000001000L, 16, 0xBB00, 0x2000);
        byte[] wire = VECTORS.get("TERM rdmap read access (0/1/2) with RDMA hdr");
        RawTerminate terminate = RawTerminate.parse(RawSegment.parse(ulpduOf(wire)));
        assertThat(terminate.triple()).isEqualTo("0/1/02");
        terminate.returningReadRequest(request);
        assertThatThrownBy(terminate::returningNothing).isInstanceOf(AssertionError.class);
    }

    private static byte[] ulpduOf(byte[] wire) {
        try {
            return new RawDeframer(new ByteArrayInputStream(wire), false, true).next();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertFrame(String name, RawSegment segment) {
        assertThat(new RawFramer(false, true).frame(segment.octets())).as(name).isEqualTo(VECTORS.get(name));
    }

    private static void assertStartup(String name, RawStartup frame) {
        assertThat(frame.octets()).as(name).isEqualTo(VECTORS.get(name));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
