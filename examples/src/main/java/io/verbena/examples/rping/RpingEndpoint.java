package io.verbena.examples.rping;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Completions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PostResult;
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
 * What either end of rping stands on: a queue pair, a few receives for advertisements, and the buffer that Reads and Writes
 * go to and from.
 *
 * <p>Thread rule: one thread.
 */
final class RpingEndpoint implements AutoCloseable {
    private static final int RECEIVES = 4;
    private static final int SEND_DEPTH = 16;
    private static final Duration END_OF_CONNECTION = Duration.ofSeconds(5);

    private final ProtectionDomain domain;
    private final Completions completions;
    private final QueuePair queuePair;
    private final ByteBuffer messages = ByteBuffer.allocateDirect(RECEIVES * BufferAdvertisement.ENCODED_OCTETS);
    private final MemoryRegion messageRegion;
    private final ByteBuffer buffer;
    private final MemoryRegion region;
    private final SendRequest send = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final RpingSettings settings;

    RpingEndpoint(Device device, int bufferOctets, RpingSettings settings) {
        this.settings = settings;
        domain = device.allocateProtectionDomain();
        completions = new Completions(device, SEND_DEPTH + RECEIVES);
        // Like the C program: one Read each way.
        queuePair = domain.createQueuePair(QueuePairOptions.with(completions.queue())
                .withDepths(SEND_DEPTH, RECEIVES)
                .withReadDepths(1, 1));
        messageRegion = domain.register(messages, AccessFlag.LOCAL_WRITE);
        buffer = ByteBuffer.allocateDirect(bufferOctets);
        region = register(buffer);
        for (int slot = 0; slot < RECEIVES; slot++) {
            postReceive(slot).orThrow();
        }
    }

    QueuePair queuePair() {
        return queuePair;
    }

    /** Returns the buffer that Reads fill, Writes take from, and (client) the peer writes to. */
    ByteBuffer buffer() {
        return buffer;
    }

    MemoryRegion region() {
        return region;
    }

    /** Registers {@code lent} for the peer's Reads and Writes; to be closed before this endpoint. */
    MemoryRegion register(ByteBuffer lent) {
        return domain.register(lent, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
    }

    /** Tells the peer of {@code length} octets of {@code advertised}. */
    void advertise(MemoryRegion advertised, int length) throws CommandFailedException {
        BufferAdvertisement advertisement =
                new BufferAdvertisement(advertised.startAddress(), advertised.stag(), length);
        settings.tell("advertise " + advertisement);
        send(advertisement);
    }

    void goAhead() throws CommandFailedException {
        settings.tell("send go ahead");
        send(BufferAdvertisement.GO_AHEAD);
    }

    /** Reads what the peer advertised into the buffer. */
    void read(BufferAdvertisement from) throws CommandFailedException, InterruptedException {
        settings.tell("RDMA Read from " + from);
        post(send.read(from.stag(), from.address()).local(region, 0, from.lengthOctets()));
        completions.expect(CompletedOperation.READ, settings.stepTimeout());
    }

    /** Writes the first {@code length} octets of the buffer to where the peer advertised. */
    void write(BufferAdvertisement to, int length) throws CommandFailedException, InterruptedException {
        settings.tell("RDMA Write of " + length + " octets to " + to);
        post(send.write(to.stag(), to.address()).local(region, 0, length));
        completions.expect(CompletedOperation.WRITE, settings.stepTimeout());
    }

    /** Waits for the peer's next message; null if the peer closed the connection in good order instead. */
    BufferAdvertisement awaitMessage() throws CommandFailedException, InterruptedException {
        while (true) {
            WorkCompletion completion = completions.next(settings.stepTimeout());
            if (completion == null) {
                throw new CommandFailedException(
                        "the peer was silent for " + settings.stepTimeout().toSeconds() + " s");
            }
            if (!completion.success()) {
                return awaitEnd(completion);
            }
            int slot = (int) completion.id();
            BufferAdvertisement message =
                    BufferAdvertisement.decode(messages, slot * BufferAdvertisement.ENCODED_OCTETS);
            postReceive(slot);
            if (completion.lengthOctets() == BufferAdvertisement.ENCODED_OCTETS) {
                settings.tell("received " + message);
                return message;
            }
            // A peer-to-peer connection may be opened by a Send without octets (RFC 6581 section 9.2).
            if (completion.lengthOctets() != 0) {
                throw new CommandFailedException("the peer sent a message of " + completion.lengthOctets()
                        + " octets where rping sends " + BufferAdvertisement.ENCODED_OCTETS);
            }
        }
    }

    private BufferAdvertisement awaitEnd(WorkCompletion failed) throws CommandFailedException, InterruptedException {
        try {
            FailureCause cause = queuePair.connection().closed().get(END_OF_CONNECTION.toNanos(), TimeUnit.NANOSECONDS);
            if (cause == null) {
                settings.tell("the peer disconnected");
                return null;
            }
            throw new CommandFailedException("connection lost: " + cause.root().message());
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailedException("connection lost: " + Completions.reason(failed), e);
        }
    }

    private void send(BufferAdvertisement message) throws CommandFailedException {
        // Nobody waits for the end of a Send: the peer's answer is the proof that it arrived.
        post(send.send().inline(message.encode()).signaled(false));
    }

    private void post(SendRequest request) throws CommandFailedException {
        PostResult result = queuePair.postSend(request);
        if (!result.posted()) {
            FailureCause cause = queuePair.query().cause();
            throw new CommandFailedException(
                    "connection lost: " + (cause == null ? result : cause.root().message()));
        }
    }

    private PostResult postReceive(int slot) {
        receive.receive(slot)
                .local(
                        messageRegion,
                        (long) slot * BufferAdvertisement.ENCODED_OCTETS,
                        BufferAdvertisement.ENCODED_OCTETS);
        return queuePair.postReceive(receive);
    }

    @Override
    public void close() {
        queuePair.close();
        messageRegion.close();
        region.close();
        completions.close();
        domain.close();
    }
}
