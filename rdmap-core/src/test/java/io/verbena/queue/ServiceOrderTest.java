package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceOrderTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "3, 2147483646", "4, -3", "100, -150"})
    void isFirstInFirstOutAlsoWhereCountersWrap(int depth, int firstPosition) {
        ServiceOrder order = new ServiceOrder(depth, firstPosition);
        ArrayDeque<Integer> expected = new ArrayDeque<>();
        Random random = new Random(depth);
        for (int round = 0; round < 1000; round++) {
            if (expected.size() < depth && random.nextInt(5) < 3) {
                int slot = random.nextInt(depth);
                order.append(slot);
                expected.add(slot);
            } else {
                assertThat(order.peek()).isEqualTo(expected.isEmpty() ? -1 : expected.peek());
                assertThat(order.take()).isEqualTo(expected.isEmpty() ? -1 : expected.poll());
            }
            assertThat(order.waiting()).isEqualTo(expected.size());
        }
    }
}
