package io.verbena.examples.rping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BufferAdvertisementTest {
    private static final String OCTETS = "00007fa1b2c3d4e5" + "89abcd00" + "00000040";

    @Test
    void isAddressKeyAndLengthInNetworkOrder() {
        BufferAdvertisement advertisement = new BufferAdvertisement(0x7fa1_b2c3_d4e5L, 0x89abcd00, 64);

        assertThat(HexFormat.of().formatHex(advertisement.encode().array())).isEqualTo(OCTETS);
    }

    @Test
    void readsWhatItWrites() {
        ByteBuffer octets = ByteBuffer.wrap(HexFormat.of().parseHex("ffff" + OCTETS));

        assertThat(BufferAdvertisement.decode(octets, 2))
                .isEqualTo(new BufferAdvertisement(0x7fa1_b2c3_d4e5L, 0x89abcd00, 64));
    }
}
