package io.verbena.verbs.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceivePoolTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final FakeDevice device = new FakeDevice(false);
    private final AsyncQueuePair pair = AsyncQueuePair.open(device.domain, 4, 4);
    private final FakeQueuePair below = device.queuePairs.get(0);

    @AfterEach
    void closes() {
        pair.close();
    }

    @Test
    void handsOutMessagesInTheOrderOfArrival() throws Exception {
        ByteBuffer memory = ByteBuffer.allocate(4 * 8);
        memory.put(0, (byte) 'a').put(8, (byte) 'b');
        ReceivePool pool = ReceivePool.open(pair, memory, 8);

        below.arrive(3);
        below.arrive(0);

        try (ReceivedMessage first = pool.receive(LONG);
                ReceivedMessage second = pool.receive(LONG)) {
            assertThat(first.octets().remaining()).isEqualTo(3);
            assertThat(first.octets().get(0)).isEqualTo((byte) 'a');
            assertThat(second.octets().remaining()).isZero();
        }
    }

    @Test
    void postsAReleasedBufferAgain() throws Exception {
        ReceivePool pool = ReceivePool.open(pair, 2, 8);
        below.arrive(1);
        ReceivedMessage message = pool.receive(LONG);
        assertThat(below.postedReceives()).isEqualTo(1);

        message.release();
        message.release();

        assertThat(below.postedReceives()).isEqualTo(2);
        assertThatThrownBy(message::octets).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void timesOutWithoutAMessage() throws Exception {
        ReceivePool pool = ReceivePool.open(pair, 2, 8);

        assertThatThrownBy(() -> pool.receive(Duration.ZERO))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("no message arrived at queue pair 1 within 0s");
    }

    @Test
    void handsOutWhatArrivedBeforeItTellsThatTheQueuePairHasStopped() throws Exception {
        ReceivePool pool = ReceivePool.open(pair, 2, 8);
        below.arrive(5);
        pair.sendInline(ByteBuffer.allocate(1));
        below.failSend(
                WorkCompletionStatus.REMOTE_OPERATION,
                FailureCause.of(FailureCause.End.REMOTE, FailedCheck.OPCODE).build());

        try (ReceivedMessage message = pool.receive(LONG)) {
            assertThat(message.lengthOctets()).isEqualTo(5);
        }
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> pool.receive(LONG))
                    .isInstanceOf(OperationFailedException.class)
                    .hasMessageStartingWith("receive pool of queue pair 1 was flushed")
                    .hasMessageContaining(FailedCheck.OPCODE.words());
        }
    }

    @Test
    void deregistersItsMemoryOnceTheLastBufferHasComeBack() throws Exception {
        ReceivePool pool = ReceivePool.open(pair, 2, 8);
        FakeRegion region = device.regions.get(0);
        below.arrive(1);
        below.arrive(1);
        ReceivedMessage held = pool.receive(LONG);

        pool.close();
        pair.close();

        assertThat(region.closed()).isFalse();
        held.release();
        await().until(region::closed);
    }

    @Test
    void wakesWhoWaitsWhenItIsClosed() throws Exception {
        ReceivePool pool = ReceivePool.open(pair, 2, 8);
        CompletableFuture<Throwable> waiting =
                CompletableFuture.supplyAsync(() -> catchThrowable(() -> pool.receive(LONG)));

        pool.close();

        assertThat(waiting)
                .succeedsWithin(LONG)
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("receive pool of queue pair 1 is closed"));
    }

    @Test
    void refusesMoreBuffersThanTheReceiveQueueHasSlots() {
        assertThatThrownBy(() -> ReceivePool.open(pair, 5, 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReceivePool.open(pair, 0, 8)).isInstanceOf(IllegalArgumentException.class);
    }
}
