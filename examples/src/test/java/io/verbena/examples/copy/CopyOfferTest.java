package io.verbena.examples.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.verbs.cm.ConnectionParameters;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class CopyOfferTest {
    @Test
    void readsWhatItWrites() {
        CopyOffer offer = new CopyOffer("Grüße.txt", 1L << 40);

        assertThat(CopyOffer.isOffer(offer.encode())).isTrue();
        assertThat(CopyOffer.decode(offer.encode())).isEqualTo(offer);
    }

    @Test
    void theLongestNameFitsIntoPrivateData() {
        byte[] octets = new CopyOffer("x".repeat(PlainFileName.MAX_OCTETS), Long.MAX_VALUE).encode();

        assertThat(octets).hasSizeLessThanOrEqualTo(ConnectionParameters.MAX_ENHANCED_PRIVATE_DATA_OCTETS);
    }

    @Test
    void otherPrivateDataIsNoOffer() {
        byte[] otherVersion = new CopyOffer("a", 1).encode();
        otherVersion[3]++;

        assertThat(CopyOffer.isOffer(new byte[0])).isFalse();
        assertThat(CopyOffer.isOffer("hello, world".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isFalse();
        assertThat(CopyOffer.isOffer(otherVersion)).isFalse();
    }

    @Test
    void refusesNamesAndSizesThatNoHonestSenderHas() {
        byte[] escape = new CopyOffer("../x", 1).encode();
        byte[] negative = new CopyOffer("a", -1).encode();
        byte[] notUtf8 = new CopyOffer("aa", 1).encode();
        ByteBuffer.wrap(notUtf8).put(12, (byte) 0xC3);

        assertThatIllegalArgumentException().isThrownBy(() -> CopyOffer.decode(escape));
        assertThatIllegalArgumentException().isThrownBy(() -> CopyOffer.decode(negative));
        assertThatIllegalArgumentException().isThrownBy(() -> CopyOffer.decode(notUtf8));
    }
}
