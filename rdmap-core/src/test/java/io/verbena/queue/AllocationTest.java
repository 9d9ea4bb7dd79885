package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.verbena.rdmap.CompletionOrder;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletionStatus;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What the budgets of memory say: nothing per operation, little per idle queue pair. */
class AllocationTest {
    private static final int ROUNDS = 20_000;

    /** The compiler may change its mind while it is counted; what a round costs shows in every window. */
    private static final int MOST_WINDOWS = 10;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final SendQueue sends = new SendQueue(64, 4, 256);
    private final ReceiveQueue receives = new ReceiveQueue(64, 4);
    private final CompletionOrder order = new CompletionOrder(64);
    private final SoftCompletionQueue completions = new CompletionQueueFixture().queue(1, 256, null, null);
    private final SendRequest request = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final ByteBuffer octets = ByteBuffer.allocate(100);
    private final CompletionCursor cursor = completions.cursor();
    private final CompletionOrder.Sink sink = (id, operation, status, shown, lengthOctets, cause) ->
            completions.add(id, status, operation, 2, lengthOctets, false, false, 0, cause);
    private long seen;
    private final CompletionHandler handler = completion -> seen += completion.id();

    private void postServeCompletePoll(int round) {
        sends.post(request.send().id(round).local(1, 2, 3).local(4, 5, 6));
        sends.post(request.send().id(round).inline(octets));
        receives.post(receive.receive(round).local(1, 2, 3));
        for (int slot = sends.next(); slot >= 0; slot = sends.next()) {
            int position = order.begin(sends.id(slot), CompletedOperation.SEND, sends.signaled(slot));
            seen += sends.totalOctets(slot);
            sends.done(slot);
            order.done(position, WorkCompletionStatus.SUCCESS, 0, null);
        }
        receives.done(receives.take());
        order.drain(sink);
        if (cursor.next()) {
            seen += cursor.id();
        }
        completions.poll(10, handler);
    }

    @Test
    void postingServingCompletingAndPollingAllocateNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            postServeCompletePoll(round);
        }
        long perRound = Long.MAX_VALUE;
        for (int window = 0; window < MOST_WINDOWS && perRound > 0; window++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) {
                postServeCompletePoll(round);
            }
            perRound = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
        }
        assertThat(perRound).isZero();
        assertThat(seen).isPositive();
    }

    @Test
    void theQueuesOfAnIdleQueuePairLeaveRoomForItsEngine() {
        long before = threads.getCurrentThreadAllocatedBytes();
        Object[] queues = {new SendQueue(128, 4, 256), new ReceiveQueue(128, 4), new CompletionOrder(128)};
        long octetsUsed = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(queues).hasSize(3);
        // The budget of the whole queue pair is 16 KiB.
        assertThat(octetsUsed).isLessThan(12 * 1024);
    }
}
