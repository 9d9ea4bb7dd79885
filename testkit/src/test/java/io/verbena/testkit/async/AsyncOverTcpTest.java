package io.verbena.testkit.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.verbena.testkit.ForbidBadEvents;
import io.verbena.testkit.RecordedEvent.Kind;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.async.LeasedRegion;
import io.verbena.verbs.async.Operation;
import io.verbena.verbs.async.OperationFailedException;
import io.verbena.verbs.async.ReceivePool;
import io.verbena.verbs.async.ReceivedMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("tcp")
class AsyncOverTcpTest {
    private static final Duration LONG = AsyncPeers.LONG;
    private static final int OCTETS = 64 * 1024;

    @RegisterExtension
    final ForbidBadEvents events = new ForbidBadEvents();

    private final ByteBuffer nearMemory = ByteBuffer.allocateDirect(OCTETS);
    private final ByteBuffer farMemory = ByteBuffer.allocateDirect(OCTETS);
    private AsyncPeers peers;
    private LeasedRegion near;
    private RemoteRegion far;

    @BeforeEach
    void opens() {
        peers = AsyncPeers.open(events.watch(DeviceOptions.defaults().withBackgroundProgress(2)), 16);
        near = peers.register(nearMemory, AccessFlag.LOCAL_WRITE);
        far = peers.register(farMemory, AccessFlag.REMOTE_WRITE, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ)
                .remote();
    }

    @AfterEach
    void closes() {
        peers.close();
    }

    @Test
    void writesAndReadsBack() throws Exception {
        peers.connect();
        for (int i = 0; i < OCTETS; i++) {
            nearMemory.put(i, (byte) (i * 31));
        }

        peers.near().write(near, 0, OCTETS, far).await(LONG);
        // A Read behind the Write on the same stream returns what it placed (RFC 5040 section 5.5).
        ByteBuffer sink = ByteBuffer.allocateDirect(OCTETS);
        WorkCompletion read = peers.near()
                .read(peers.register(sink, AccessFlag.LOCAL_WRITE), 0, OCTETS, far)
                .await(LONG);

        assertThat(read.lengthOctets()).isEqualTo(OCTETS);
        assertThat(farMemory).isEqualTo(nearMemory);
        assertThat(sink).isEqualTo(nearMemory);
        assertThat(near.leaseCount()).isZero();
    }

    @Test
    @Requirement("SYS-MEM-15")
    void operatesAtomicallyOnThePeersMemory() throws Exception {
        RemoteRegion word = peers.register(farMemory, AccessFlag.REMOTE_ATOMIC, AccessFlag.LOCAL_WRITE)
                .remote(64, 8);
        ByteBuffer found = nearMemory.duplicate().order(ByteOrder.nativeOrder());
        ByteBuffer target = farMemory.duplicate().order(ByteOrder.nativeOrder());
        peers.connect();

        peers.near().fetchAdd(near, 8, word, 5).await(LONG);
        assertThat(found.getLong(8)).isZero();
        peers.near().compareSwap(near, 8, word, 5, 6).await(LONG);
        assertThat(found.getLong(8)).isEqualTo(5);
        WorkCompletion swap = peers.near().swap(near, 8, word, 7).await(LONG);
        assertThat(found.getLong(8)).isEqualTo(6);

        assertThat(swap.operation()).isEqualTo(CompletedOperation.COMPARE_SWAP);
        assertThat(target.getLong(64)).isEqualTo(7);
        assertThat(near.leaseCount()).isZero();
    }

    @Test
    void receivesImmediateDataThroughAPool() throws Exception {
        ReceivePool pool = ReceivePool.open(peers.far(), 4, 64);
        peers.connect();
        for (int i = 0; i < 10; i++) {
            Operation sent =
                    i % 2 == 0 ? peers.near().immediate(i) : peers.near().immediateSolicited(i);
            assertThat(sent.await(LONG).operation()).isEqualTo(CompletedOperation.IMMEDIATE);
            try (ReceivedMessage message = pool.receive(LONG)) {
                assertThat(message.hasImmediate()).isTrue();
                assertThat(message.immediateData()).isEqualTo(i);
                assertThat(message.solicited()).isEqualTo(i % 2 == 1);
                assertThat(message.octets().hasRemaining()).isFalse();
                assertThat(message).hasToString("Immediate Data 0x" + i);
            }
        }
    }

    @Test
    void receivesMessagesThroughAPoolThatIsSmallerThanTheirNumber() throws Exception {
        ReceivePool pool = ReceivePool.open(peers.far(), 4, 64);
        peers.connect();
        for (int i = 0; i < 100; i++) {
            nearMemory.putInt(0, i);
            Operation send =
                    i % 2 == 0 ? peers.near().send(near, 0, 4) : peers.near().sendSolicited(near, 0, 4);
            send.await(LONG);

            try (ReceivedMessage message = pool.receive(LONG)) {
                assertThat(message.octets().remaining()).isEqualTo(4);
                assertThat(message.octets().getInt(0)).isEqualTo(i);
                assertThat(message.solicited()).isEqualTo(i % 2 == 1);
            }
        }
    }

    @Test
    void keepsTheBufferLeasedAfterATimeoutUntilTheOperationEnds() throws Exception {
        Operation write = peers.near().write(near, 0, OCTETS, far);

        assertThatThrownBy(() -> write.await(Duration.ofMillis(20))).isInstanceOf(TimeoutException.class);
        assertThat(near.leaseCount()).isEqualTo(1);
        assertThatThrownBy(near::close).hasMessageContaining("is in use by WRITE");

        // It waits for the connection and is done as soon as that stands.
        peers.connect();
        near.reclaim(LONG);
        // The buffer is given back first, so that it is free for whoever hears of the completion.
        assertThat(write.await(LONG).success()).isTrue();
        near.close();
    }

    @Test
    void completesFutures() throws Exception {
        peers.connect();
        List<Long> order = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> followUps = new ArrayList<>();
        List<Operation> writes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Operation write = peers.near().write(near, i, 1, far.slice(i, 1));
            writes.add(write);
            followUps.add(write.toFuture().thenAccept(completion -> order.add(completion.id())));
        }
        for (CompletableFuture<Void> followUp : followUps) {
            followUp.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }

        // A write that was done before anybody asked runs its follow-up here, perhaps after a later one's.
        List<Long> ids = writes.stream().map(Operation::id).toList();
        assertThat(ids).isSorted();
        assertThat(order).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void failsWithTheCauseWhenThePeerRefuses() throws Exception {
        events.expect(Kind.ACCESS_REFUSED, Kind.TERMINATE, Kind.CONNECTION_CLOSED, Kind.ASYNC_EVENT);
        peers.connect();
        RemoteRegion unwritable = peers.register(ByteBuffer.allocateDirect(64)).remote();
        Operation waiting = peers.near().receive(near, 1024, 64);
        peers.near().write(near, 0, 16, far).await(LONG);

        peers.near().write(near, 0, 16, unwritable).reclaim(LONG);

        OperationFailedException failure =
                catchThrowableOfType(OperationFailedException.class, () -> waiting.await(LONG));
        assertThat(failure.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        assertThat(failure.failureCause().root().check()).isEqualTo(FailedCheck.REMOTE_TERMINATE);
        assertThat(failure.failureCause().root().terminate().triple()).isEqualTo("1/1/02");
        near.reclaim(LONG);
        assertThatThrownBy(() -> peers.near().write(near, 0, 16, far).await(LONG))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining("Terminate");
    }

    @Test
    void servesManyThreadsAtOnceThroughAShortQueue() throws Exception {
        serveManyCallers(Executors.newFixedThreadPool(100));
    }

    /** Virtual threads that wait must not hold on to their carriers: 100 of them share a few. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void servesManyVirtualThreadsAtOnceThroughAShortQueue() throws Exception {
        serveManyCallers((ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
    }

    private void serveManyCallers(ExecutorService callers) throws Exception {
        peers.connect();
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int caller = 0; caller < 100; caller++) {
                int number = caller;
                results.add(callers.submit(() -> writeAndReadBack(number)));
            }
            for (int caller = 0; caller < 100; caller++) {
                assertThat(results.get(caller).get(LONG.toSeconds() * 3, TimeUnit.SECONDS))
                        .isEqualTo(caller);
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(near.leaseCount()).isZero();
        assertThat(peers.near().outstandingCount()).isZero();
    }

    @Test
    void closingFlushesWhatIsOutstandingAndFreesTheMemory() throws Exception {
        peers.connect();
        Operation receive = peers.near().receive(near, 0, 64);

        peers.near().close();

        assertThat(receive.done()).isTrue();
        assertThat(receive.completion().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        assertThat(near.leaseCount()).isZero();
        near.close();
        assertThat(peers.far().queuePair().state()).isNotEqualTo(QueuePairState.ERROR);
    }

    /** Each caller has its own 256 octets at both ends. */
    private int writeAndReadBack(int caller) throws Exception {
        int at = caller * 256;
        for (int round = 0; round < 20; round++) {
            nearMemory.putInt(at, caller * 1000 + round);
            peers.near().write(near, at, 4, far.slice(at, 4)).await(LONG);
            peers.near().read(near, at + 128, 4, far.slice(at, 4)).await(LONG);
            assertThat(nearMemory.getInt(at + 128)).isEqualTo(caller * 1000 + round);
        }
        return caller;
    }
}
