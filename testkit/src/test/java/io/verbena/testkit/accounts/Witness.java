package io.verbena.testkit.accounts;

import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.rdmap.wire.RdmapQueue;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Listens to both devices and takes what happens to the model, which speaks up where it thinks otherwise. */
final class Witness implements StackEvents {
    private static final int TAGGED = 0x80;
    private static final int LAST = 0x40;

    private final Map<String, Host> hosts = new HashMap<>();
    private final UntaggedHeader header = new UntaggedHeader();
    private final Journal journal;
    private AssertionError contradiction;
    private long messages;
    private long drops;
    private long pauses;

    Witness(Journal journal) {
        this.journal = journal;
    }

    void watch(Host host) {
        hosts.put(host.name, host);
    }

    /** Returns how many Sends and Immediate Data have arrived. */
    long messages() {
        return messages;
    }

    /** Returns how many of them were dropped. */
    long drops() {
        return drops;
    }

    /** Returns how many waited for a receive. */
    long pauses() {
        return pauses;
    }

    /** Throws what the model found first. */
    void requireNoContradiction() {
        if (contradiction != null) {
            throw contradiction;
        }
    }

    private End end(String device, int queuePairNumber) {
        End end = hosts.get(device).ends.get(queuePairNumber);
        if (end == null) {
            throw new AssertionError("queue pair " + queuePairNumber + " of " + device + " is gone");
        }
        return end;
    }

    /** A listener's exceptions do not reach the test, so the first is kept. */
    private void look(Runnable comparison) {
        try {
            comparison.run();
        } catch (AssertionError | RuntimeException failure) {
            if (contradiction == null) {
                contradiction = failure instanceof AssertionError error ? error : new AssertionError(failure);
            }
        }
    }

    @Override
    public void onSegment(
            String device,
            Direction direction,
            int queuePairNumber,
            ByteBuffer lent,
            int offset,
            int headerOctets,
            int segmentOctets) {
        if (direction == Direction.SENT || (lent.get(offset) & TAGGED) != 0) {
            return;
        }
        header.wrap(lent, offset);
        if (header.queueNumber() != RdmapQueue.SEND) {
            return;
        }
        boolean last = (header.control() & LAST) != 0;
        messages += last ? 1 : 0;
        look(() -> end(device, queuePairNumber).onSegment(header, segmentOctets - UntaggedHeader.OCTETS, last));
    }

    @Override
    public void onMessageDropped(String device, int queuePairNumber, int sharedReceiveQueueNumber, long lengthOctets) {
        drops++;
        look(() -> end(device, queuePairNumber).onDropped(lengthOctets));
    }

    @Override
    public void onCompletion(
            String device,
            int queuePairNumber,
            CompletedOperation operation,
            WorkCompletionStatus status,
            long id,
            long lengthOctets) {
        look(() -> end(device, queuePairNumber).onCompletion(operation, status, id, lengthOctets));
    }

    @Override
    public void onStateChanged(String device, int queuePairNumber, QueuePairState from, QueuePairState to) {
        journal.line("    " + device + " qp " + queuePairNumber + " " + from + " -> " + to);
        look(() -> end(device, queuePairNumber).onStateChanged(from, to));
    }

    @Override
    public void onTerminate(String device, int queuePairNumber, TerminateInformation terminate) {
        journal.line("    " + device + " qp " + queuePairNumber + " " + terminate);
        look(() -> end(device, queuePairNumber).onTerminate(terminate));
    }

    @Override
    public void onStreamPaused(String device, int queuePairNumber) {
        pauses++;
        look(() -> end(device, queuePairNumber).onPaused());
    }

    @Override
    public void onStreamResumed(String device, int queuePairNumber, long pausedNs) {
        look(() -> end(device, queuePairNumber).onResumed());
    }

    @Override
    public void onAsyncEvent(String device, AsyncEvent event) {
        look(() -> hosts.get(device).onAsyncEvent(event));
    }
}
