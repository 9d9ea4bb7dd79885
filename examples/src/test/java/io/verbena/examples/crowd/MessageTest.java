package io.verbena.examples.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final int OCTETS = 100;
    private final ByteBuffer memory = ByteBuffer.allocate(3 * OCTETS);
    private final Message message = new Message().wrap(memory, OCTETS, OCTETS);

    @Test
    void isTheOneThatWasWritten() {
        message.write(7, 11, 13);

        assertThat(message.is(7, 11)).isTrue();
        assertThat(message.sentNs()).isEqualTo(13);
        assertThat(message.is(7, 12)).isFalse();
        assertThat(message.is(8, 11)).isFalse();
    }

    @Test
    void noticesEachAlteredBit() {
        message.write(7, 11, 13);
        for (int bit = 0; bit < 8 * OCTETS; bit++) {
            int place = OCTETS + bit / 8;
            memory.put(place, (byte) (memory.get(place) ^ (1 << bit % 8)));
            assertThat(message.is(7, 11)).as("bit %d", bit).isFalse();
            memory.put(place, (byte) (memory.get(place) ^ (1 << bit % 8)));
        }
        assertThat(message.is(7, 11)).isTrue();
    }

    @Test
    void noticesThatItsEndIsMissing() {
        message.write(7, 11, 13);

        assertThat(new Message().wrap(memory, OCTETS, OCTETS - 4).is(7, 11)).isFalse();
        assertThat(new Message().wrap(memory, OCTETS, 3).is(7, 11)).isFalse();
    }
}
