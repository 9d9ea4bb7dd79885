package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.Notify;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When an armed queue gives an event: rows VRB-CQ-07 to -11. */
class NotificationTest {
    private final SoftCompletionChannel channel = new SoftCompletionChannel(System::nanoTime, null, false, () -> {});
    private SoftCompletionQueue queue;

    private enum Kind {
        SEND,
        RECEIVE,
        SOLICITED_RECEIVE,
        ERROR
    }

    @BeforeEach
    void makeQueue() {
        queue = new CompletionQueueFixture().queue(1, 100, channel, null);
    }

    private void add(Kind kind) {
        switch (kind) {
            case SEND -> CompletionQueueFixture.addSend(queue, 2, 1);
            case RECEIVE -> CompletionQueueFixture.addReceive(queue, false);
            case SOLICITED_RECEIVE -> CompletionQueueFixture.addReceive(queue, true);
            case ERROR -> CompletionQueueFixture.addFlushed(queue);
        }
    }

    private boolean event() throws InterruptedException {
        return channel.await(Duration.ZERO) == queue;
    }

    @ParameterizedTest
    @CsvSource({
        "NEXT, SEND, true",
        "NEXT, RECEIVE, true",
        "NEXT, SOLICITED_RECEIVE, true",
        "NEXT, ERROR, true",
        "SOLICITED, SEND, false",
        "SOLICITED, RECEIVE, false",
        "SOLICITED, SOLICITED_RECEIVE, true",
        "SOLICITED, ERROR, true"
    })
    void armedForOneKindOfCompletion(Notify what, Kind kind, boolean event) throws InterruptedException {
        queue.arm(what);
        add(kind);
        assertThat(event()).isEqualTo(event);
        // One shot; what did not match leaves it armed.
        add(Kind.ERROR);
        assertThat(event()).isEqualTo(!event);
        add(Kind.ERROR);
        assertThat(event()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"NEXT, SOLICITED, true", "SOLICITED, NEXT, true", "SOLICITED, SOLICITED, false", "NEXT, NEXT, true"})
    void nextBeatsSolicitedInEitherOrder(Notify first, Notify second, boolean sendGivesEvent)
            throws InterruptedException {
        queue.arm(first);
        queue.arm(second);
        add(Kind.SEND);
        assertThat(event()).isEqualTo(sendGivesEvent);
    }

    @Test
    void completionsAlreadyPresentGiveNoEvent() throws InterruptedException {
        add(Kind.ERROR);
        queue.arm(Notify.NEXT);
        assertThat(event()).isFalse();
        add(Kind.SEND);
        assertThat(event()).isTrue();
    }

    @Test
    void withoutArmingThereIsNoEvent() throws InterruptedException {
        add(Kind.ERROR);
        assertThat(event()).isFalse();
    }

    @Test
    void theEventTakesNoCompletion() throws InterruptedException {
        queue.arm(Notify.NEXT);
        add(Kind.SEND);
        assertThat(event()).isTrue();
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void anUnclaimedEventIsNotDoubledByTheNextArming() throws InterruptedException {
        queue.arm(Notify.NEXT);
        add(Kind.SEND);
        queue.arm(Notify.NEXT);
        add(Kind.SEND);
        assertThat(event()).isTrue();
        assertThat(event()).isFalse();
    }

    @Test
    void anAdditionThatDidNotFitLeavesTheQueueArmed() throws InterruptedException {
        queue.resize(1);
        add(Kind.SEND);
        queue.arm(Notify.NEXT);
        add(Kind.SEND);
        assertThat(event()).isFalse();
        assertThat(CompletionQueueFixture.ids(queue)).hasSize(1);
        add(Kind.SEND);
        assertThat(event()).isTrue();
    }
}
