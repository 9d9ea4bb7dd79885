package io.verbena.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.transport.StreamHandler;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnreadOctetsTest {
    private static final int CAPACITY = 7;

    private final UnreadOctets unread = new UnreadOctets(CAPACITY);
    private byte nextIn;
    private byte nextOut;

    /** Lets at most {@code most} octets arrive; they count up. */
    private int arrive(int most) {
        ByteBuffer[] targets = new ByteBuffer[StreamHandler.MAX_TARGETS];
        int buffers = unread.targets(targets);
        int arrived = 0;
        for (int i = 0; i < buffers; i++) {
            while (targets[i].hasRemaining() && arrived < most) {
                targets[i].put(nextIn++);
                arrived++;
            }
        }
        unread.arrived(arrived);
        return arrived;
    }

    private void requireNext(ByteBuffer octets) {
        while (octets.hasRemaining()) {
            assertThat(octets.get()).isEqualTo(nextOut++);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void givesEachOctetOnceAndInOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int held = 0;
        for (int step = 0; step < 2_000; step++) {
            int wished = random.nextInt(CAPACITY + 3);
            int arrived = arrive(wished);
            assertThat(arrived).isEqualTo(Math.min(wished, CAPACITY - held));
            held += arrived;
            assertThat(unread.full()).isEqualTo(held == CAPACITY);
            ByteBuffer to = ByteBuffer.allocate(random.nextInt(CAPACITY + 3));
            int taken = unread.take(to);
            assertThat(taken).isEqualTo(Math.min(held, to.capacity()));
            held -= taken;
            requireNext(to.flip());
            if (random.nextInt(50) == 0) {
                requireNext(unread.takeAll());
                held = 0;
            }
            assertThat(unread.count()).isEqualTo(held);
        }
    }

    @Test
    void putsBackWhatBelongsToTheApplicationAfterAll() {
        arrive(5);
        unread.take(ByteBuffer.allocate(4));
        nextOut = 4;
        unread.put(ByteBuffer.wrap(new byte[] {9, 5, 6, 7, 8, 9, 10}, 1, 6));

        assertThat(unread.full()).isTrue();
        requireNext(unread.takeAll());
        assertThat(nextOut).isEqualTo((byte) 11);
    }

    @Test
    void lendsNothingWhenItIsFull() {
        assertThat(arrive(100)).isEqualTo(CAPACITY);
        assertThat(unread.targets(new ByteBuffer[StreamHandler.MAX_TARGETS])).isZero();
        unread.clear();
        assertThat(unread.count()).isZero();
    }
}
