package io.verbena.ddp;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Unsigned offsets and serial numbers against arithmetic that cannot overflow. */
class ArithmeticTest {
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static long interesting(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(5);
            case 1 -> -random.nextInt(5);
            case 2 -> Long.MAX_VALUE - random.nextInt(3);
            case 3 -> Long.MIN_VALUE + random.nextInt(3);
            case 4 -> random.nextInt();
            default -> random.nextLong();
        };
    }

    @Test
    void wrapsIfTheLastOctetIsBeyondTheLastOffset() {
        Random random = new Random(64);
        for (int round = 0; round < 100_000; round++) {
            long offset = interesting(random);
            long length = interesting(random) & Long.MAX_VALUE;
            boolean expected = unsigned(offset).add(BigInteger.valueOf(length)).compareTo(TWO_TO_64) > 0 && length > 0;
            assertThat(TaggedOffset.wraps(offset, length)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"-3, 3, false", "-3, 4, true", "-1, 1, false", "-1, 2, true", "-1, 0, false", "0, 0, false"})
    void wrapsAtTheVeryEnd(long offset, long length, boolean wraps) {
        assertThat(TaggedOffset.wraps(offset, length)).isEqualTo(wraps);
    }

    @Test
    void isWithinAgreesWithBigNumbers() {
        Random random = new Random(65);
        for (int round = 0; round < 100_000; round++) {
            long base = interesting(random);
            long baseLength = interesting(random) & Long.MAX_VALUE;
            long offset = base + random.nextInt(9) - 4;
            long length = random.nextBoolean() ? baseLength + random.nextInt(5) - 2 : random.nextInt(10);
            if (length < 0 || TaggedOffset.wraps(base, baseLength) || TaggedOffset.wraps(offset, length)) {
                continue;
            }
            BigInteger end = unsigned(offset).add(BigInteger.valueOf(length));
            BigInteger baseEnd = unsigned(base).add(BigInteger.valueOf(baseLength));
            boolean expected = unsigned(offset).compareTo(unsigned(base)) >= 0 && end.compareTo(baseEnd) <= 0;
            assertThat(TaggedOffset.isWithin(offset, length, base, baseLength)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, true",
        "1, 2, false",
        "1, 1, false",
        "0, -1, true",
        "-1, 0, false",
        "2147483647, 0, true",
        "-2147483648, 2147483647, true",
        "5, -5, true",
        "-5, 5, false"
    })
    void laterIsTheShorterWayRound(int number, int reference, boolean after) {
        assertThat(MessageSequence.isAfter(number, reference)).isEqualTo(after);
    }

    @Test
    @Requirement("DDP-4.3-09")
    void zeroFollowsTheLargestNumber() {
        assertThat(MessageSequence.next(0xFFFFFFFF)).isZero();
        assertThat(MessageSequence.next(MessageSequence.FIRST)).isEqualTo(2);
        assertThat(MessageSequence.distance(0xFFFFFFFE, 3)).isEqualTo(5);
        assertThat(MessageSequence.distance(3, 0xFFFFFFFE)).isEqualTo(-5);
    }

    @Test
    void nextIsAfterEveryNumber() {
        Random random = new Random(32);
        for (int round = 0; round < 10_000; round++) {
            int number = random.nextInt();
            int step = 1 + random.nextInt(Integer.MAX_VALUE);
            assertThat(MessageSequence.isAfter(MessageSequence.next(number), number))
                    .isTrue();
            assertThat(MessageSequence.isAfter(number + step, number)).isTrue();
            assertThat(MessageSequence.isAfter(number, number + step)).isFalse();
        }
    }

    @Test
    void everyErrorHasItsOwnSentence() {
        assertThat(DdpError.values()).extracting(DdpError::sentence).doesNotHaveDuplicates();
    }
}
