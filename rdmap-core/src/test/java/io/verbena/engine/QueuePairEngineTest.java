package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.memory.TableEntry;
import io.verbena.transport.StreamError;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flushing, disconnecting, destroying and connecting again: state machines 2.4 and T1 to T21. */
class QueuePairEngineTest {
    private static final long DEADLINE_NS = 5_000_000_000L;

    private static void lose(Desk desk) {
        desk.stream.onFailed(StreamError.RESET, new IOException("reset by a test"));
        desk.loop.run();
    }

    @Test
    void flushesWhatIsInServiceThenWhatWaitsThenTheReceives() {
        Desk desk = new Desk();
        desk.ord = 2;
        desk.connect();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.send(1, region, 4);
        desk.read(2, region, 4);
        desk.send(3, region, 4);
        desk.read(4, region, 4);
        desk.read(5, region, 4);
        desk.send(6, region, 4);
        desk.receive(50, region, 4);
        desk.receive(51, region, 4);
        lose(desk);
        List<WorkCompletion> sends = Desk.copies(desk.sends);
        assertThat(sends).extracting(WorkCompletion::id).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(sends.get(0).status()).isEqualTo(WorkCompletionStatus.SUCCESS);
        List<WorkCompletion> flushed = new ArrayList<>(sends.subList(1, 6));
        flushed.addAll(Desk.copies(desk.receives));
        assertThat(flushed).hasSize(7);
        for (WorkCompletion completion : flushed) {
            assertThat(completion.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(completion.cause().root().check()).isEqualTo(FailedCheck.CONNECTION_RESET);
        }
        assertThat(desk.engine.sendQueue().busy()).isZero();
        assertThat(desk.engine.receiveQueue().busy()).isZero();
    }

    @Test
    void everythingFlushedSaysWhichRequestStartedIt() {
        Desk desk = Desk.connected();
        TableEntry gone = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.memory.deregister(gone);
        desk.bytes.allowance = 0;
        desk.send(1, desk.region(100), 4);
        desk.send(77, gone, 4);
        desk.send(3, gone, 4);
        desk.allow(Long.MAX_VALUE);
        desk.arriveFin();
        List<WorkCompletion> sends = Desk.copies(desk.sends);
        assertThat(sends)
                .extracting(WorkCompletion::status)
                .containsExactly(
                        WorkCompletionStatus.SUCCESS,
                        WorkCompletionStatus.LOCAL_INVALID_STAG,
                        WorkCompletionStatus.FLUSHED);
        assertThat(sends.get(2).cause().startedByRequest()).isEqualTo(77);
    }

    @Test
    void whatIsPostedInIdleGoesOutWithTheConnection() {
        Desk desk = new Desk();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.send(1, region, 4);
        desk.receive(50, region, 100);
        assertThat(desk.completions()).isEmpty();
        desk.connect();
        assertThat(desk.opcodes()).containsExactly("SEND");
        desk.arrive(Peer.send(1, 4));
        assertThat(desk.completions()).containsExactly("1 SUCCESS", "50 SUCCESS");
    }

    @Test
    void movingFromIdleToErrorFlushes() {
        Desk desk = new Desk();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.send(1, region, 4);
        desk.receive(50, region, 100);
        desk.engine.modify(QueuePairState.ERROR);
        assertThat(desk.completions()).containsExactly("1 FLUSHED", "50 FLUSHED");
        assertThat(desk.engine.postSend(new SendRequest().send())).isEqualTo(PostResult.WRONG_STATE);
        assertThat(desk.engine.postReceive(new ReceiveRequest().receive(1))).isEqualTo(PostResult.WRONG_STATE);
    }

    /** Requests flushed later gave the cause of an earlier connection that had been closed in order. */
    @Test
    void theCauseOfAnEarlierCloseIsForgotten() {
        Desk desk = Desk.connected();
        desk.engine.modify(QueuePairState.CLOSING);
        desk.arriveFin();
        desk.receive(50, desk.region(100, AccessFlag.LOCAL_WRITE), 100);
        desk.engine.abort("the second reason");
        assertThat(Desk.copies(desk.receives).get(0).cause().root().message()).contains("the second reason");
    }

    @Test
    void connectsAgainFromTheBeginning() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ);
        for (int connection = 0; connection < 3; connection++) {
            for (int id = 1; id <= 3; id++) {
                desk.send(id, region, 4);
                desk.receive(50 + id, region, 100);
            }
            desk.read(4, region, 8);
            desk.arrive(Peer.send(1, 4), Peer.readRequest(1, region.stag(), region.startAddress(), 4));
            desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
            List<Peer.Frame> frames = desk.frames();
            assertThat(frames).extracting(Peer.Frame::sequence).containsExactly(1, 2, 3, 1, 0);
            assertThat(desk.completions())
                    .containsExactly("1 SUCCESS", "2 SUCCESS", "3 SUCCESS", "4 SUCCESS", "51 SUCCESS");
            lose(desk);
            assertThat(desk.completions()).containsExactly("52 FLUSHED", "53 FLUSHED");
            desk.engine.modify(QueuePairState.IDLE);
            assertThat(desk.engine.failure()).isNull();
            desk.connect();
        }
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
    }

    @Test
    void allSlotsAreFreeAgainAfterAFlush() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        for (int round = 0; round < 3; round++) {
            desk.bytes.allowance = 0;
            for (int i = 0; i < 64; i++) {
                assertThat(desk.engine.postSend(
                                new SendRequest().send().id(i).local(region.stag(), region.startAddress(), 4)))
                        .isEqualTo(PostResult.POSTED);
            }
            assertThat(desk.engine.postSend(new SendRequest().send())).isEqualTo(PostResult.QUEUE_FULL);
            desk.engine.ring();
            desk.loop.run();
            lose(desk);
            List<WorkCompletion> flushed = Desk.copies(desk.sends);
            assertThat(flushed)
                    .extracting(WorkCompletion::id)
                    .containsExactlyElementsOf(LongStream.range(0, 64).boxed().toList());
            desk.engine.modify(QueuePairState.IDLE);
            desk.connect();
        }
    }

    /** Every post that is accepted while the connection breaks has its completion, in the order of posting. */
    @Test
    void nothingIsLostThatIsPostedWhileTheConnectionBreaks() throws Exception {
        for (int round = 0; round < 100; round++) {
            Desk desk = new Desk(10_000).connect();
            desk.bytes.forgetful = true;
            TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<long[]> accepted = new CompletableFuture<>();
            Thread poster = new Thread(() -> {
                SendRequest request = new SendRequest();
                ReceiveRequest receive = new ReceiveRequest();
                long sends = 0;
                long receives = 0;
                boolean open = true;
                // So many fit into the completion queue, even if nobody polls meanwhile.
                while (open && sends < 5_000) {
                    PostResult sent = desk.engine.postSend(
                            request.send().id(sends).local(region.stag(), region.startAddress(), 4));
                    if (sent == PostResult.POSTED) {
                        sends++;
                        desk.engine.ring();
                    }
                    PostResult received = desk.engine.postReceive(
                            receive.receive(receives).local(region.stag(), region.startAddress(), 4));
                    if (received == PostResult.POSTED) {
                        receives++;
                    }
                    begun.countDown();
                    open = sent != PostResult.WRONG_STATE && received != PostResult.WRONG_STATE;
                }
                accepted.complete(new long[] {sends, receives});
            });
            poster.start();
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            List<WorkCompletion> sends = new ArrayList<>();
            for (int i = 0; i < round % 10; i++) {
                desk.loop.run();
                sends.addAll(Desk.copies(desk.sends));
            }
            desk.engine.abort("the connection breaks");
            long[] counts = accepted.get(10, TimeUnit.SECONDS);
            desk.loop.run();
            sends.addAll(Desk.copies(desk.sends));
            assertThat(sends)
                    .extracting(WorkCompletion::id)
                    .containsExactlyElementsOf(
                            LongStream.range(0, counts[0]).boxed().toList());
            assertThat(Desk.copies(desk.receives))
                    .extracting(WorkCompletion::id)
                    .containsExactlyElementsOf(
                            LongStream.range(0, counts[1]).boxed().toList());
            desk.engine.modify(QueuePairState.IDLE);
            poster.join(10_000);
        }
    }

    @Test
    void disconnectWaitsUntilTheWorkIsDone() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.read(1, region, 8);
        CompletableFuture<Boolean> first = new CompletableFuture<>();
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        desk.engine.disconnect(DEADLINE_NS, first);
        desk.engine.disconnect(DEADLINE_NS, second);
        desk.send(2, region, 8);
        assertThat(desk.bytes.finSent).isFalse();
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        assertThat(desk.bytes.finSent).isTrue();
        desk.arriveFin();
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isCompletedWithValue(true);
        assertThat(desk.completions()).containsExactly("1 SUCCESS", "2 SUCCESS");
        assertThat(desk.loop.timers()).isZero();
    }

    @Test
    void disconnectBreaksTheConnectionAtItsDeadline() {
        Desk desk = Desk.connected();
        desk.read(1, desk.region(100, AccessFlag.LOCAL_WRITE), 8);
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        desk.engine.disconnect(DEADLINE_NS, outcome);
        desk.loop.advance(DEADLINE_NS);
        assertThat(outcome).isCompletedWithValue(false);
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.completions()).containsExactly("1 FLUSHED");
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.ERROR);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void disconnectWithoutAConnectionTellsTheState(boolean error) {
        Desk desk = new Desk();
        if (error) {
            desk.engine.modify(QueuePairState.ERROR);
        }
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        desk.engine.disconnect(DEADLINE_NS, outcome);
        assertThat(outcome).isCompletedWithValue(!error);
    }

    @Test
    void destroyingLeavesNoCompletions() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.read(1, region, 8);
        desk.send(2, region, 8);
        desk.receive(50, region, 8);
        desk.engine.destroy();
        desk.loop.run();
        assertThat(desk.completions()).isEmpty();
        assertThat(desk.events).isEmpty();
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.loop.timers()).isZero();
        assertThat(desk.engine.postSend(new SendRequest().send())).isEqualTo(PostResult.DESTROYED);
        assertThat(desk.engine.postReceive(new ReceiveRequest().receive(1))).isEqualTo(PostResult.DESTROYED);
        assertThat(desk.ends).hasSize(1);
    }

    @Test
    void aFullCompletionQueueEndsTheStream() {
        Desk desk = new Desk(2);
        desk.connect();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        for (int id = 1; id <= 3; id++) {
            desk.send(id, region, 4);
        }
        assertThat(desk.lastFrame().triple()).isEqualTo("0/2/07");
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.COMPLETION_QUEUE_OVERFLOW);
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.TERMINATE);
        desk.arriveFin();
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.ERROR);
        assertThat(desk.sendCompletions()).containsExactly("1 SUCCESS", "2 SUCCESS");
    }

    @Test
    void onlyAnIdleQueuePairTakesAConnection() {
        Desk desk = Desk.connected();
        assertThat(desk.engine.bind(new ScriptedStream(desk.loop), null, desk)).isNull();
        lose(desk);
        assertThat(desk.engine.bind(new ScriptedStream(desk.loop), null, desk)).isNull();
    }

    @Test
    void transitionsThatTheTableDoesNotHaveAreRefused() {
        Desk desk = new Desk();
        assertThatThrownBy(() -> desk.engine.modify(QueuePairState.CLOSING)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> desk.engine.modify(QueuePairState.RTS)).isInstanceOf(IllegalStateException.class);
        desk.connect();
        desk.engine.modify(QueuePairState.CLOSING);
        assertThatThrownBy(() -> desk.engine.modify(QueuePairState.IDLE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> desk.engine.modify(QueuePairState.ERROR)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void loweringOrdHoldsLaterReadsBack() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.engine.lowerOutboundReadDepth(1);
        desk.read(1, region, 8);
        desk.read(2, region, 8);
        assertThat(desk.stream.ownReads()).isEqualTo(1);
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        assertThat(desk.stream.ownReads()).isEqualTo(1);
        assertThat(desk.completions()).containsExactly("1 SUCCESS");
    }

    @Test
    void aReadWithoutOrdFailsByItself() {
        Desk desk = new Desk();
        desk.ord = 0;
        desk.connect();
        desk.read(1, desk.region(100, AccessFlag.LOCAL_WRITE), 8);
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 ZERO_READ_RESOURCES");
    }
}
