package io.verbena.rdmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtomicArithmeticTest {
    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    @ParameterizedTest
    @CsvSource({
        "FFFFFFFFFFFFFFFF, 1, 0, 0000000000000000",
        "00000000FFFFFFFF, 1, 0, 0000000100000000",
        "00000000FFFFFFFF, 1, 0000000080000000, 0000000000000000",
        "00FF00FF00FF00FF, 0001000100010001, 8000800080008000, 0100010001000100",
        "00000000000000FF, 1, 0000000000000080, 0000000000000000"
    })
    void addsFieldByField(String memory, String addend, String mask, String after) {
        assertThat(AtomicArithmetic.fetchAdd(hex(memory), hex(addend), hex(mask)))
                .isEqualTo(hex(after));
    }

    @ParameterizedTest
    @CsvSource({
        "2222, 2222, FFFFFFFFFFFFFFFF, 1111, FFFFFFFFFFFFFFFF, 1111",
        "2223, 2222, FFFFFFFFFFFFFFFF, 1111, FFFFFFFFFFFFFFFF, 2223",
        "1122334455667788, 88, FF, AABB, FFFF, 112233445566AABB",
        "1122334455667788, 0, 0, FFFFFFFFFFFFFFFF, FF00000000000000, FF22334455667788"
    })
    void swapsIfTheComparedBitsAgree(
            String memory, String compare, String compareMask, String swap, String swapMask, String after) {
        assertThat(AtomicArithmetic.compareSwap(hex(memory), hex(compare), hex(compareMask), hex(swap), hex(swapMask)))
                .isEqualTo(hex(after));
    }

    @Test
    @Requirement({"EXT-5.1.1-05", "EXT-5.1.1-06"})
    void agreesWithBigNumbersFieldByField() {
        Random random = new Random(7306);
        for (int round = 0; round < 20_000; round++) {
            long memory = random.nextLong();
            long addend = random.nextLong();
            long dense = random.nextLong();
            long sparse = 1L << random.nextInt(64);
            long mask = round % 2 == 0 ? dense : sparse | dense >>> 58;
            assertThat(AtomicArithmetic.fetchAdd(memory, addend, mask)).isEqualTo(reference(memory, addend, mask));
        }
    }

    /** Cuts both numbers into fields, adds each with room to spare, and drops what does not fit. */
    private static long reference(long memory, long addend, long mask) {
        BigInteger result = BigInteger.ZERO;
        int low = 0;
        for (int bit = 0; bit < 64; bit++) {
            if (bit == 63 || (mask >>> bit & 1) != 0) {
                int width = bit - low + 1;
                BigInteger modulus = BigInteger.ONE.shiftLeft(width);
                BigInteger one = new BigInteger(Long.toUnsignedString(memory))
                        .shiftRight(low)
                        .mod(modulus);
                BigInteger two = new BigInteger(Long.toUnsignedString(addend))
                        .shiftRight(low)
                        .mod(modulus);
                result = result.or(one.add(two).mod(modulus).shiftLeft(low));
                low = bit + 1;
            }
        }
        return result.longValue();
    }

    @Test
    @Requirement("EXT-5.1.2-01")
    void compareSwapTouchesNoBitOutsideItsMask() {
        Random random = new Random(64);
        for (int round = 0; round < 20_000; round++) {
            long memory = random.nextLong();
            long compare = random.nextBoolean() ? memory ^ 1L << random.nextInt(64) : memory;
            long compareMask = random.nextLong();
            long swap = random.nextLong();
            long swapMask = random.nextLong();
            long after = AtomicArithmetic.compareSwap(memory, compare, compareMask, swap, swapMask);
            boolean agrees = (memory & compareMask) == (compare & compareMask);
            assertThat(AtomicArithmetic.matches(memory, compare, compareMask)).isEqualTo(agrees);
            assertThat(after & ~swapMask).isEqualTo(memory & ~swapMask);
            assertThat(after & swapMask).isEqualTo((agrees ? swap : memory) & swapMask);
        }
    }
}
