package io.verbena.ddp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.mpa.HexVectors;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DdpHeaderTest {
    @ParameterizedTest
    @CsvSource({"true, true, C1", "true, false, 81", "false, true, 41", "false, false, 01"})
    void controlOctetRoundTrips(boolean tagged, boolean last, String hex) {
        int control = HexFormat.fromHexDigits(hex);
        assertThat(DdpControl.encode(tagged, last)).isEqualTo(control);
        for (int reserved = 0; reserved <= DdpControl.RESERVED; reserved += 4) {
            int received = control | reserved;
            assertThat(DdpControl.isTagged(received)).isEqualTo(tagged);
            assertThat(DdpControl.isLast(received)).isEqualTo(last);
            assertThat(DdpControl.version(received)).isEqualTo(DdpControl.VERSION);
            assertThat(DdpControl.headerOctets(received)).isEqualTo(tagged ? 14 : 18);
        }
    }

    @Test
    void everyVersionIsRead() {
        for (int version = 0; version < 4; version++) {
            assertThat(DdpControl.version(0xFC | version)).isEqualTo(version);
        }
    }

    @Test
    void taggedHeaderRoundTrips() {
        ByteBuffer buffer = HexVectors.prefilled(1 + TaggedHeader.OCTETS + 1);
        new TaggedHeader()
                .wrap(buffer, 1)
                .control(0xC1)
                .ulpControl(0x40)
                .stag(0x12345678)
                .taggedOffset(0xFFFFFFFFFFFFFFEDL);
        assertThat(HexFormat.of().formatHex(buffer.array())).isEqualTo("a5c14012345678ffffffffffffffeda5");
        TaggedHeader header = new TaggedHeader().wrap(buffer, 1);
        assertThat(header.control()).isEqualTo(0xC1);
        assertThat(header.ulpControl()).isEqualTo(0x40);
        assertThat(header.stag()).isEqualTo(0x12345678);
        assertThat(header.taggedOffset()).isEqualTo(0xFFFFFFFFFFFFFFEDL);
    }

    @Test
    void untaggedHeaderRoundTrips() {
        ByteBuffer buffer = HexVectors.prefilled(1 + UntaggedHeader.OCTETS + 1);
        new UntaggedHeader()
                .wrap(buffer, 1)
                .control(0x41)
                .ulpControl(0xC4)
                .ulpWord(0x80001234)
                .queueNumber(0x01020304)
                .messageSequenceNumber(0xFFFFFFFF)
                .messageOffset(0x80000001);
        assertThat(HexFormat.of().formatHex(buffer.array())).isEqualTo("a541c48000123401020304ffffffff80000001a5");
        UntaggedHeader header = new UntaggedHeader().wrap(buffer, 1);
        assertThat(header.control()).isEqualTo(0x41);
        assertThat(header.ulpControl()).isEqualTo(0xC4);
        assertThat(header.ulpWord()).isEqualTo(0x80001234);
        assertThat(header.queueNumber()).isEqualTo(0x01020304);
        assertThat(header.messageSequenceNumber()).isEqualTo(0xFFFFFFFF);
        assertThat(header.messageOffset()).isEqualTo(0x80000001);
    }

    @Test
    void everyTruncationIsSeen() {
        for (int available = 0; available < 14; available++) {
            assertThat(TaggedHeader.fits(available)).isFalse();
        }
        for (int available = 0; available < 18; available++) {
            assertThat(UntaggedHeader.fits(available)).isFalse();
        }
        assertThat(TaggedHeader.fits(14)).isTrue();
        assertThat(UntaggedHeader.fits(18)).isTrue();
    }
}
