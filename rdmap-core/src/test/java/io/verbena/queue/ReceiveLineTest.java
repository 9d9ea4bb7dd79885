package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiveLineTest {
    private final ReceiveLine line = new ReceiveLine();
    private final List<ReceiveAccount> accounts =
            IntStream.range(0, 4).mapToObj(i -> new ReceiveAccount(null, i, 1)).toList();

    @ParameterizedTest
    @CsvSource({"0, '1 2 3'", "1, '0 2 3'", "2, '0 1 3'", "3, '0 1 2'"})
    void whoeverLeavesTheOthersKeepTheirOrder(int leaving, String left) {
        accounts.forEach(line::enter);

        line.leave(accounts.get(leaving));

        assertThat(called()).isEqualTo(left);
    }

    @Test
    void whoLeavesMayEnterAgainAtTheEnd() {
        accounts.forEach(line::enter);

        line.leave(accounts.get(0));
        line.leave(accounts.get(3));
        line.enter(accounts.get(0));
        line.leave(accounts.get(2));

        assertThat(called()).isEqualTo("1 0");
    }

    @Test
    void whoBecameFirstByACallMayLeave() {
        accounts.forEach(line::enter);

        assertThat(line.call(4)).isSameAs(accounts.get(0));
        line.leave(accounts.get(1));
        line.leave(accounts.get(0));

        assertThat(called()).isEqualTo("2 3");
    }

    @Test
    void aLineThatAllHaveLeftIsEmpty() {
        accounts.forEach(line::enter);
        accounts.forEach(line::leave);
        accounts.forEach(line::leave);

        assertThat(called()).isEmpty();
        line.enter(accounts.get(2));
        assertThat(called()).isEqualTo("2");
    }

    /** Calls all who are in line; returns their numbers. */
    private String called() {
        List<String> numbers = new ArrayList<>();
        for (ReceiveAccount next = line.call(Integer.MAX_VALUE); next != null; next = line.call(Integer.MAX_VALUE)) {
            numbers.add(String.valueOf(next.queuePairNumber()));
        }
        return String.join(" ", numbers);
    }
}
