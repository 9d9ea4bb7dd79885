package io.verbena.examples.demo;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Completions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.FailureCause;
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
 * What both ends of the demo have: a queue pair, a buffer for one text to send, buffers for texts that arrive.
 *
 * <p>Thread rule: one thread. Everything goes when the device is closed.
 */
final class DemoEnd {
    static final Duration STEP = Duration.ofSeconds(5);

    private static final int RECEIVES = 4;

    private final ProtectionDomain domain;
    private final Completions completions;
    private final QueuePair queuePair;
    private final ByteBuffer outbox = ByteBuffer.allocateDirect(DemoText.MEMORY_OCTETS);
    private final MemoryRegion outboxRegion;
    private final ByteBuffer inbox = ByteBuffer.allocateDirect(RECEIVES * DemoText.MEMORY_OCTETS);

    DemoEnd(Device device) {
        domain = device.allocateProtectionDomain();
        completions = new Completions(device, 64);
        queuePair = domain.createQueuePair(QueuePairOptions.with(completions.queue()));
        outboxRegion = domain.register(outbox);
        MemoryRegion inboxRegion = domain.register(inbox, AccessFlag.LOCAL_WRITE);
        ReceiveRequest request = new ReceiveRequest();
        for (int slot = 0; slot < RECEIVES; slot++) {
            queuePair
                    .postReceive(request.receive(slot)
                            .local(inboxRegion, (long) slot * DemoText.MEMORY_OCTETS, DemoText.MEMORY_OCTETS))
                    .orThrow();
        }
    }

    ProtectionDomain domain() {
        return domain;
    }

    QueuePair queuePair() {
        return queuePair;
    }

    MemoryRegion outboxRegion() {
        return outboxRegion;
    }

    /** Puts a text into the memory that Sends and Writes take from; returns its length. */
    int stage(String text) {
        return DemoText.put(outbox, 0, text);
    }

    /** Sends a text and waits until the Send is complete. */
    void send(String text) throws CommandFailedException, InterruptedException {
        post(new SendRequest().send().local(outboxRegion, 0, stage(text)));
        completions.expect(CompletedOperation.SEND, STEP);
    }

    void post(SendRequest request) {
        queuePair.postSend(request).orThrow();
    }

    WorkCompletion expect(CompletedOperation operation) throws CommandFailedException, InterruptedException {
        return completions.expect(operation, STEP);
    }

    /** Returns the next completion whatever it is, or null if there is none in time. */
    WorkCompletion next() throws InterruptedException {
        return completions.next(STEP);
    }

    /** Waits for the next text. */
    String receive() throws CommandFailedException, InterruptedException {
        WorkCompletion completion = completions.expect(CompletedOperation.RECEIVE, STEP);
        return DemoText.get(inbox, (int) completion.id() * DemoText.MEMORY_OCTETS, (int) completion.lengthOctets());
    }

    /** Waits until the connection has been terminated, and returns why. */
    FailureCause awaitTermination() throws CommandFailedException, InterruptedException {
        try {
            FailureCause cause = queuePair.connection().closed().get(STEP.toNanos(), TimeUnit.NANOSECONDS);
            if (cause == null || cause.root().terminate() == null) {
                throw new CommandFailedException("the connection ended without a Terminate: "
                        + (cause == null ? "in good order" : cause.message()));
            }
            return cause.root();
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailedException("the connection did not end within " + STEP.toSeconds() + " s", e);
        }
    }
}
