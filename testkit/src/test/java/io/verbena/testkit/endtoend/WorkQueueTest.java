package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveBatch;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SlotIndicator;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.WorkQueueSlot;
import io.verbena.verbs.WorkQueueSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Slots, indicators and registers of the work queues as the user sees them (SYS-WQ-01 to -06).
 *
 * <p>Both devices are driven by the test alone, so each step stands still while it is looked at: a server that is not driven
 * leaves a Read unanswered for as long as the test wants.
 */
@Tag("tcp")
@Timeout(30)
class WorkQueueTest {
    private static final int DEPTH = 4;
    private static final SlotIndicator FREE = SlotIndicator.FREE;
    private static final SlotIndicator WAITING = SlotIndicator.WAITING;
    private static final SlotIndicator IN_SERVICE = SlotIndicator.IN_SERVICE;

    private final DevicePair pair = DevicePair.open(PairOptions.defaults()
            .withCallerDrivenProgress()
            .withQueuePairs(options -> options.withDepths(DEPTH, DEPTH)));
    private final QueuePair client = pair.client().queuePair();
    private final QueuePair server = pair.server().queuePair();
    private final TestMemory local = TestMemory.pattern(pair.client(), 64);
    private final TestMemory remote = TestMemory.open(pair.server(), 64);
    private final SendRequest request = new SendRequest();

    @AfterEach
    void close() {
        pair.close();
    }

    private PostResult postRead(long id) {
        return client.postSend(request.read(remote.region().remote(0, 8)).id(id).local(local.region(), 0, 8));
    }

    private PostResult postWrite(long id) {
        return client.postSend(
                request.write(remote.region().remote(8, 8)).id(id).local(local.region(), 8, 8));
    }

    /** Drives the client alone until {@code condition} holds. */
    private void driveClient(String what, BooleanSupplier condition) {
        SystemDeadline.awaitUsual(what, () -> {
            pair.clientDevice().progress(Duration.ZERO);
            return condition.getAsBoolean();
        });
    }

    private static WorkQueueSlot slot(int number, SlotIndicator indicator, long id, SendOperation operation) {
        return new WorkQueueSlot(number, indicator, id, operation);
    }

    private static WorkQueueSlot free(int number) {
        return slot(number, FREE, 0, null);
    }

    private static void assertRegisters(WorkQueueSnapshot queue, int requestInService, boolean inService, int waiting) {
        assertThat(queue.steady()).isTrue();
        assertThat(queue.requestInService()).as("%s", queue).isEqualTo(requestInService);
        assertThat(queue.inService()).as("%s", queue).isEqualTo(inService);
        assertThat(queue.waiting()).as("%s", queue).isEqualTo(waiting);
    }

    @Test
    @Requirement({"SYS-WQ-01", "SYS-WQ-05", "VRB-QP-02"})
    void givesEachQueuePairArraysOfItsOwnWhenItIsCreated() {
        PairEnd end = pair.newClientEnd();
        QueuePairOptions options = QueuePairOptions.with(end.sendCompletions(), end.receiveCompletions());
        try (QueuePair three = end.domain().createQueuePair(options.withDepths(3, 5));
                QueuePair one = end.domain().createQueuePair(options.withDepths(1, 1))) {
            assertThat(three.querySendQueue().slots()).containsExactly(free(0), free(1), free(2));
            assertThat(three.queryReceiveQueue().depth()).isEqualTo(5);
            assertThat(three.query().sendQueueNumber())
                    .isEqualTo(end.sendCompletions().number());
            assertThat(three.query().receiveQueueNumber())
                    .isEqualTo(end.receiveCompletions().number());
            assertThat(one.querySendQueue().slots()).containsExactly(free(0));
            assertRegisters(one.querySendQueue(), -1, false, 0);

            WorkQueueSnapshot untouched = three.querySendQueue();
            one.postSend(request.send().id(7)).orThrow();
            assertThat(one.querySendQueue().slots()).containsExactly(slot(0, WAITING, 7, SendOperation.SEND));
            assertThat(one.postSend(request.send())).isEqualTo(PostResult.QUEUE_FULL);
            assertThat(three.querySendQueue()).isEqualTo(untouched);
            three.postSend(request.sendSolicited().id(8)).orThrow();
            assertThat(three.querySendQueue().slots())
                    .containsExactly(slot(0, WAITING, 8, SendOperation.SEND_SOLICITED), free(1), free(2));
            assertThat(untouched.slots()).as("a snapshot does not change").containsExactly(free(0), free(1), free(2));
            assertThat(one.querySendQueue().queuePairNumber()).isEqualTo(one.number());
        }
    }

    @Test
    @Requirement({"SYS-WQ-02", "SYS-WQ-03", "SYS-WQ-04", "SYS-WQ-05", "VRB-PS-02", "VRB-PS-03"})
    void showsRegistersAndSlotsBeforeWhileAndAfterService() {
        assertRegisters(client.querySendQueue(), -1, false, 0);
        // Nobody drives the engine: it is idle, and what is posted waits.
        postRead(101).orThrow();
        assertRegisters(client.querySendQueue(), 0, true, 1);
        postWrite(102).orThrow();
        postWrite(103).orThrow();
        assertRegisters(client.querySendQueue(), 0, true, 3);
        assertThat(client.querySendQueue().slots())
                .containsExactly(
                        slot(0, WAITING, 101, SendOperation.READ),
                        slot(1, WAITING, 102, SendOperation.WRITE),
                        slot(2, WAITING, 103, SendOperation.WRITE),
                        free(3));

        // Served: the Writes are done and their slots free, though the older Read is not and nothing was polled.
        driveClient("the Writes are done", () -> client.querySendQueue().busy() == 1);
        assertRegisters(client.querySendQueue(), 2, false, 0);
        assertThat(client.querySendQueue().slots())
                .containsExactly(slot(0, IN_SERVICE, 101, SendOperation.READ), free(1), free(2), free(3));
        assertThat(pair.client().sendCompletions().size())
                .as("completions keep the order of posting")
                .isZero();

        // The engine is idle but for the Read, which needs the peer: posting writes the register again.
        postWrite(104).orThrow();
        assertRegisters(client.querySendQueue(), 3, true, 1);
        postWrite(105).orThrow();
        assertRegisters(client.querySendQueue(), 3, true, 2);
        assertThat(client.querySendQueue().slots())
                .as("a free slot is used again, whatever the older one does")
                .containsExactly(
                        slot(0, IN_SERVICE, 101, SendOperation.READ),
                        slot(1, WAITING, 105, SendOperation.WRITE),
                        free(2),
                        slot(3, WAITING, 104, SendOperation.WRITE));

        for (long id = 101; id <= 105; id++) {
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(id);
        }
        WorkQueueSnapshot after = client.querySendQueue();
        assertRegisters(after, 1, false, 0);
        assertThat(after.slots()).containsExactly(free(0), free(1), free(2), free(3));
        assertThat(after)
                .hasToString("send queue of queue pair " + client.number()
                        + ": request in service slot 1, in-service bit 0, waiting 0\n"
                        + "   slot 0          FREE\n"
                        + "-> slot 1          FREE\n"
                        + "   slots 2 to 3    FREE");
    }

    @Test
    @Requirement({"SYS-WQ-03", "VRB-PS-03"})
    void freesSlotsOfUnsignaledRequestsThoughNothingIsPolled() {
        for (int round = 0; round < 10 * DEPTH; round++) {
            client.postSend(request.write(remote.region().remote(0, 8))
                            .signaled(false)
                            .local(local.region(), 0, 8))
                    .orThrow();
            if (client.querySendQueue().count(FREE) == 0) {
                assertThat(postWrite(99)).isEqualTo(PostResult.QUEUE_FULL);
                driveClient("all slots are free", () -> client.querySendQueue().count(FREE) == DEPTH);
            }
        }
        driveClient("the rest is done", () -> client.querySendQueue().count(FREE) == DEPTH);
        assertThat(pair.client().sendCompletions().size()).isZero();
    }

    @Test
    @Requirement("SYS-WQ-03")
    void freesSlotsOfSignaledRequestsBeforeTheirCompletionsArePolled() {
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < DEPTH; i++) {
                postWrite(DEPTH * round + i).orThrow();
            }
            driveClient("all slots are free", () -> client.querySendQueue().count(FREE) == DEPTH);
        }
        assertThat(pair.client().sendCompletions().size()).isEqualTo(10 * DEPTH);
        for (long id = 0; id < 10 * DEPTH; id++) {
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(id);
        }
    }

    @Test
    @Requirement({"SYS-WQ-06", "VRB-RN-06", "VRB-PS-03"})
    void refusesAPostToAFullSendQueueWithoutATrace() {
        for (long id = 1; id <= DEPTH; id++) {
            postRead(id).orThrow();
        }
        // First all wait, then all are in service: both are full.
        for (SlotIndicator full : new SlotIndicator[] {WAITING, IN_SERVICE}) {
            driveClient(
                    "all are " + full,
                    () -> full == WAITING || client.querySendQueue().count(IN_SERVICE) == DEPTH);
            WorkQueueSnapshot before = client.querySendQueue();
            assertThat(postWrite(98)).isEqualTo(PostResult.QUEUE_FULL);
            SendBatch batch = new SendBatch();
            batch.add().send().id(96);
            batch.add().send().id(97);
            assertThat(client.postSend(batch)).isZero();
            assertThat(client.querySendQueue()).isEqualTo(before);
            assertThat(client.query().sendBusy()).isEqualTo(DEPTH);
        }
        for (long id = 1; id <= DEPTH; id++) {
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(id);
        }
        // What was refused is nowhere: the next completion is of the next post, and the memory for 98 is as it was.
        postRead(5).orThrow();
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(5);
        assertThat(remote.octets()).containsOnly(0);
    }

    @Test
    @Requirement("SYS-WQ-06")
    void postsOfABatchWhatHasRoom() {
        postRead(1).orThrow();
        postRead(2).orThrow();
        SendBatch batch = new SendBatch();
        for (int id = 3; id <= 5; id++) {
            batch.add().write(remote.region().remote(8, 8)).id(id).local(local.region(), 8, 8);
        }
        assertThat(client.postSend(batch)).isEqualTo(2);
        assertRegisters(client.querySendQueue(), 0, true, 4);
        assertThat(client.querySendQueue().slots())
                .extracting(WorkQueueSlot::id)
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    @Requirement({"SYS-WQ-01", "SYS-WQ-02", "SYS-WQ-03", "SYS-WQ-05", "SYS-WQ-06"})
    void showsReceivesAsTheyAreUsed() {
        // Longer than any socket holds, so it is seen half way.
        TestMemory inbox = TestMemory.open(pair.server(), 16 << 20);
        TestMemory message = TestMemory.pattern(pair.client(), 16 << 20);
        ReceiveBatch receives = new ReceiveBatch();
        for (int id = 1; id <= DEPTH + 1; id++) {
            receives.add().receive(id).local(inbox.region(), 0, 16 << 20);
        }
        assertRegisters(server.queryReceiveQueue(), -1, false, 0);
        assertThat(server.postReceive(receives)).isEqualTo(DEPTH);
        WorkQueueSnapshot before = server.queryReceiveQueue();
        assertThat(before.kind()).isEqualTo(WorkQueueSnapshot.Kind.RECEIVE);
        assertRegisters(before, -1, false, DEPTH);
        assertThat(before.slots())
                .containsExactly(
                        slot(0, WAITING, 1, null),
                        slot(1, WAITING, 2, null),
                        slot(2, WAITING, 3, null),
                        slot(3, WAITING, 4, null));
        assertThat(server.postReceive(new ReceiveRequest().receive(9))).isEqualTo(PostResult.QUEUE_FULL);
        assertThat(server.queryReceiveQueue()).isEqualTo(before);

        client.postSend(request.send().local(local.region(), 0, 64)).orThrow();
        client.postSend(request.send().local(message.region(), 0, 16 << 20)).orThrow();
        pair.await(
                "the second receive is in use", () -> server.queryReceiveQueue().requestInService() == 1);
        WorkQueueSnapshot during = server.queryReceiveQueue();
        assertRegisters(during, 1, true, 2);
        assertThat(during.slots())
                .as("the first is free before its completion is polled")
                .containsExactly(
                        free(0), slot(1, IN_SERVICE, 2, null), slot(2, WAITING, 3, null), slot(3, WAITING, 4, null));
        server.postReceive(new ReceiveRequest().receive(5)).orThrow();
        assertThat(server.queryReceiveQueue().slots().get(0)).isEqualTo(slot(0, WAITING, 5, null));

        assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(1);
        assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(2);
        assertThat(inbox.octets()).isEqualTo(message.octets());
        assertRegisters(server.queryReceiveQueue(), 1, false, 3);
        for (long id = 3; id <= 5; id++) {
            client.postSend(request.send()).orThrow();
            assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(id);
        }
        assertRegisters(server.queryReceiveQueue(), 0, false, 0);
        assertThat(server.queryReceiveQueue().count(FREE)).isEqualTo(DEPTH);
    }

    @Test
    @Requirement("SYS-WQ-05")
    void canBeReadInEveryState() {
        PairEnd idle = pair.newClientEnd();
        idle.queuePair().postSend(request.send().id(1)).orThrow();
        assertThat(idle.queuePair().state()).isEqualTo(QueuePairState.IDLE);
        assertRegisters(idle.queuePair().querySendQueue(), 0, true, 1);

        pair.client().postEmptyReceive(2);
        CompletableFuture<Boolean> disconnected = client.disconnectAsync(Duration.ofSeconds(5));
        driveClient("the client is closing", () -> client.state() == QueuePairState.CLOSING);
        assertThat(client.queryReceiveQueue().count(FREE)).isEqualTo(DEPTH);
        pair.await("the client is idle", disconnected::isDone);
        assertThat(client.state()).isEqualTo(QueuePairState.IDLE);
        assertRegisters(client.querySendQueue(), -1, false, 0);

        client.modify(QueuePairState.ERROR);
        assertThat(client.querySendQueue().count(FREE)).isEqualTo(DEPTH);
        idle.queuePair().close();
        assertThat(idle.queuePair().querySendQueue().slots())
                .as("destroyed: what it held is gone")
                .containsExactly(free(0), free(1), free(2), free(3));
    }

    @Test
    @Requirement("SYS-WQ-04")
    void saysNotThatALaterRequestInTheSameSlotIsTheOneInService() {
        postRead(1).orThrow();
        postWrite(2).orThrow();
        client.postSend(request.write(remote.region().remote(8, 8))
                        .id(3)
                        .readFence(true)
                        .local(local.region(), 8, 8))
                .orThrow();
        driveClient(
                "the Write is done",
                () -> client.querySendQueue().slots().get(1).indicator() == FREE);
        assertRegisters(client.querySendQueue(), 1, false, 1);
        // The third request waits for the Read, so the engine is not idle, and posting leaves its register alone.
        postWrite(4).orThrow();
        postWrite(5).orThrow();
        assertThat(client.querySendQueue().slots())
                .containsExactly(
                        slot(0, IN_SERVICE, 1, SendOperation.READ),
                        slot(1, WAITING, 5, SendOperation.WRITE),
                        slot(2, WAITING, 3, SendOperation.WRITE),
                        slot(3, WAITING, 4, SendOperation.WRITE));
        assertRegisters(client.querySendQueue(), 1, false, 3);
        for (long id = 1; id <= 5; id++) {
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(id);
        }
    }

    @Test
    @ExpectBadEvents
    @Requirement("SYS-WQ-02")
    void freesAllSlotsInServiceWhenTheConnectionIsLost() {
        for (long id = 1; id <= DEPTH; id++) {
            postRead(id).orThrow();
        }
        driveClient("all are in service", () -> client.querySendQueue().count(IN_SERVICE) == DEPTH);
        client.abort();
        driveClient("all are free", () -> client.querySendQueue().count(FREE) == DEPTH);
        for (long id = 1; id <= DEPTH; id++) {
            assertThat(pair.client().awaitSend().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        }
    }

    @Test
    @ExpectBadEvents
    @Requirement({"SYS-WQ-02", "SYS-WQ-04", "SYS-WQ-05"})
    void freesEverySlotWhenTheConnectionIsLost() {
        postRead(1).orThrow();
        driveClient("the Read is in service", () -> client.querySendQueue().count(IN_SERVICE) == 1);
        postWrite(2).orThrow();
        pair.client().postEmptyReceive(3);
        assertRegisters(client.querySendQueue(), 0, true, 1);
        client.abort();
        assertThat(client.state()).isEqualTo(QueuePairState.ERROR);
        assertThat(client.querySendQueue().count(FREE)).isEqualTo(DEPTH);
        assertThat(client.querySendQueue().inService()).isFalse();
        assertThat(client.querySendQueue().waiting()).isZero();
        assertThat(client.queryReceiveQueue().count(FREE)).isEqualTo(DEPTH);
        assertThat(pair.client().awaitSend().id()).isEqualTo(1);
        assertThat(pair.client().awaitSend().id()).isEqualTo(2);
        assertThat(pair.client().awaitReceive().id()).isEqualTo(3);
    }
}
