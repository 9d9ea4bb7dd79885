package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import io.verbena.verbs.SendRequest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DoorbellTest {
    private final HandLoop loop = new HandLoop();
    private final AtomicInteger services = new AtomicInteger();
    private final Doorbell doorbell = new Doorbell(services::incrementAndGet);

    @Test
    void wakesTheLoopOnceForManyRings() {
        doorbell.bind(loop);
        for (int i = 0; i < 100; i++) {
            doorbell.ring();
        }
        assertThat(loop.given()).isEqualTo(1);
        loop.runTasks();
        assertThat(services).hasValue(1);
        doorbell.ring();
        assertThat(loop.given()).isEqualTo(2);
    }

    @Test
    @Requirement("SYS-WQ-07")
    void aRingDuringTheServiceIsServedAgain() {
        AtomicInteger left = new AtomicInteger(3);
        Doorbell[] own = new Doorbell[1];
        own[0] = new Doorbell(() -> {
            services.incrementAndGet();
            if (left.decrementAndGet() > 0) {
                own[0].ring();
            }
        });
        own[0].bind(loop);
        own[0].ring();
        loop.runTasks();
        assertThat(services).hasValue(3);
    }

    @Test
    void ringsBeforeALoopIsBoundAreAnsweredOnIt() {
        doorbell.ring();
        doorbell.ring();
        doorbell.bind(loop);
        loop.runTasks();
        assertThat(services).hasValue(1);
    }

    @Test
    void aTaskOfAnEarlierLoopTakesNothingAway() {
        HandLoop second = new HandLoop();
        doorbell.bind(loop);
        doorbell.ring();
        doorbell.unbind();
        doorbell.bind(second);
        loop.runTasks();
        assertThat(services).hasValue(0);
        second.runTasks();
        assertThat(services).hasValue(1);
    }

    @Test
    void noPostIsLeftLyingWhenTheLoopGoesToSleep() throws Exception {
        int posters = 3;
        int each = 20_000;
        SendQueue queue = new SendQueue(16, 1, 0);
        AtomicInteger served = new AtomicInteger();
        Doorbell bell = new Doorbell(() -> {
            for (int slot = queue.next(); slot >= 0; slot = queue.next()) {
                queue.done(slot);
                served.incrementAndGet();
            }
        });
        bell.bind(loop);
        try (Crew crew = new Crew()) {
            for (int i = 0; i < posters; i++) {
                crew.add(() -> {
                    SendRequest request = new SendRequest();
                    for (int n = 0; n < each; n++) {
                        while (!queue.post(request.send().id(n)).posted()) {
                            Thread.yield();
                        }
                        bell.ring();
                    }
                });
            }
            // The loop sleeps whenever it has no task; a lost wake-up shows as a sleep that nobody ends.
            crew.add(() -> {
                while (served.get() < posters * each) {
                    assertThat(loop.awaitTask(20))
                            .as("woken with %d requests served", served.get())
                            .isTrue();
                }
            });
            crew.run();
        }
        assertThat(queue.idle()).isTrue();
    }
}
