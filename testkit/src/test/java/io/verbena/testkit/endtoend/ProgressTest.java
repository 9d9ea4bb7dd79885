package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.Notify;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Caller-driven devices, and two queue pairs of one device. */
@Tag("tcp")
@Timeout(30)
class ProgressTest {
    private final SendRequest request = new SendRequest();

    private void exchange(PairEnd from, PairEnd to) {
        int length = 200_000;
        TestMemory source = TestMemory.pattern(from, length);
        TestMemory target = TestMemory.open(to, length);
        TestMemory inbox = TestMemory.open(to, length);
        TestMemory sink = TestMemory.open(from, length);
        to.postReceive(1, inbox.region());
        from.queuePair()
                .postSend(request.write(target.region().remote()).local(source.region(), 0, length))
                .orThrow();
        from.queuePair()
                .postSend(request.read(target.region().remote()).local(sink.region(), 0, length))
                .orThrow();
        from.queuePair()
                .postSend(request.send().local(source.region(), 0, length))
                .orThrow();
        for (int i = 0; i < 3; i++) {
            from.awaitSendSuccess();
        }
        to.awaitReceiveSuccess();
        assertThat(sink.octets()).isEqualTo(source.octets());
        assertThat(inbox.octets()).isEqualTo(source.octets());
    }

    @Test
    @ConnectedPair(callerDriven = true)
    void movesEverythingOnTheCallersThread(DevicePair pair) {
        assertThat(pair.clientDevice().query().callerDriven()).isTrue();
        exchange(pair.client(), pair.server());
        exchange(pair.server(), pair.client());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("verbena-io"));
    }

    @Test
    @ConnectedPair(callerDriven = true)
    void makesProgressByPollingAlone(DevicePair pair) {
        pair.server().postEmptyReceive(1);
        pair.client().queuePair().postSend(request.send()).orThrow();
        long[] ids = {-1};
        pair.client().await("both completions by polling", () -> {
            pair.client().sendCompletions().poll(1, completion -> {});
            return pair.server().receiveCompletions().poll(1, completion -> ids[0] = completion.id()) == 1;
        });
        assertThat(ids[0]).isEqualTo(1);
    }

    @Test
    @ExpectBadEvents
    @ConnectedPair(callerDriven = true)
    void hearsOfFailuresOnTheCallersThread(DevicePair pair) {
        pair.server().postEmptyReceive(1);
        pair.client().queuePair().abort();
        pair.server().awaitState(QueuePairState.ERROR);
        assertThat(pair.server().awaitEvents(1))
                .extracting(AsyncEvent::kind)
                .containsExactly(AsyncEvent.Kind.CONNECTION_RESET);
    }

    @Test
    @ConnectedPair(callerDriven = true)
    void waitsOnAChannelAndMakesProgressMeanwhile(DevicePair pair) throws Exception {
        pair.server().postEmptyReceive(1);
        pair.server().receiveCompletions().arm(Notify.NEXT);
        pair.client().queuePair().postSend(request.send()).orThrow();
        while (pair.client().sendCompletions().poll(1, completion -> {}) == 0) {
            assertThat(pair.client().queuePair().state()).isEqualTo(QueuePairState.RTS);
        }
        assertThat(pair.server().channel().await(Duration.ofSeconds(10)))
                .isSameAs(pair.server().receiveCompletions());
    }

    @Test
    @ConnectedPair
    void refusesToBeDrivenInTheBackground(DevicePair pair) {
        assertThatThrownBy(() -> pair.clientDevice().progress(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @ConnectedPair(oneDevice = true)
    @Requirement("SYS-MEM-17")
    void connectsTwoQueuePairsOfOneDevice(DevicePair pair) {
        assertThat(pair.clientDevice()).isSameAs(pair.serverDevice());
        assertThat(pair.clientDevice().query().queuePairs()).isEqualTo(2);
        exchange(pair.client(), pair.server());
        exchange(pair.server(), pair.client());
    }

    @Test
    @ConnectedPair(oneDevice = true, callerDriven = true)
    @Requirement("SYS-MEM-17")
    void connectsTwoQueuePairsOfOneCallerDrivenDevice(DevicePair pair) {
        exchange(pair.client(), pair.server());
        exchange(pair.server(), pair.client());
    }
}
