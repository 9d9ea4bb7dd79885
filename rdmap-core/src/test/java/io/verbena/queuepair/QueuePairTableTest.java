package io.verbena.queuepair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.verbena.verbs.LimitExceededException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueuePairTableTest {
    @Test
    void findsByNumber() {
        QueuePairTable<String> table = new QueuePairTable<>(10);
        assertThat(table.create(number -> "queue pair " + number)).isEqualTo("queue pair 2");
        assertThat(table.create(number -> "queue pair " + number)).isEqualTo("queue pair 3");
        assertThat(table.find(3)).isEqualTo("queue pair 3");
        assertThat(table.find(4)).isNull();
        assertThat(table.remove(2)).isEqualTo("queue pair 2");
        assertThat(table.remove(2)).isNull();
        assertThat(table.all()).containsExactly("queue pair 3");
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void numbersHave24BitsAndAreNeverZeroOrOne() {
        QueuePairTable<Integer> table = new QueuePairTable<>(100, QueuePairTable.LAST_NUMBER - 1);
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            numbers.add(table.create(number -> number));
        }
        assertThat(numbers).containsExactlyInAnyOrder(0xFF_FFFE, 0xFF_FFFF, 2, 3, 4);
    }

    @Test
    void numbersAreReusedLateAndNeverWhileInUse() {
        QueuePairTable<Integer> table = new QueuePairTable<>(3, QueuePairTable.LAST_NUMBER);
        assertThat(table.create(number -> number)).isEqualTo(QueuePairTable.LAST_NUMBER);
        int old = table.create(number -> number);
        table.remove(old);
        assertThat(table.create(number -> number)).isEqualTo(old + 1);
    }

    @Test
    void skipsNumbersInUseAfterWrapping() {
        QueuePairTable<Integer> table = new QueuePairTable<>(10, QueuePairTable.LAST_NUMBER);
        table.create(number -> number);
        table.create(number -> number);
        QueuePairTable<Integer> wrapped = new QueuePairTable<>(10);
        wrapped.create(number -> number);
        assertThat(wrapped.find(2)).isEqualTo(2);
        assertThat(table.find(2)).isEqualTo(2);
    }

    @Test
    void keepsToTheLimitAndForgetsWhatCouldNotBeMade() {
        QueuePairTable<Integer> table = new QueuePairTable<>(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> table.create(number -> {
                    throw new IllegalStateException("no memory");
                }));
        assertThat(table.size()).isZero();
        table.create(number -> number);
        table.create(number -> number);
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> table.create(number -> number))
                .withMessageContaining("2 queue pairs");
        table.remove(2);
        assertThat(table.create(number -> number)).isEqualTo(4);
    }
}
