package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.RecordedEvent;
import io.verbena.testkit.RecordingEvents;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.observe.StackEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who hears of asynchronous events, and on which thread. */
@Tag("tcp")
@Timeout(30)
class AsyncEventTest {
    /** Breaks a connection at the client and waits until the server's device has told its listeners of it. */
    private static void lose(DevicePair pair, PairLink link, RecordingEvents seen) {
        int before = seen.all(RecordedEvent.Kind.ASYNC_EVENT).size();
        link.client().queuePair().abort();
        link.server().awaitState(QueuePairState.ERROR);
        pair.await("the event", () -> seen.all(RecordedEvent.Kind.ASYNC_EVENT).size() == before + 1);
    }

    @Test
    @Requirement({"VRB-AE-01", "VRB-AE-02"})
    void comeToTheHandlerThatIsSetAtThatTime() {
        // Driven by the test alone: when it has seen an event, the device is done with it.
        RecordingEvents seen = new RecordingEvents();
        PairOptions options =
                PairOptions.defaults().withCallerDrivenProgress().withListeners(new StackEvents() {}, seen);
        try (DevicePair pair = DevicePair.open(options)) {
            List<PairLink> links = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                links.add(pair.connectAnother());
            }
            List<AsyncEvent> first = new CopyOnWriteArrayList<>();
            List<AsyncEvent> second = new CopyOnWriteArrayList<>();
            pair.serverDevice().onAsyncEvent(first::add);
            lose(pair, links.get(0), seen);
            pair.await("an event at the first handler", () -> first.size() == 1);
            pair.serverDevice().onAsyncEvent(second::add);
            lose(pair, links.get(1), seen);
            pair.await("an event at the second handler", () -> second.size() == 1);
            pair.serverDevice().onAsyncEvent(null);
            lose(pair, links.get(2), seen);
            pair.serverDevice().onAsyncEvent(second::add);
            lose(pair, links.get(3), seen);
            pair.await("another event at the second handler", () -> second.size() == 2);
            assertThat(first)
                    .extracting(AsyncEvent::queuePairNumber)
                    .containsExactly(links.get(0).server().queuePair().number());
            assertThat(second)
                    .extracting(AsyncEvent::queuePairNumber)
                    .containsExactly(
                            links.get(1).server().queuePair().number(),
                            links.get(3).server().queuePair().number());
            assertThat(second).extracting(AsyncEvent::kind).containsOnly(AsyncEvent.Kind.CONNECTION_RESET);
        }
    }

    @Test
    @ConnectedPair
    @ExpectBadEvents
    @Requirement("VRB-AE-06")
    void aSlowHandlerKeepsNobodyElseWaiting(DevicePair pair) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        List<Boolean> inTime = new CopyOnWriteArrayList<>();
        pair.serverDevice().onAsyncEvent(event -> {
            entered.countDown();
            try {
                inTime.add(released.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        PairLink lost = pair.connectAnother();
        lost.client().queuePair().abort();
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        // The device still moves octets, makes connections and ends them, also that of the event.
        PairLink late = pair.connectAnother();
        SendRequest request = new SendRequest();
        for (PairLink link : List.of(late, new PairLink(pair.client(), pair.server()))) {
            link.server().postEmptyReceive(1);
            link.client().post(request.send());
            link.server().awaitReceiveSuccess();
        }
        lost.server().awaitState(QueuePairState.ERROR);
        lost.server().queuePair().modify(QueuePairState.IDLE);
        late.server().queuePair().close();
        late.client().awaitState(QueuePairState.ERROR);
        released.countDown();
        pair.await("the end of the handler", () -> !inTime.isEmpty());
        assertThat(inTime).containsOnly(true);
    }
}
