package io.verbena.examples.conformance;

import io.verbena.examples.command.Completions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection of the application of the contract: keeps receives posted, and answers each message with its offer.
 *
 * <p>Thread rule: one thread.
 */
final class ApplicationEnd implements AutoCloseable {
    private static final int RECEIVES = 8;
    private static final int RECEIVE_OCTETS = 256;
    private static final int SEND_DEPTH = 64;
    private static final int READ_DEPTH = 16;
    private static final Duration END_OF_CONNECTION = Duration.ofSeconds(5);

    private final ProtectionDomain domain;
    private final Completions completions;
    private final QueuePair queuePair;
    private final MemoryRegion inbox;
    private final OfferedMemory memory;
    private final SendRequest send = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();

    ApplicationEnd(Device device) {
        domain = device.allocateProtectionDomain();
        completions = new Completions(device, SEND_DEPTH + RECEIVES);
        queuePair = domain.createQueuePair(QueuePairOptions.with(completions.queue())
                .withDepths(SEND_DEPTH, RECEIVES)
                .withReadDepths(READ_DEPTH, READ_DEPTH)
                .withRemoteAtomics(true));
        inbox = domain.register(ByteBuffer.allocateDirect(RECEIVES * RECEIVE_OCTETS), AccessFlag.LOCAL_WRITE);
        memory = new OfferedMemory(device, domain);
        for (int slot = 0; slot < RECEIVES; slot++) {
            postReceive(slot);
        }
    }

    QueuePair queuePair() {
        return queuePair;
    }

    /** Tells the peer of the memory. */
    void offer() {
        // If the connection has ended, the next receive says so.
        queuePair.postSend(send.send().inline(memory.offer()).signaled(false));
    }

    /** Answers message after message until the connection ends, or the peer is silent for {@code longest}. */
    void answer(Duration longest) throws InterruptedException {
        WorkCompletion completion = completions.next(longest);
        while (completion != null && completion.success()) {
            if (completion.operation() != CompletedOperation.SEND) {
                postReceive((int) completion.id());
                offer();
            }
            completion = completions.next(longest);
        }
        awaitEnd();
    }

    /** A queue pair that is closed earlier would cut off a Terminate that is on its way. */
    private void awaitEnd() throws InterruptedException {
        try {
            queuePair.connection().closed().get(END_OF_CONNECTION.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            queuePair.abort();
        }
    }

    private void postReceive(int slot) {
        receive.receive(slot).local(inbox, (long) slot * RECEIVE_OCTETS, RECEIVE_OCTETS);
        queuePair.postReceive(receive);
    }

    @Override
    public void close() {
        queuePair.close();
        memory.close();
        inbox.close();
        completions.close();
        domain.close();
    }
}
