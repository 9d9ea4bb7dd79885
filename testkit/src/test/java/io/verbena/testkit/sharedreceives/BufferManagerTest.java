package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ReceiveSlices;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A buffer manager refills a shared receive queue by itself. */
@Tag("tcp")
@Timeout(60)
@ConnectedPair
class BufferManagerTest {
    private static final int SLICE_OCTETS = 64;

    private final ByteBuffer octets = ByteBuffer.allocateDirect(16 * SLICE_OCTETS);

    @Test
    @Requirement("SYS-SRQ-06")
    void refillsTheQueueAndTellsNobody(DevicePair pair) {
        assertThat(refills(pair, false)).isZero();
    }

    @Test
    @ExpectBadEvents
    @Requirement("SYS-SRQ-06")
    void refillsTheQueueAndTellsTheApplication(DevicePair pair) {
        // Each refill brings the queue from 2 back to 8, so 60 messages need ten of them.
        assertThat(refills(pair, true)).isEqualTo(10);
    }

    /** Sends 60 messages through 16 slices; returns the events that the application got. */
    private long refills(DevicePair pair, boolean tell) {
        MemoryRegion region = pair.server().register(octets.duplicate());
        ReceiveSlices slices = new ReceiveSlices(region, SLICE_OCTETS, 8);
        SharedReceiveQueue queue =
                pair.serverSharedReceives(SharedReceiveQueueOptions.ofDepth(16).withBufferManager(slices, 3, tell));
        slices.refill(queue);
        assertThat(queue.query().free()).isEqualTo(8);
        PairLink link = pair.connectSharing(queue, 1);
        for (int i = 0; i < 60; i++) {
            send(link, 1, i);
            WorkCompletion received = link.server().awaitReceiveSuccess();
            assertThat(octets.get((int) slices.offsetOctets(received.id()))).isEqualTo((byte) i);
            slices.release(received.id());
            pair.await("the refill", () -> queue.query().armed());
        }
        assertThat(slices.idle()).isEqualTo(16 - queue.query().free());
        return pair.serverEvents().stream()
                .filter(event -> event.kind() == AsyncEvent.Kind.SHARED_RECEIVE_QUEUE_LOW)
                .count();
    }

    @Test
    void refusesSlicesThatAreNotThere(DevicePair pair) {
        MemoryRegion region = pair.server().register(octets.duplicate());
        ReceiveSlices slices = new ReceiveSlices(region, SLICE_OCTETS, 20);
        assertThatThrownBy(() -> slices.release(3)).hasMessage("slice 3 is idle already");
        assertThatThrownBy(() -> slices.release(16)).hasMessage("slice 16 must be 0 to 15");
        assertThatThrownBy(() -> slices.offsetOctets(-1)).hasMessage("slice -1 must be 0 to 15");
        assertThatThrownBy(() -> new ReceiveSlices(region, 2000, 1)).hasMessageContaining("must be 1 to 1024");
        assertThatThrownBy(() -> new ReceiveSlices(region, 1, 0)).hasMessage("level 0 must be above 0");
        SharedReceiveQueue small = pair.serverSharedReceives(SharedReceiveQueueOptions.ofDepth(5));
        slices.refill(small);
        assertThat(small.query().free()).isEqualTo(5);
        assertThat(slices.idle()).isEqualTo(11);
    }
}
