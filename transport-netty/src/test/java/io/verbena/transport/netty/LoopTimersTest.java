package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopTimersTest {
    private final LoopTimers timers = new LoopTimers();
    private final List<String> ran = new ArrayList<>();

    private LoopTimers.Entry add(long deadlineNs, String name) {
        LoopTimers.Entry entry = timers.prepare(deadlineNs, () -> ran.add(name));
        timers.add(entry);
        return entry;
    }

    private void runDue(long nowNs) {
        for (Runnable task = timers.pollDue(nowNs); task != null; task = timers.pollDue(nowNs)) {
            task.run();
        }
    }

    @Test
    void runsEqualTimesInTheOrderTheyWereAdded() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            add(10, name);
        }
        runDue(9);
        assertThat(ran).isEmpty();
        runDue(10);
        assertThat(ran).containsExactly("a", "b", "c", "d", "e");
        assertThat(timers.isEmpty()).isTrue();
    }

    @Test
    void countsAcrossTheEndOfLong() {
        add(Long.MIN_VALUE + 5, "after the wrap");
        add(Long.MAX_VALUE - 5, "before the wrap");
        assertThat(timers.untilNextNs(Long.MAX_VALUE - 10)).isEqualTo(5);
        runDue(Long.MAX_VALUE);
        assertThat(ran).containsExactly("before the wrap");
        assertThat(timers.untilNextNs(Long.MAX_VALUE)).isEqualTo(6);
        runDue(Long.MIN_VALUE + 5);
        assertThat(ran).containsExactly("before the wrap", "after the wrap");
        assertThat(timers.untilNextNs(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void forgetsWithdrawnTimersAtOnce() {
        LoopTimers.Entry withdrawn = add(1, "withdrawn");
        add(2, "kept");
        withdrawn.cancel();
        assertThat(timers.untilNextNs(0)).isEqualTo(2);
        LoopTimers.Entry early = timers.prepare(1, () -> ran.add("withdrawn before it was added"));
        early.cancel();
        timers.add(early);
        runDue(3);
        assertThat(ran).containsExactly("kept");
    }
}
