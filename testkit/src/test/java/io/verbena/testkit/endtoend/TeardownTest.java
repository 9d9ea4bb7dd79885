package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end, and what becomes of the requests (state machines 2 and 5). */
@Tag("tcp")
@Timeout(30)
@ConnectedPair
@ExpectBadEvents
class TeardownTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final SendRequest request = new SendRequest();

    @Test
    @Requirement({"MPA-7.2-01", "DDP-6.2.1-01", "VRB-AE-04", "MPA-3-12", "MPA-7.2-02", "DDP-3-09", "VRB-CQ-14"})
    void disconnectsInOrderOnceTheSendQueueIsEmpty(DevicePair pair) throws Exception {
        int length = 1 << 20;
        TestMemory source = TestMemory.pattern(pair.client(), length);
        TestMemory target = TestMemory.open(pair.server(), length);
        pair.client().postEmptyReceive(7);
        pair.server().postEmptyReceive(8);
        for (int i = 0; i < 20; i++) {
            pair.client()
                    .queuePair()
                    .postSend(request.write(target.region().remote()).id(i).local(source.region(), 0, length))
                    .orThrow();
        }
        assertThat(pair.client().queuePair().disconnect(DEADLINE)).isTrue();
        for (int i = 0; i < 20; i++) {
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(i);
        }
        pair.server().awaitState(QueuePairState.IDLE);
        pair.client().awaitState(QueuePairState.IDLE);
        assertThat(target.octets()).isEqualTo(source.octets());
        requireFlushed(pair.client().awaitReceive(), 7, FailedCheck.LOCAL_CLOSE);
        requireFlushed(pair.server().awaitReceive(), 8, FailedCheck.REMOTE_CLOSE);
        assertThat(pair.server().awaitEvents(1))
                .extracting(AsyncEvent::kind)
                .containsExactly(AsyncEvent.Kind.CLOSE_COMPLETE);
        assertThat(pair.client().connection().closed().get()).isNull();
        assertThat(pair.server().connection().closed().get()).isNull();
    }

    @Test
    @Requirement({"MPA-8-01", "VRB-AE-04"})
    void abortsWithAReset(DevicePair pair) throws Exception {
        pair.client().postEmptyReceive(7);
        pair.server().postEmptyReceive(8);
        pair.client().queuePair().abort();
        pair.client().awaitState(QueuePairState.ERROR);
        pair.server().awaitState(QueuePairState.ERROR);
        requireFlushed(pair.client().awaitReceive(), 7, FailedCheck.LOCAL_CLOSE);
        requireFlushed(pair.server().awaitReceive(), 8, FailedCheck.CONNECTION_RESET);
        assertThat(pair.server().awaitEvents(1))
                .extracting(AsyncEvent::kind)
                .containsExactly(AsyncEvent.Kind.CONNECTION_RESET);
        assertThat(pair.client().events()).isEmpty();
        assertThat(pair.client().connection().closed().get().check()).isEqualTo(FailedCheck.LOCAL_CLOSE);
        assertThat(pair.server().connection().closed().get().check()).isEqualTo(FailedCheck.CONNECTION_RESET);
    }

    @Test
    @Requirement("VRB-AE-04")
    void terminatesOnDemand(DevicePair pair) {
        pair.server().postEmptyReceive(8);
        pair.client().queuePair().modify(QueuePairState.TERMINATE);
        pair.client().awaitState(QueuePairState.ERROR);
        pair.server().awaitState(QueuePairState.ERROR);
        var received = pair.server().awaitEvents(1);
        assertThat(received).hasSize(1);
        assertThat(received.get(0).kind()).isEqualTo(AsyncEvent.Kind.TERMINATE_RECEIVED);
        assertThat(received.get(0).cause().terminate().triple()).isEqualTo("0/0/00");
        assertThat(pair.client().events()).isEmpty();
        assertThat(pair.client().queuePair().query().terminate().sent()).isTrue();
        assertThat(pair.server().queuePair().query().terminate().sent()).isFalse();
        requireFlushed(pair.server().awaitReceive(), 8, FailedCheck.REMOTE_TERMINATE);
    }

    @Test
    @Requirement("SYS-MEM-09")
    @ExpectBadEvents
    void namesTheRefusedMemoryAtBothEnds(DevicePair pair) {
        MemoryRegion source = pair.client().register(64);
        MemoryRegion guarded = pair.server().register(64);
        pair.client()
                .queuePair()
                .postSend(new SendRequest()
                        .write(guarded.stag(), guarded.startAddress() + 8)
                        .local(source, 0, 16))
                .orThrow();
        for (FailureCause cause : List.of(
                pair.server().awaitEvents(1).get(0).cause(),
                pair.client().awaitEvents(1).get(0).cause())) {
            assertThat(cause.stag()).isEqualTo(guarded.stag());
            assertThat(cause.address()).isEqualTo(guarded.startAddress() + 8);
            assertThat(cause.lengthOctets()).isEqualTo(16);
        }
    }

    @Test
    @Requirement({"RDMAP-5.4-08", "VRB-WC-03", "VRB-PR-01", "SYS-SRQ-09", "VRB-WC-01"})
    void flushesSendsThenReceivesInOrderWithTheirCause(DevicePair pair) {
        int length = 8 << 20;
        TestMemory sink = TestMemory.open(pair.client(), length);
        MemoryRegion locked = pair.server().register(length);
        for (int i = 0; i < 10; i++) {
            pair.client().postEmptyReceive(100 + i);
        }
        SendBatch batch = new SendBatch();
        batch.add().write(locked.stag(), 0).id(40).signaled(false);
        batch.add().send().id(50).local(sink.region().stag() ^ 1, 0, 4).signaled(false);
        for (int i = 1; i < 10; i++) {
            batch.add().read(locked.remote()).id(50 + i).signaled(false).local(sink.region(), 0, length);
        }
        assertThat(pair.client().queuePair().postSend(batch)).isEqualTo(11);
        WorkCompletion failed = pair.client().awaitSend();
        assertThat(failed.id()).isEqualTo(50);
        assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
        assertThat(failed.queuePairNumber()).isEqualTo(pair.client().queuePair().number());
        for (int i = 1; i < 10; i++) {
            WorkCompletion next = pair.client().awaitSend();
            assertThat(next.queuePairNumber()).isEqualTo(failed.queuePairNumber());
            assertThat(next.id()).isEqualTo(50 + i);
            assertThat(next.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(next.cause().startedByRequest()).isEqualTo(50);
            assertThat(next.cause().root().check()).isEqualTo(FailedCheck.TAG_INSTANCE);
        }
        for (int i = 0; i < 10; i++) {
            requireFlushed(pair.client().awaitReceive(), 100 + i, FailedCheck.TAG_INSTANCE);
        }
    }

    @Test
    @Requirement("VRB-QP-06")
    void breaksTheConnectionWhenItsQueuePairIsDestroyed(DevicePair pair) {
        PairLink link = pair.connectAnother();
        link.server().postEmptyReceive(1);
        link.client().queuePair().close();
        link.client().queuePair().close();
        link.server().awaitState(QueuePairState.ERROR);
        requireFlushed(link.server().awaitReceive(), 1, FailedCheck.CONNECTION_RESET);
        assertThat(link.client().queuePair().postSend(request.send())).isEqualTo(PostResult.DESTROYED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement("VRB-QP-06")
    void isDestroyedWithoutAConnectionAndWithoutAWord(boolean inError, DevicePair pair) {
        PairEnd end = pair.newClientEnd();
        end.queuePair().postSend(request.send().id(1)).orThrow();
        end.postEmptyReceive(2);
        if (inError) {
            end.queuePair().modify(QueuePairState.ERROR);
            assertThat(end.awaitSend().id()).isEqualTo(1);
        }
        end.queuePair().close();
        assertThat(end.sendCompletions().size()).isZero();
        assertThat(end.receiveCompletions().size()).isZero();
        assertThat(end.events()).isEmpty();
        assertThat(end.queuePair().postSend(request.send())).isEqualTo(PostResult.DESTROYED);
        assertThat(end.queuePair().postReceive(new ReceiveRequest())).isEqualTo(PostResult.DESTROYED);
    }

    @Test
    void endsReadsUnderWayWhenTheQueuePairOfThePeerIsDestroyed(DevicePair pair) {
        PairLink link = pair.connectAnother();
        int length = 1 << 20;
        int reads = 64;
        TestMemory source = TestMemory.pattern(pair.server(), length);
        TestMemory sink = TestMemory.open(pair.client(), length);
        SendBatch batch = new SendBatch();
        for (int i = 0; i < reads; i++) {
            batch.add().read(source.region().remote()).id(i).local(sink.region(), 0, length);
        }
        assertThat(link.client().queuePair().postSend(batch)).isEqualTo(reads);
        assertThat(link.client().awaitSendSuccess().id()).isZero();
        link.server().queuePair().close();
        link.client().awaitState(QueuePairState.ERROR);
        int next = 1;
        WorkCompletion completion = link.client().awaitSend();
        while (completion.success()) {
            assertThat(completion.id()).isEqualTo(next++);
            completion = link.client().awaitSend();
        }
        requireFlushed(completion, next++, FailedCheck.CONNECTION_RESET);
        while (next < reads) {
            requireFlushed(link.client().awaitSend(), next++, FailedCheck.CONNECTION_RESET);
        }
        assertThat(link.client().sendCompletions().size()).isZero();
        assertThat(source.region().query().valid()).isTrue();
    }

    @Test
    @Requirement("DDP-4.3-08")
    void connectsAgainAfterErrorAndIdle(DevicePair pair) {
        for (int round = 0; round < 3; round++) {
            TestMemory source = TestMemory.pattern(pair.client(), 50_000);
            TestMemory inbox = TestMemory.open(pair.server(), 50_000);
            pair.server().postReceive(round, inbox.region());
            pair.client()
                    .queuePair()
                    .postSend(request.send().local(source.region(), 0, 50_000))
                    .orThrow();
            pair.client().awaitSendSuccess();
            pair.server().awaitReceiveSuccess();
            assertThat(inbox.octets()).isEqualTo(source.octets());
            pair.client().queuePair().abort();
            pair.client().awaitState(QueuePairState.ERROR);
            pair.server().awaitState(QueuePairState.ERROR);
            pair.client().queuePair().modify(QueuePairState.IDLE);
            pair.server().queuePair().modify(QueuePairState.IDLE);
            assertThat(pair.client().queuePair().query().cause()).isNull();
            pair.connect(new PairLink(pair.client(), pair.server()));
        }
    }

    @Test
    void connectsAgainAfterAGracefulDisconnect(DevicePair pair) throws Exception {
        assertThat(pair.server().queuePair().disconnect(DEADLINE)).isTrue();
        pair.client().awaitState(QueuePairState.IDLE);
        pair.connect(new PairLink(pair.client(), pair.server()));
        pair.server().postEmptyReceive(1);
        pair.client().queuePair().postSend(request.send()).orThrow();
        pair.server().awaitReceiveSuccess();
    }

    @ParameterizedTest
    @EnumSource(QueuePairState.class)
    @Requirement({"VRB-QP-03", "VRB-QP-04", "VRB-QP-01"})
    void movesFromIdleOnlyWhereTheTableAllows(QueuePairState next, DevicePair pair) {
        QueuePair queuePair = pair.newClientEnd().queuePair();
        if (next == QueuePairState.IDLE || next == QueuePairState.ERROR) {
            queuePair.modify(next);
            assertThat(queuePair.state()).isEqualTo(next);
        } else {
            assertThatThrownBy(() -> queuePair.modify(next))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("IDLE");
            assertThat(queuePair.state()).isEqualTo(QueuePairState.IDLE);
        }
    }

    @ParameterizedTest
    @EnumSource(QueuePairState.class)
    @Requirement("VRB-QP-03")
    void movesFromRtsOnlyWhereTheTableAllows(QueuePairState next, DevicePair pair) {
        QueuePair queuePair = pair.client().queuePair();
        switch (next) {
            case IDLE -> {
                assertThatThrownBy(() -> queuePair.modify(next)).isInstanceOf(IllegalStateException.class);
                assertThat(queuePair.state()).isEqualTo(QueuePairState.RTS);
            }
            case RTS -> {
                queuePair.modify(next);
                assertThat(queuePair.state()).isEqualTo(QueuePairState.RTS);
            }
            case CLOSING -> {
                queuePair.modify(next);
                pair.client().awaitState(QueuePairState.IDLE);
                pair.server().awaitState(QueuePairState.IDLE);
            }
            case TERMINATE, ERROR -> {
                queuePair.modify(next);
                pair.client().awaitState(QueuePairState.ERROR);
                pair.server().awaitState(QueuePairState.ERROR);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = QueuePairState.class, names = "IDLE", mode = EnumSource.Mode.EXCLUDE)
    @Requirement("VRB-QP-03")
    void leavesErrorForIdleOnly(QueuePairState next, DevicePair pair) {
        QueuePair queuePair = pair.client().queuePair();
        queuePair.abort();
        pair.client().awaitState(QueuePairState.ERROR);
        if (next != QueuePairState.ERROR) {
            assertThatThrownBy(() -> queuePair.modify(next)).isInstanceOf(IllegalStateException.class);
        }
        queuePair.abort();
        assertThat(queuePair.postSend(request.send())).isEqualTo(PostResult.WRONG_STATE);
        assertThat(queuePair.postReceive(new ReceiveRequest().receive(1))).isEqualTo(PostResult.WRONG_STATE);
        queuePair.modify(QueuePairState.IDLE);
        assertThat(queuePair.state()).isEqualTo(QueuePairState.IDLE);
    }

    @Test
    void flushesWhatWasPostedInIdleOnTheWayToError(DevicePair pair) {
        PairEnd idle = pair.newClientEnd();
        idle.queuePair().postSend(request.send().id(1).signaled(false)).orThrow();
        idle.postEmptyReceive(2);
        assertThat(idle.sendCompletions().size()).isZero();
        idle.queuePair().modify(QueuePairState.ERROR);
        requireFlushed(idle.awaitSend(), 1, FailedCheck.LOCAL_CLOSE);
        requireFlushed(idle.awaitReceive(), 2, FailedCheck.LOCAL_CLOSE);
    }

    @Test
    @Requirement("VRB-PR-04")
    void worksOffWhatWasPostedInIdleOnceConnected(DevicePair pair) {
        PairLink link = new PairLink(pair.newClientEnd(), pair.newServerEnd());
        link.server().postEmptyReceive(1);
        link.client().queuePair().postSend(request.send().id(2)).orThrow();
        pair.connect(link);
        assertThat(link.server().awaitReceiveSuccess().id()).isEqualTo(1);
        assertThat(link.client().awaitSendSuccess().id()).isEqualTo(2);
    }

    @Test
    void abortsWhenAGracefulDisconnectTakesTooLong(DevicePair pair) throws Exception {
        // So many octets to read that the send queue cannot be empty in time.
        int length = 64 << 20;
        TestMemory source = TestMemory.open(pair.server(), length);
        TestMemory sink = TestMemory.open(pair.client(), length);
        for (int i = 0; i < 64; i++) {
            pair.client()
                    .queuePair()
                    .postSend(request.read(source.region().remote()).local(sink.region(), 0, length))
                    .orThrow();
        }
        assertThat(pair.client().queuePair().disconnect(Duration.ofMillis(50))).isFalse();
        assertThat(pair.client().queuePair().state()).isEqualTo(QueuePairState.ERROR);
        pair.server().awaitState(QueuePairState.ERROR);
    }

    private static void requireFlushed(WorkCompletion completion, long id, FailedCheck root) {
        assertThat(completion.id()).isEqualTo(id);
        assertThat(completion.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        assertThat(completion.cause().root().check()).isEqualTo(root);
    }
}
