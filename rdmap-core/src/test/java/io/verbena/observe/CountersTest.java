package io.verbena.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents.Direction;
import io.verbena.verbs.observe.StackEvents.Invalidation;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class CountersTest {
    private static final FailureCause CAUSE =
            FailureCause.of(FailureCause.End.LOCAL, FailedCheck.ACCESS_RIGHT).build();

    private final Counters counters = new Counters();

    @Test
    void countsSegmentsByTheOpcodeOfTheirSecondOctet() {
        ByteBuffer header = ByteBuffer.allocate(32).put(5, (byte) 0xC1).put(6, (byte) 0x40);

        counters.onSegment("d", Direction.SENT, 1, header, 5, 14, 1014);
        counters.onSegment("d", Direction.SENT, 1, header, 5, 14, 14);
        counters.onSegment("d", Direction.RECEIVED, 1, header, 5, 1, 1);

        assertThat(DdpControl.isTagged(header.get(5))).isTrue();
        assertThat(counters.segments(Direction.SENT, RdmapOpcode.RDMA_WRITE)).isEqualTo(2);
        assertThat(counters.segmentOctets(Direction.SENT, RdmapOpcode.RDMA_WRITE))
                .isEqualTo(1028);
        assertThat(counters.snapshot())
                .containsEntry("segments_sent.rdma_write", 2L)
                .containsEntry("segment_octets_sent.rdma_write", 1028L)
                .hasSize(2);
    }

    @Test
    void knowsHowManyQueuePairsAreInEachState() {
        counters.onQueuePairCreated("d", 1);
        counters.onQueuePairCreated("d", 2);
        counters.onStateChanged("d", 2, QueuePairState.IDLE, QueuePairState.RTS);
        assertThat(counters.queuePairsNow())
                .containsEntry(QueuePairState.IDLE, 1L)
                .containsEntry(QueuePairState.RTS, 1L);

        counters.onQueuePairDestroyed("d", 2);

        assertThat(counters.queuePairsNow()).containsEntry(QueuePairState.RTS, 0L);
        assertThat(counters.value(Counter.QUEUE_PAIRS_CREATED)).isEqualTo(2);
    }

    @Test
    void knowsWhatExistsNow() {
        counters.onRegionRegistered("d", 1, 4096);
        counters.onRegionRegistered("d", 2, 100);
        counters.onRegionDeregistered("d", 1, 4096);
        counters.onCompletionQueueCreated("d", 1, 256);
        counters.onCompletionQueueCreated("d", 2, 16);
        counters.onCompletionQueueDestroyed("d", 1);
        counters.onConnectionEstablished("d", 1, null);
        counters.onConnectionEstablished("d", 2, null);
        counters.onConnectionEstablished("d", 3, null);
        counters.onConnectionClosed("d", 1, null);
        counters.onConnectionClosed("d", 2, CAUSE);

        assertThat(counters.regionsNow()).isEqualTo(1);
        assertThat(counters.registeredOctetsNow()).isEqualTo(100);
        assertThat(counters.completionQueuesNow()).isEqualTo(1);
        assertThat(counters.completionQueueEntriesNow()).isEqualTo(16);
        assertThat(counters.connectionsNow()).isEqualTo(1);
    }

    @Test
    void countsWhatBecomesOfMemoryThroughTheSendQueue() {
        counters.onWindowAllocated("d", 1);
        counters.onWindowAllocated("d", 2);
        counters.onWindowFreed("d", 2);
        counters.onWindowBound("d", 7, 1, 3, 100);
        counters.onFastRegistered("d", 7, 3, 100);
        counters.onInvalidated("d", 7, 1, Invalidation.ONE_TOUCH);
        counters.onInvalidated("d", 7, 3, Invalidation.PEER);
        counters.onInvalidated("d", 7, 3, Invalidation.PEER);
        counters.onSendQueueDrained("d", 7, CAUSE);
        counters.onSendQueueDrained("d", 7, null);

        assertThat(counters.windowsNow()).isEqualTo(1);
        assertThat(counters.snapshot())
                .containsEntry("windows_bound", 1L)
                .containsEntry("fast_registrations", 1L)
                .containsEntry("invalidations.one_touch", 1L)
                .containsEntry("invalidations.peer", 2L)
                .containsEntry("send_queues_drained", 1L)
                .doesNotContainKey("octets_registered");
    }

    @Test
    void countsCompletionsAndTheOctetsTheyBring() {
        counters.onCompletion("d", 1, CompletedOperation.RECEIVE, WorkCompletionStatus.SUCCESS, 1, 100);
        counters.onCompletion("d", 1, CompletedOperation.RECEIVE, WorkCompletionStatus.FLUSHED, 2, 999);
        counters.onCompletion("d", 1, CompletedOperation.READ, WorkCompletionStatus.SUCCESS, 3, 5);

        assertThat(counters.completions(CompletedOperation.RECEIVE, WorkCompletionStatus.SUCCESS))
                .isEqualTo(1);
        assertThat(counters.value(Counter.OCTETS_RECEIVED)).isEqualTo(100);
        assertThat(counters.value(Counter.OCTETS_READ)).isEqualTo(5);
    }

    @Test
    void countsFailuresByTheirReason() {
        counters.onAccessRefused("d", 1, CAUSE);
        counters.onAsyncEvent("d", new AsyncEvent(AsyncEvent.Kind.REMOTE_PROTECTION, 1, -1, CAUSE));
        counters.onSocketTransfer("d", Direction.RECEIVED, 1, 512);

        assertThat(counters.snapshot())
                .containsEntry("refusals.access_right", 1L)
                .containsEntry("async_events.remote_protection", 1L)
                .containsEntry("socket_reads", 1L)
                .containsEntry("socket_octets_received", 512L)
                .hasSize(4);
    }
}
