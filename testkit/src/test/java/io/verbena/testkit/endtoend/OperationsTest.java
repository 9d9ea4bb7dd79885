package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveBatch;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each operation once, with each of its modifiers. */
@Tag("tcp")
@Timeout(30)
@ConnectedPair
class OperationsTest {
    private final SendRequest request = new SendRequest();

    @Test
    @Requirement({
        "RDMAP-5.3-03",
        "RDMAP-5.3-06",
        "VRB-PR-02",
        "DDP-5.4-02",
        "RDMAP-3.2-01",
        "DDP-4.3-03",
        "DDP-5.4-03",
        "RDMAP-5.3-02"
    })
    void sendsInAllFourKinds(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.client(), 100);
        TestMemory[] inboxes = new TestMemory[4];
        for (int i = 0; i < 4; i++) {
            inboxes[i] = TestMemory.open(pair.server(), 200);
            pair.server().postReceive(i, inboxes[i].region());
        }
        MemoryRegion first = pair.server().register(8, AccessFlag.REMOTE_WRITE);
        MemoryRegion second = pair.server().register(8, AccessFlag.REMOTE_READ);
        QueuePair client = pair.client().queuePair();
        client.postSend(request.send().id(10).local(source.region(), 0, 97)).orThrow();
        client.postSend(request.sendSolicited().id(11).local(source.region(), 1, 98))
                .orThrow();
        client.postSend(request.sendInvalidate(first.stag()).id(12).local(source.region(), 2, 1))
                .orThrow();
        client.postSend(request.sendSolicitedInvalidate(second.stag()).id(13)).orThrow();
        int[] lengths = {97, 98, 1, 0};
        int[] stags = {0, 0, first.stag(), second.stag()};
        for (int i = 0; i < 4; i++) {
            WorkCompletion sent = pair.client().awaitSendSuccess();
            assertThat(sent.id()).isEqualTo(10 + i);
            assertThat(sent.operation()).isEqualTo(CompletedOperation.SEND);
            assertThat(sent.queuePairNumber()).isEqualTo(client.number());
            WorkCompletion received = pair.server().awaitReceiveSuccess();
            assertThat(received.id()).isEqualTo(i);
            assertThat(received.operation()).isEqualTo(CompletedOperation.RECEIVE);
            assertThat(received.queuePairNumber())
                    .isEqualTo(pair.server().queuePair().number());
            assertThat(received.lengthOctets()).isEqualTo(lengths[i]);
            assertThat(received.solicited()).isEqualTo(i % 2 == 1);
            assertThat(received.invalidated()).isEqualTo(i >= 2);
            if (i >= 2) {
                assertThat(received.invalidatedStag()).isEqualTo(stags[i]);
            }
            assertThat(inboxes[i].octets(0, lengths[i])).isEqualTo(source.octets(i, lengths[i]));
            assertThat(inboxes[i].octets(lengths[i], 200 - lengths[i])).containsOnly(0);
        }
        assertThat(first.query().valid()).isFalse();
        assertThat(second.query().valid()).isFalse();
    }

    @Test
    @Requirement({"RDMAP-5.1-02", "RDMAP-5.1-05", "RDMAP-5.1-07", "VRB-PR-05"})
    void writesAndSaysSoWithASend(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.client(), 5000);
        TestMemory target = TestMemory.open(pair.server(), 6000);
        pair.server().postEmptyReceive(1);
        QueuePair client = pair.client().queuePair();
        client.postSend(request.write(target.region().remote(500, 5000)).id(1).local(source.region(), 0, 5000))
                .orThrow();
        client.postSend(request.send().id(2)).orThrow();
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.WRITE);
        pair.client().awaitSendSuccess();
        pair.server().awaitReceiveSuccess();
        assertThat(target.octets(500, 5000)).isEqualTo(source.octets());
        assertThat(target.octets(0, 500)).containsOnly(0);
        assertThat(target.octets(5500, 500)).containsOnly(0);
        assertThat(pair.server().receiveCompletions().size()).isZero();
    }

    @Test
    @Requirement({"RDMAP-5.2-01", "RDMAP-5.2.1-04", "RDMAP-5.2.1-10", "RDMAP-5.2.1-11", "VRB-PS-08", "RDMAP-3.2-05"})
    void readsAndReportsTheLength(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.server(), 70_000);
        TestMemory sink = TestMemory.open(pair.client(), 70_000);
        QueuePair client = pair.client().queuePair();
        client.postSend(request.read(source.region().remote(1, 66_001)).id(1).local(sink.region(), 3, 66_001))
                .orThrow();
        client.postSend(request.read(source.region().remote()).id(2).local(sink.region(), 0, 0))
                .orThrow();
        WorkCompletion read = pair.client().awaitSendSuccess();
        assertThat(read.operation()).isEqualTo(CompletedOperation.READ);
        assertThat(read.lengthOctets()).isEqualTo(66_001);
        assertThat(sink.octets(3, 66_001)).isEqualTo(source.octets(1, 66_001));
        assertThat(sink.octets(66_004, 3_996)).containsOnly(0);
        assertThat(pair.client().awaitSendSuccess().lengthOctets()).isZero();
        pair.await("no inbound Read", () -> pair.server().queuePair().query().inboundReads() == 0);
        assertThat(pair.server().sendCompletions().size()).isZero();
        assertThat(pair.server().receiveCompletions().size()).isZero();
        assertThat(pair.server().events()).isEmpty();
    }

    @Test
    @ExpectBadEvents
    void readsAndInvalidatesTheSink(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.server(), 64);
        TestMemory sink = TestMemory.open(pair.client(), 64);
        pair.client()
                .queuePair()
                .postSend(request.readLocalInvalidate(
                                source.region().stag(), source.region().startAddress())
                        .local(sink.region(), 0, 64))
                .orThrow();
        pair.client().awaitSendSuccess();
        assertThat(sink.octets()).isEqualTo(source.octets());
        assertThat(sink.region().query().valid()).isFalse();
        pair.client()
                .queuePair()
                .postSend(request.send().local(sink.region(), 0, 1))
                .orThrow();
        WorkCompletion refused = pair.client().awaitSend();
        assertThat(refused.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
        assertThat(refused.cause().check()).isEqualTo(FailedCheck.ENTRY_VALID);
    }

    @Test
    @Requirement("VRB-PS-09")
    void sendsAndWritesInline(DevicePair pair) {
        TestMemory target = TestMemory.open(pair.server(), 256);
        TestMemory inbox = TestMemory.open(pair.server(), 256);
        pair.server().postReceive(1, inbox.region());
        byte[] data = HexVectors.pattern(200);
        ByteBuffer scratch = ByteBuffer.wrap(data.clone());
        QueuePair client = pair.client().queuePair();
        client.postSend(request.write(target.region().remote()).inline(scratch)).orThrow();
        assertThat(scratch.remaining()).isEqualTo(200);
        client.postSend(request.send().inline(scratch.slice(0, 100))).orThrow();
        Arrays.fill(scratch.array(), (byte) 0);
        pair.client().awaitSendSuccess();
        pair.client().awaitSendSuccess();
        assertThat(pair.server().awaitReceiveSuccess().lengthOctets()).isEqualTo(100);
        assertThat(inbox.octets(0, 100)).isEqualTo(Arrays.copyOf(data, 100));
        assertThat(target.octets(0, 200)).isEqualTo(data);
    }

    @Test
    @Requirement({"VRB-WC-05", "VRB-PS-07", "SYS-WQ-03"})
    void givesNoCompletionForUnsignaledSuccessAndReusesItsSlot(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.client(), 64);
        TestMemory target = TestMemory.open(pair.server(), 64);
        int depth = pair.client().queuePair().options().sendDepth();
        for (int i = 0; i < 5 * depth; i++) {
            SendRequest write =
                    request.write(target.region().remote()).signaled(false).local(source.region(), 0, 64);
            pair.await(
                    "a free slot",
                    () -> pair.client().queuePair().postSend(write).posted());
        }
        SendRequest last = request.read(target.region().remote()).id(99).local(source.region(), 0, 64);
        pair.await("a free slot", () -> pair.client().queuePair().postSend(last).posted());
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(99);
        assertThat(pair.client().sendCompletions().size()).isZero();
        assertThat(target.octets()).isEqualTo(source.octets());
    }

    @Test
    @Requirement({"VRB-WC-05", "VRB-PS-07"})
    void givesNoCompletionForUnsignaledSuccessOfAnyKind(DevicePair pair) {
        MemoryRegion here = pair.client().register(8);
        MemoryRegion there =
                pair.server().register(8, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_ATOMIC);
        List<SendRequest> requests = List.of(
                new SendRequest().send(),
                new SendRequest().sendSolicited(),
                new SendRequest()
                        .sendInvalidate(pair.server()
                                .register(8, AccessFlag.REMOTE_READ)
                                .stag()),
                new SendRequest()
                        .sendSolicitedInvalidate(pair.server()
                                .register(8, AccessFlag.REMOTE_READ)
                                .stag()),
                new SendRequest().write(there.remote()).local(here, 0, 8),
                new SendRequest().write(there.remote()).inline(ByteBuffer.allocate(8)),
                new SendRequest().read(there.remote()).local(here, 0, 8),
                new SendRequest()
                        .fetchAdd(there.stag(), there.startAddress(), 1)
                        .local(here, 0, 8),
                new SendRequest()
                        .compareSwap(there.stag(), there.startAddress(), 1, 2)
                        .local(here, 0, 8),
                new SendRequest().immediate(1),
                new SendRequest().immediateSolicited(2));
        for (SendRequest unsignaled : requests) {
            pair.server().postEmptyReceive(1);
            pair.client().post(unsignaled.id(1).signaled(false));
        }
        pair.client().post(request.read(there.remote()).id(99).local(here, 0, 8));
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(99);
        assertThat(pair.client().sendCompletions().size()).isZero();
        assertThat(pair.client().queuePair().query().sendBusy()).isZero();
        assertThat(pair.server().receiveCompletions().size()).isEqualTo(6);
    }

    @Test
    @Requirement("VRB-QP-11")
    void signalsEverythingIfTheQueuePairIsMadeSo() {
        try (DevicePair pair =
                DevicePair.open(PairOptions.defaults().withQueuePairs(options -> options.withSignalAll(true)))) {
            pair.client().post(request.write(1, 0).id(7).signaled(false));
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(7);
        }
    }

    @Test
    @Requirement({"VRB-PS-05", "VRB-PS-04"})
    void gathersAndScatters(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.client(), 10_000);
        TestMemory target = TestMemory.open(pair.server(), 10_000);
        ReceiveRequest receive = new ReceiveRequest()
                .receive(1)
                .local(target.region(), 9_000, 3)
                .local(target.region(), 0, 0)
                .local(target.region(), 5_000, 3_001)
                .local(target.region(), 0, 4_000);
        pair.server().queuePair().postReceive(receive).orThrow();
        pair.client()
                .queuePair()
                .postSend(request.send()
                        .local(source.region(), 9_999, 1)
                        .local(0xDEAD, -1, 0)
                        .local(source.region(), 0, 5_000)
                        .local(source.region(), 100, 1_999))
                .orThrow();
        assertThat(pair.server().awaitReceiveSuccess().lengthOctets()).isEqualTo(7_000);
        ByteBuffer sent = ByteBuffer.allocate(7_000)
                .put(source.octets(9_999, 1))
                .put(source.octets(0, 5_000))
                .put(source.octets(100, 1_999));
        ByteBuffer received = ByteBuffer.allocate(7_004)
                .put(target.octets(9_000, 3))
                .put(target.octets(5_000, 3_001))
                .put(target.octets(0, 4_000));
        assertThat(Arrays.copyOf(received.array(), 7_000)).isEqualTo(sent.array());
        assertThat(target.octets(3_996, 1_004)).containsOnly(0);
    }

    @Test
    void postsABatchWithOneDoorbell(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.client(), 100);
        TestMemory target = TestMemory.open(pair.server(), 100);
        SendBatch batch = new SendBatch();
        for (int i = 0; i < 100; i++) {
            batch.add().write(target.region().remote(i, 1)).id(i).local(source.region(), i, 1);
        }
        assertThat(pair.client().queuePair().postSend(batch)).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(i);
        }
        pair.client()
                .queuePair()
                .postSend(request.read(target.region().remote()).local(source.region(), 0, 100))
                .orThrow();
        pair.client().awaitSendSuccess();
        assertThat(target.octets()).isEqualTo(HexVectors.pattern(100));
    }

    @Test
    @Requirement("VRB-PS-01")
    void postsOfABatchOnlyWhatHasRoom(DevicePair pair) {
        int depth = pair.client().queuePair().options().sendDepth();
        PairEnd idle = pair.newClientEnd();
        SendBatch batch = new SendBatch();
        for (int i = 0; i < depth + 5; i++) {
            batch.add().send().id(i);
        }
        assertThat(idle.queuePair().postSend(batch)).isEqualTo(depth);
        assertThat(idle.queuePair().query().sendBusy()).isEqualTo(depth);
        assertThat(idle.queuePair().state()).isEqualTo(QueuePairState.IDLE);
    }

    @Test
    @Requirement("VRB-PS-01")
    void postsOfABatchWhatIsBeforeARequestThatCanNeverWorkAndSaysWhichItIs(DevicePair pair) {
        QueuePair client = pair.client().queuePair();
        SendBatch batch = new SendBatch();
        batch.add().write(1, 0).id(1);
        batch.add().write(1, 0).id(2);
        batch.add().read(1, 0).id(3);
        batch.add().write(1, 0).id(4);
        assertThatThrownBy(() -> client.postSend(batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("request 2 of the batch cannot be posted, those before it were:"
                        + " a Read needs exactly one piece of local memory, the request has 0");
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(1);
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(2);
        assertThat(client.query().sendBusy()).isZero();
        assertThat(pair.client().sendCompletions().size()).isZero();
        ReceiveBatch receives = new ReceiveBatch();
        receives.add().receive(5);
        ReceiveRequest tooMany = receives.add();
        for (int i = 0; i <= client.options().maxReceiveElements(); i++) {
            tooMany.local(1, i, 1);
        }
        assertThatThrownBy(() -> client.postReceive(receives))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "request 1 of the batch cannot be posted, those before it were: the receive has");
        assertThat(client.query().receiveBusy()).isOne();
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-MEM-08", "VRB-PS-11"})
    void namesTheLocalCheckThatFailed(DevicePair pair) {
        MemoryRegion readOnly =
                pair.client().register(List.of(ByteBuffer.allocateDirect(64)), RegionOptions.defaults());
        TestMemory source = TestMemory.pattern(pair.server(), 64);
        // One batch: behind a request that has failed nothing could be posted any more.
        SendBatch batch = new SendBatch();
        batch.add().read(source.region().remote()).id(4).local(readOnly, 0, 64);
        batch.add().send().id(5);
        assertThat(pair.client().queuePair().postSend(batch)).isEqualTo(2);
        WorkCompletion failed = pair.client().awaitSend();
        assertThat(failed.id()).isEqualTo(4);
        assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_ACCESS);
        assertThat(failed.cause().check()).isEqualTo(FailedCheck.ACCESS_RIGHT);
        assertThat(failed.cause().right()).isEqualTo(AccessFlag.LOCAL_WRITE);
        assertThat(failed.cause().stag()).isEqualTo(readOnly.stag());
        WorkCompletion flushed = pair.client().awaitSend();
        assertThat(flushed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        assertThat(flushed.cause().startedByRequest()).isEqualTo(4);
        pair.client().awaitState(QueuePairState.ERROR);
        pair.server().awaitState(QueuePairState.ERROR);
        assertThat(pair.server().awaitEvents(1).get(0).cause().terminate().triple())
                .isEqualTo("0/0/00");
        assertThat(pair.client().events()).isEmpty();
    }

    @Test
    @ExpectBadEvents
    void namesTheRemoteCheckThatFailedAtBothEnds(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.client(), 64);
        MemoryRegion locked = pair.server().register(64);
        QueuePair client = pair.client().queuePair();
        client.postSend(request.write(locked.remote()).id(1).local(source.region(), 0, 64))
                .orThrow();
        assertThat(pair.client().awaitEvents(1).get(0).cause().terminate().triple())
                .isEqualTo("1/1/02");
        assertThat(pair.client().events().get(0).cause().terminate().sent()).isFalse();
        var atTarget = pair.server().awaitEvents(1).get(0).cause();
        assertThat(atTarget.check()).isEqualTo(FailedCheck.ACCESS_RIGHT);
        assertThat(atTarget.right()).isEqualTo(AccessFlag.REMOTE_WRITE);
        assertThat(atTarget.stag()).isEqualTo(locked.stag());
        assertThat(atTarget.terminate().triple()).isEqualTo("1/1/02");
        pair.client().awaitState(QueuePairState.ERROR);
        pair.server().awaitState(QueuePairState.ERROR);
    }

    @Test
    @ExpectBadEvents
    @Requirement("VRB-WC-03")
    void failsTheReadThatThePeerRefused(DevicePair pair) {
        MemoryRegion sink = pair.client().register(64);
        MemoryRegion locked = pair.server().register(64);
        SendBatch batch = new SendBatch();
        batch.add().read(locked.remote()).id(1).local(sink, 0, 64);
        batch.add().send().id(2);
        assertThat(pair.client().queuePair().postSend(batch)).isEqualTo(2);
        WorkCompletion failed = pair.client().awaitSend();
        assertThat(failed.id()).isEqualTo(1);
        assertThat(failed.status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
        assertThat(failed.cause().terminate().triple()).isEqualTo("0/1/02");
        assertThat(pair.client().awaitSend().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
    }
}
