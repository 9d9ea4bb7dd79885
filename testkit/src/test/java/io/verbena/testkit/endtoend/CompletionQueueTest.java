package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.Notify;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Completion queues and their channel, fed by a connection. */
@Tag("tcp")
@Timeout(30)
class CompletionQueueTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final SendRequest request = new SendRequest();

    private void send(DevicePair pair, int count, boolean solicited) {
        for (int i = 0; i < count; i++) {
            pair.server().postEmptyReceive(i);
        }
        for (int i = 0; i < count; i++) {
            SendRequest send = solicited ? request.sendSolicited() : request.send();
            pair.client().queuePair().postSend(send.id(i)).orThrow();
        }
    }

    @Test
    @ConnectedPair
    @Requirement("VRB-CQ-02")
    void givesEachCompletionOnceByCursorAndByCallback(DevicePair pair) {
        send(pair, 10, false);
        CompletionQueue queue = pair.server().receiveCompletions();
        pair.await("ten completions", () -> queue.size() == 10);
        List<Long> ids = new ArrayList<>();
        CompletionCursor cursor = queue.cursor();
        for (int i = 0; i < 3; i++) {
            assertThat(cursor.next()).isTrue();
            ids.add(cursor.id());
        }
        assertThat(queue.poll(4, completion -> ids.add(completion.id()))).isEqualTo(4);
        CompletionCursor other = queue.cursor();
        while (other.next()) {
            ids.add(other.id());
        }
        assertThat(cursor.next()).isFalse();
        assertThat(queue.poll(10, completion -> ids.add(completion.id()))).isZero();
        assertThat(ids).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    @ConnectedPair
    @Requirement({"VRB-CQ-07", "VRB-CQ-08", "VRB-CQ-10", "VRB-CQ-11"})
    void notifiesOnceForTheNextCompletionOnly(DevicePair pair) throws Exception {
        CompletionQueue queue = pair.server().receiveCompletions();
        CompletionChannel channel = pair.server().channel();
        send(pair, 1, false);
        pair.await("a completion", () -> queue.size() == 1);
        queue.arm(Notify.NEXT);
        queue.arm(Notify.NEXT);
        assertThat(channel.await(Duration.ofMillis(50))).isNull();
        send(pair, 5, false);
        assertThat(channel.await(DEADLINE)).isSameAs(queue);
        pair.await("all completions", () -> queue.size() == 6);
        assertThat(channel.await(Duration.ZERO)).isNull();
    }

    @Test
    @ConnectedPair
    @Requirement({"VRB-CQ-09", "RDMAP-5.3-06"})
    void notifiesOfSolicitedMessagesOnlyWhenAskedSo(DevicePair pair) throws Exception {
        CompletionQueue queue = pair.server().receiveCompletions();
        CompletionChannel channel = pair.server().channel();
        queue.arm(Notify.SOLICITED);
        send(pair, 3, false);
        pair.await("three completions", () -> queue.size() == 3);
        assertThat(channel.await(Duration.ofMillis(50))).isNull();
        send(pair, 1, true);
        assertThat(channel.await(DEADLINE)).isSameAs(queue);
        assertThat(queue.poll(10, completion -> {})).isEqualTo(4);
    }

    @Test
    @ConnectedPair
    @Requirement("VRB-CQ-08")
    void notifiesOfRequestsOfEveryKind(DevicePair pair) throws Exception {
        CompletionQueue queue = pair.client().sendCompletions();
        CompletionChannel channel = pair.client().channel();
        MemoryRegion here = pair.client().register(64, AccessFlag.WINDOW_BIND);
        MemoryRegion there =
                pair.server().register(64, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_ATOMIC);
        WindowBinding binding =
                pair.client().allocateWindow(WindowType.QUEUE_PAIR).binding(here, 0, 8, AccessFlag.REMOTE_READ);
        pair.server().postEmptyReceive(1);
        List<SendRequest> requests = List.of(
                new SendRequest().send(),
                new SendRequest().write(there.remote()).local(here, 0, 8),
                new SendRequest().read(there.remote()).local(here, 0, 8),
                new SendRequest().swap(there.stag(), there.startAddress(), 1).local(here, 0, 8),
                new SendRequest().bindWindow(binding),
                new SendRequest().localInvalidate(binding.stag()));
        for (SendRequest next : requests) {
            queue.arm(Notify.NEXT);
            pair.client().post(next);
            assertThat(channel.await(DEADLINE)).isSameAs(queue);
            pair.client().awaitSendSuccess();
            assertThat(channel.await(Duration.ZERO)).isNull();
        }
    }

    @Test
    @ExpectBadEvents
    @ConnectedPair
    @Requirement("VRB-CQ-09")
    void notifiesOfFailuresAlsoWhenAskedForSolicitedOnes(DevicePair pair) throws Exception {
        pair.server().postEmptyReceive(1);
        pair.server().receiveCompletions().arm(Notify.SOLICITED);
        pair.client().queuePair().abort();
        assertThat(pair.server().channel().await(DEADLINE))
                .isSameAs(pair.server().receiveCompletions());
    }

    @Test
    @ConnectedPair
    @Requirement("VRB-CQ-07")
    void letsNextReplaceSolicited(DevicePair pair) throws Exception {
        CompletionQueue queue = pair.server().receiveCompletions();
        queue.arm(Notify.SOLICITED);
        queue.arm(Notify.NEXT);
        queue.arm(Notify.SOLICITED);
        send(pair, 1, false);
        assertThat(pair.server().channel().await(DEADLINE)).isSameAs(queue);
    }

    @Test
    @ConnectedPair
    @Requirement("VRB-CQ-03")
    void keepsItsCompletionsWhenResized(DevicePair pair) {
        CompletionQueue queue = pair.server().receiveCompletions();
        send(pair, 50, false);
        pair.await("fifty completions", () -> queue.size() == 50);
        assertThatThrownBy(() -> queue.resize(49)).isInstanceOf(IllegalArgumentException.class);
        queue.resize(50);
        assertThat(queue.capacity()).isGreaterThanOrEqualTo(50);
        assertThat(queue.poll(25, completion -> {})).isEqualTo(25);
        queue.resize(500);
        send(pair, 50, false);
        pair.await("seventy-five completions", () -> queue.size() == 75);
        List<Long> ids = new ArrayList<>();
        queue.poll(100, completion -> ids.add(completion.id()));
        for (int i = 0; i < 75; i++) {
            assertThat(ids.get(i)).isEqualTo(i < 25 ? i + 25 : i - 25);
        }
    }

    @Test
    @Requirement({"VRB-CQ-04", "RDMAP-8.1.1-11", "SEC-6.4.6-01", "VRB-CQ-06", "VRB-AE-02"})
    void endsTheQueuePairThatOverflowsAQueueAndSaysSo() {
        PairOptions options = PairOptions.defaults().withCompletionCapacity(4);
        try (DevicePair pair = DevicePair.open(options)) {
            PairLink other = pair.connectAnother();
            send(pair, 20, false);
            pair.server().awaitState(QueuePairState.ERROR);
            pair.client().awaitState(QueuePairState.ERROR);
            assertThat(pair.server().awaitEvents(1)).anySatisfy(event -> {
                assertThat(event.kind()).isEqualTo(AsyncEvent.Kind.COMPLETION_QUEUE_OVERFLOW);
                assertThat(event.cause().check()).isEqualTo(FailedCheck.COMPLETION_QUEUE_OVERFLOW);
            });
            int overflowed = pair.server().receiveCompletions().number();
            pair.await(
                    "the queue's own event",
                    () -> pair.serverEvents().stream()
                            .anyMatch(event -> event.kind() == AsyncEvent.Kind.COMPLETION_QUEUE_OVERFLOW
                                    && event.completionQueueNumber() == overflowed
                                    && event.queuePairNumber() == -1));
            other.server().postEmptyReceive(1);
            other.client().queuePair().postSend(request.send()).orThrow();
            other.server().awaitReceiveSuccess();
        }
    }

    @Test
    @Requirement("VRB-CQ-01")
    void servesSendAndReceiveQueuesOfSeveralQueuePairs() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults());
                CompletionQueue one = pair.serverDevice().createCompletionQueue(64)) {
            List<PairLink> links = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                PairLink link = pair.connectSharing(options -> QueuePairOptions.with(one));
                links.add(link);
                link.server().postEmptyReceive(i);
                link.client().post(request.send());
                link.server().post(request.write(1, 0).id(10 + i));
                int number = link.server().queuePair().number();
                expected.add("RECEIVE " + i + " of " + number);
                expected.add("WRITE " + (10 + i) + " of " + number);
            }
            pair.await("six completions", () -> one.size() == 6);
            List<String> completed = new ArrayList<>();
            one.poll(
                    10,
                    completion -> completed.add(
                            completion.operation() + " " + completion.id() + " of " + completion.queuePairNumber()));
            assertThat(completed).containsExactlyInAnyOrderElementsOf(expected);
            links.forEach(link -> link.server().queuePair().close());
        }
    }

    @Test
    @Requirement("VRB-CQ-05")
    void neverOverflowsWhenItIsAsLargeAsItsQueuesAreDeep() {
        int depth = 4;
        try (DevicePair pair = DevicePair.open(PairOptions.defaults());
                CompletionQueue queue = pair.serverDevice().createCompletionQueue(4 * depth)) {
            SharedReceiveQueue shared = pair.serverSharedReceives(SharedReceiveQueueOptions.ofDepth(depth));
            PairLink own =
                    pair.connectSharing(options -> QueuePairOptions.with(queue).withDepths(depth, depth));
            PairLink sharing = pair.connectSharing(
                    options -> QueuePairOptions.with(queue).withDepths(depth, 1).withSharedReceiveQueue(shared));
            for (int i = 0; i < depth; i++) {
                own.server().postEmptyReceive(i);
                shared.postReceive(new ReceiveRequest().receive(i)).orThrow();
                for (PairLink link : List.of(own, sharing)) {
                    link.client().post(request.send());
                    link.server().post(request.write(1, 0).id(10 + i));
                }
            }
            pair.await("all completions", () -> queue.size() == 4 * depth);
            assertThat(own.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
            assertThat(sharing.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
            assertThat(queue.poll(
                            100, completion -> assertThat(completion.success()).isTrue()))
                    .isEqualTo(4 * depth);
            assertThat(pair.serverEvents()).isEmpty();
            own.server().queuePair().close();
            sharing.server().queuePair().close();
        }
    }

    @Test
    @Requirement("VRB-CQ-12")
    void givesNothingMoreOnceItIsClosed() throws Exception {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            CompletionChannel channel = pair.server().channel();
            CompletionQueue queue = pair.serverDevice().createCompletionQueue(8, channel);
            CompletionCursor cursor = queue.cursor();
            PairEnd end = pair.newServerEnd(options -> QueuePairOptions.with(queue));
            end.postEmptyReceive(1);
            end.postEmptyReceive(2);
            queue.arm(Notify.NEXT);
            end.queuePair().modify(QueuePairState.ERROR);
            pair.await("two completions", () -> queue.size() == 2);
            assertThat(cursor.next()).isTrue();
            end.queuePair().close();
            queue.close();
            queue.close();
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(queue + " is closed");
            assertThatThrownBy(() -> queue.poll(1, completion -> {})).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> queue.arm(Notify.NEXT)).isInstanceOf(IllegalStateException.class);
            // Its event has gone with it.
            assertThat(channel.await(Duration.ZERO)).isNull();
        }
    }

    @Test
    @ConnectedPair
    void armsOnlyQueuesThatHaveAChannel(DevicePair pair) {
        try (CompletionQueue queue = pair.serverDevice().createCompletionQueue(4)) {
            assertThatThrownBy(() -> queue.arm(Notify.NEXT)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @ConnectedPair
    void wakesWhoWaitsOnAChannelThatIsClosed(DevicePair pair) throws Exception {
        CompletionChannel channel = pair.serverDevice().createCompletionChannel();
        List<Throwable> thrown = new ArrayList<>();
        Thread waiting = new Thread(() -> {
            try {
                channel.await(DEADLINE);
            } catch (InterruptedException | RuntimeException e) {
                thrown.add(e);
            }
        });
        waiting.start();
        pair.await("the other thread waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        channel.close();
        waiting.join(DEADLINE.toMillis());
        assertThat(thrown).hasSize(1).first().isInstanceOf(IllegalStateException.class);
    }
}
