package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import io.verbena.transport.StreamOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class SegmentSizesTest {
    private final SegmentSizes sizes = new SegmentSizes();

    private static InetSocketAddress at(int... octets) throws Exception {
        byte[] address = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            address[i] = (byte) octets[i];
        }
        return new InetSocketAddress(InetAddress.getByAddress(address), 4000);
    }

    @Test
    void goesByTheOptionIfItIsSet() throws Exception {
        StreamOptions asked = new StreamOptions(true, 0, 0, true, 0, 0, 0, 1234, 1, 1);
        assertThat(sizes.segmentOctets(asked, at(127, 0, 0, 1), at(127, 0, 0, 1)))
                .isEqualTo(1234);
    }

    @Test
    void takesLoopbackAsItIs() throws Exception {
        assertThat(sizes.segmentOctets(StreamOptions.defaults(), at(127, 0, 0, 1), at(127, 0, 0, 2)))
                .isEqualTo(65483);
        assertThat(sizes.segmentOctets(StreamOptions.defaults(), at(192, 0, 2, 1), at(192, 0, 2, 1)))
                .as("a host talks to itself over loopback whatever the address")
                .isEqualTo(65483);
    }

    @Test
    @Requirement("MPA-5.1-02")
    void takesEthernetWhereTheInterfaceIsNotKnown() throws Exception {
        assertThat(sizes.segmentOctets(StreamOptions.defaults(), at(192, 0, 2, 1), at(192, 0, 2, 2)))
                .isEqualTo(1448);
    }

    @Test
    @Requirement("MPA-5.1-02")
    void subtractsHeadersAndTimestampsFromTheMtu() {
        assertThat(SegmentSizes.fromMtu(1500, false)).isEqualTo(1448);
        assertThat(SegmentSizes.fromMtu(1500, true)).isEqualTo(1428);
        assertThat(SegmentSizes.fromMtu(9000, false)).isEqualTo(8948);
        assertThat(SegmentSizes.fromMtu(100_000, false)).isEqualTo(65483);
        assertThat(SegmentSizes.fromMtu(68, false)).isEqualTo(128);
    }
}
