package io.verbena.examples.copy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Completions;
import io.verbena.examples.command.FailureWords;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One end of a copy's connection: sends and receives {@link CopyMessage}s, and counts the RDMA Writes that are done.
 *
 * <p>Thread rule: one thread.
 */
final class CopyLink implements AutoCloseable {
    /** Messages that may be under way to this end at once; the protocol keeps both ends far below. */
    private static final int RECEIVES = 64;

    /** Sends that may be under way beside the Writes. */
    private static final int SENDS = 64;

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final ProtectionDomain domain;
    private final Completions completions;
    private final QueuePair queuePair;
    private final ByteBuffer slots = ByteBuffer.allocateDirect(RECEIVES * CopyMessage.MAX_OCTETS);
    private final MemoryRegion slotRegion;
    private final Queue<CopyMessage> inbox = new ArrayDeque<>();
    private final SendRequest send = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private int outstandingWrites;

    /** Makes an unconnected end that can have so many Writes outstanding. */
    CopyLink(Device device, int writes) {
        domain = device.allocateProtectionDomain();
        completions = new Completions(device, writes + SENDS + RECEIVES);
        queuePair = domain.createQueuePair(QueuePairOptions.with(completions.queue())
                .withDepths(writes + SENDS, RECEIVES)
                .withMaxInlineOctets(CopyMessage.MAX_OCTETS)
                .withRemoteAccess(true, false));
        slotRegion = domain.register(slots, AccessFlag.LOCAL_WRITE);
        for (int slot = 0; slot < RECEIVES; slot++) {
            postReceive(slot).orThrow();
        }
    }

    QueuePair queuePair() {
        return queuePair;
    }

    ProtectionDomain domain() {
        return domain;
    }

    int outstandingWrites() {
        return outstandingWrites;
    }

    /** Posts a Write; false if the connection has ended. */
    boolean write(MemoryRegion source, long offset, long length, int stag, long address) {
        if (!queuePair
                .postSend(send.write(stag, address).local(source, offset, length))
                .posted()) {
            return false;
        }
        outstandingWrites++;
        return true;
    }

    /** Sends a message; it is delivered after all Writes posted before. */
    void send(CopyMessage message) throws CommandFailedException, InterruptedException {
        PostResult result =
                queuePair.postSend(send.send().inline(message.encode()).signaled(false));
        if (!result.posted()) {
            throw lost();
        }
    }

    /** Tells the peer, if it is still there, why this end cannot go on, and disconnects. */
    void tellFailure(Exception failure) throws InterruptedException {
        if (queuePair.state() != QueuePairState.RTS) {
            return;
        }
        try {
            send(new CopyMessage.Failed(FailureWords.of(failure)));
            queuePair.disconnect(GOODBYE);
        } catch (CommandFailedException e) {
            // The connection ended in this moment: then the peer knows already.
            failure.addSuppressed(e);
        }
    }

    /**
     * Takes in one completion.
     *
     * @return false if there was none within {@code wait}
     * @throws CommandFailedException if the connection has ended or the peer does not follow the protocol
     */
    boolean poll(Duration wait) throws CommandFailedException, InterruptedException {
        WorkCompletion completion = completions.next(wait);
        if (completion == null) {
            return false;
        }
        if (!completion.success()) {
            throw new CommandFailedException("connection lost: " + Completions.reason(completion));
        }
        if (completion.operation() == CompletedOperation.WRITE) {
            outstandingWrites--;
        } else if (completion.operation() == CompletedOperation.RECEIVE) {
            receive((int) completion.id(), (int) completion.lengthOctets());
        }
        return true;
    }

    /**
     * Returns the next message from the peer, or null if none has arrived.
     *
     * @throws CommandFailedException if the peer says that it failed
     */
    CopyMessage take() throws CommandFailedException {
        CopyMessage message = inbox.poll();
        if (message instanceof CopyMessage.Failed failed) {
            throw new CommandFailedException("the other end failed: " + failed.reason());
        }
        return message;
    }

    /** Returns the best reason for the end of the connection: what the peer said last, before what the stack says. */
    CommandFailedException lost() throws InterruptedException {
        try {
            while (poll(LAST_WORDS)) {
                for (CopyMessage message = take(); message != null; message = take()) {
                    // Only a failure is of interest now, and take throws it.
                }
            }
        } catch (CommandFailedException reason) {
            return reason;
        }
        FailureCause cause = queuePair.query().cause();
        return new CommandFailedException("connection lost: "
                + (cause == null ? "nothing more is known" : cause.root().message()));
    }

    private void receive(int slot, int length) throws CommandFailedException {
        int offset = slot * CopyMessage.MAX_OCTETS;
        if (inbox.size() == RECEIVES) {
            // What waits here is memory that the peer fills, so it has a limit.
            throw new CommandFailedException("the other end sends messages faster than this copy protocol allows");
        }
        try {
            inbox.add(CopyMessage.decode(slots.duplicate().position(offset).limit(offset + length)));
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException("the other end does not speak this copy protocol: " + e.getMessage(), e);
        }
        postReceive(slot);
    }

    private PostResult postReceive(int slot) {
        receive.receive(slot).local(slotRegion, (long) slot * CopyMessage.MAX_OCTETS, CopyMessage.MAX_OCTETS);
        return queuePair.postReceive(receive);
    }

    /** Closes what this link made; regions that others registered with its domain must be closed before. */
    @Override
    public void close() {
        queuePair.close();
        slotRegion.close();
        completions.close();
        domain.close();
    }
}
