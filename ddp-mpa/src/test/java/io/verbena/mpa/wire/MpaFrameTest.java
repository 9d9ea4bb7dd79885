package io.verbena.mpa.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.mpa.HexVectors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MpaFrameTest {
    private static final HexVectors VECTORS = new HexVectors("/vectors/startup.hex");

    @ParameterizedTest
    @CsvSource({
        "request.rev1.crc, REQUEST, 0x40, 1, ''",
        "reply.rev1.crc, REPLY, 0x40, 1, ''",
        "reply.rev1.reject.no, REPLY, 0x60, 1, no",
        "request.rev1.markers.crc.hello, REQUEST, 0xC0, 1, hello"
    })
    void unenhancedFramesRoundTrip(String name, MpaFrameKind kind, String flags, int revision, String data) {
        byte[] octets = VECTORS.octets(name);
        MpaFrame frame = new MpaFrame().wrap(VECTORS.buffer(name), 0);
        assertThat(frame.kind()).isEqualTo(kind);
        assertThat(frame.flags()).isEqualTo(Integer.decode(flags));
        assertThat(frame.revision()).isEqualTo(revision);
        assertThat(frame.enhanced()).isFalse();
        assertThat(frame.privateData()).isEqualTo(data.getBytes(StandardCharsets.US_ASCII));
        assertThat(frame.octets()).isEqualTo(octets.length);

        ByteBuffer written = HexVectors.prefilled(octets.length + 4);
        new MpaFrame()
                .wrap(written, 2)
                .kind(kind)
                .flags(Integer.decode(flags))
                .revision(revision)
                .privateDataLength(data.length());
        written.put(2 + MpaFrame.PRIVATE_DATA, data.getBytes(StandardCharsets.US_ASCII));
        assertThat(HexVectors.slice(written, 2, octets.length)).isEqualTo(octets);
        assertThat(written.getShort(0)).isEqualTo((short) 0xA5A5);
        assertThat(written.getShort(2 + octets.length)).isEqualTo((short) 0xA5A5);
    }

    @ParameterizedTest
    @CsvSource({
        "request.rev2.peer.cd.ird16.ord8.hi, true, false, 16, true, true, 8, 26",
        "reply.rev2.peer.c.ird8.ord16, true, false, 8, true, false, 16, 24",
        "request.rev2.client.ird4.ord4, false, false, 4, false, false, 4, 24",
        "request.rev2.no-negotiation, false, false, 16383, false, false, 16383, 24"
    })
    void enhancedFramesRoundTrip(
            String name, boolean a, boolean b, int ird, boolean c, boolean d, int ord, int octets) {
        ByteBuffer buffer = VECTORS.buffer(name);
        MpaFrame frame = new MpaFrame().wrap(buffer, 0);
        assertThat(frame.enhanced()).isTrue();
        assertThat(frame.octets()).isEqualTo(octets).isEqualTo(buffer.capacity());
        EnhancedWord word = new EnhancedWord(a, b, ird, c, d, ord);
        assertThat(EnhancedWord.read(buffer, MpaFrame.PRIVATE_DATA)).isEqualTo(word);
        ByteBuffer written = HexVectors.prefilled(6);
        word.write(written, 1);
        assertThat(HexVectors.slice(written, 1, 4)).isEqualTo(HexVectors.slice(buffer, MpaFrame.PRIVATE_DATA, 4));
        assertThat(written.get(0)).isEqualTo((byte) 0xA5);
        assertThat(written.get(5)).isEqualTo((byte) 0xA5);
    }

    @Test
    void everyBitOfTheEnhancedWordHasItsPlace() {
        for (int bit = 0; bit < 32; bit++) {
            ByteBuffer buffer = ByteBuffer.allocate(4).putInt(0, 1 << bit);
            EnhancedWord word = EnhancedWord.read(buffer, 0);
            ByteBuffer written = HexVectors.prefilled(4);
            word.write(written, 0);
            assertThat(written).isEqualTo(buffer);
        }
        for (int depth : new int[] {1, 255, 256, 16382, 16383}) {
            EnhancedWord word = new EnhancedWord(true, true, depth, true, true, 0x3FFF - depth);
            ByteBuffer written = HexVectors.prefilled(4);
            word.write(written, 0);
            assertThat(EnhancedWord.read(written, 0)).isEqualTo(word);
        }
    }

    @Test
    void depthsBeyond14BitsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EnhancedWord(false, false, 0x4000, false, false, 0))
                .withMessageContaining("IRD 16384");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EnhancedWord(false, false, 0, false, false, -1))
                .withMessageContaining("ORD -1");
    }

    @Test
    void enhancedBitIsReservedInRevision1() {
        ByteBuffer buffer = VECTORS.buffer("request.rev2.client.ird4.ord4");
        assertThat(new MpaFrame().wrap(buffer, 0).revision(1).enhanced()).isFalse();
        assertThat(new MpaFrame().wrap(buffer, 0).revision(2).enhanced()).isTrue();
    }

    @Test
    void reservedBitsChangeNothing() {
        ByteBuffer buffer = VECTORS.buffer("request.rev1.markers.crc.hello");
        MpaFrame frame = new MpaFrame().wrap(buffer, 0);
        frame.flags(frame.flags() | 0x0F);
        assertThat(frame.markers()).isTrue();
        assertThat(frame.crc()).isTrue();
        assertThat(frame.rejected()).isFalse();
        assertThat(frame.enhanced()).isFalse();
    }

    @Test
    void everyTruncationOfTheFixedPartIsSeen() {
        for (int available = 0; available < 20; available++) {
            assertThat(MpaFrame.fits(available)).isFalse();
        }
        assertThat(MpaFrame.fits(20)).isTrue();
        assertThat(EnhancedWord.fits(3)).isFalse();
        assertThat(EnhancedWord.fits(4)).isTrue();
    }

    @Test
    void unknownKeyIsNoFrame() {
        ByteBuffer buffer = VECTORS.buffer("request.rev1.crc");
        buffer.put(15, (byte) 'E');
        assertThat(new MpaFrame().wrap(buffer, 0).kind()).isNull();
        assertThat(MpaFrameKind.REQUEST.matchingOctets(buffer, 0, 20)).isEqualTo(15);
        assertThat(MpaFrameKind.REPLY.matchingOctets(buffer, 0, 20)).isEqualTo(9);
        assertThat(MpaFrameKind.REPLY.matchingOctets(buffer, 0, 4)).isEqualTo(4);
    }
}
