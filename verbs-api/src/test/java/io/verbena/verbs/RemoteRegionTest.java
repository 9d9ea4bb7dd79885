package io.verbena.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RemoteRegionTest {
    private static final RemoteRegion REGION = new RemoteRegion(0x8899AABB, 0xFEDC_BA98_7654_3210L, 0x1_0000_0000L);

    @Test
    void isEncodedAsAddressSTagAndLength() {
        assertThat(HexFormat.of().formatHex(REGION.encode())).isEqualTo("fedcba98765432108899aabb0000000100000000");
    }

    @Test
    void comesBackFromItsEncodedForm() {
        assertThat(RemoteRegion.decode(ByteBuffer.wrap(REGION.encode()))).isEqualTo(REGION);
    }

    @Test
    void leavesTheByteOrderOfTheBufferAlone() {
        ByteBuffer buffer =
                ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN).position(5);

        REGION.encode(buffer);

        assertThat(buffer.position()).isEqualTo(25);
        assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(RemoteRegion.decode(buffer.position(5))).isEqualTo(REGION);
        assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(buffer.position()).isEqualTo(25);
    }

    @Test
    void refusesAnEncodedFormThatIsCutShort() {
        assertThatThrownBy(() -> RemoteRegion.decode(ByteBuffer.allocate(19)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an encoded remote region is 20 octets, only 19 are there");
    }

    @Test
    void refusesAnEncodedLengthThatIsNegative() {
        byte[] octets = REGION.encode();
        octets[12] = (byte) 0x80;

        assertThatThrownBy(() -> RemoteRegion.decode(ByteBuffer.wrap(octets)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isCutIntoSlices() {
        RemoteRegion slice = REGION.slice(0x10, 0xFFFF_FFF0L);

        assertThat(slice).isEqualTo(new RemoteRegion(0x8899AABB, 0xFEDC_BA98_7654_3220L, 0xFFFF_FFF0L));
        assertThat(REGION.slice(REGION.lengthOctets(), 0).lengthOctets()).isZero();
    }

    @Test
    void refusesSlicesThatAreNotInside() {
        assertThatThrownBy(() -> REGION.slice(1, REGION.lengthOctets()))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("slice of 4294967296 octets at 1 exceeds the region's 4294967296 octets");
        assertThatThrownBy(() -> REGION.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> REGION.slice(0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> REGION.slice(Long.MAX_VALUE, Long.MAX_VALUE))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void saysWhatItIs() {
        assertThat(REGION).hasToString("STag 0x8899aabb address 0xfedcba9876543210 length 4294967296");
    }
}
