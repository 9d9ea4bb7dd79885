package io.verbena.examples.perf;

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
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One end of the control connection: {@link PerfMessage}s each way, and the certainty that the other end is still there. Both
 * ends call {@link #tick} while they measure; it costs a look at the clock and allocates nothing unless a message came.
 *
 * <p>Thread rule: one thread.
 */
final class ControlLink implements AutoCloseable {
    private static final int RECEIVES = 64;
    private static final int SENDS = 64;
    private static final long SIGN_OF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration LAST_WORDS = Duration.ofMillis(500);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final String peer;
    private final Duration timeout;
    private final ProtectionDomain domain;
    private final Completions completions;
    private final QueuePair queuePair;
    private final ByteBuffer slots = ByteBuffer.allocateDirect(RECEIVES * PerfMessage.MAX_OCTETS);
    private final MemoryRegion slotRegion;
    private final Queue<PerfMessage> inbox = new ArrayDeque<>();
    private final SendRequest send = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private long lastLook;
    private long lastSpoken;
    private long lastHeard;
    private CommandFailedException failure;
    private String ended;

    /**
     * Makes an unconnected end.
     *
     * @param peer what the other end is called in messages
     * @param timeout the longest silence of the other end
     */
    ControlLink(Device device, String peer, Duration timeout) {
        this.peer = peer;
        this.timeout = timeout;
        domain = device.allocateProtectionDomain();
        completions = new Completions(device, SENDS + RECEIVES);
        queuePair = domain.createQueuePair(QueuePairOptions.with(completions.queue())
                .withDepths(SENDS, RECEIVES)
                .withMaxInlineOctets(PerfMessage.MAX_OCTETS)
                .withRemoteAccess(true, false));
        slotRegion = domain.register(slots, AccessFlag.LOCAL_WRITE);
        for (int slot = 0; slot < RECEIVES; slot++) {
            postReceive(slot).orThrow();
        }
        lastHeard = System.nanoTime();
        lastSpoken = lastHeard;
        lastLook = lastHeard;
    }

    QueuePair queuePair() {
        return queuePair;
    }

    Duration timeout() {
        return timeout;
    }

    /** Sends a message. */
    void send(PerfMessage message) throws CommandFailedException, InterruptedException {
        PostResult result =
                queuePair.postSend(send.send().inline(message.encode()).signaled(false));
        if (!result.posted()) {
            throw lost();
        }
    }

    /**
     * Looks, at most once a millisecond, whether a message has come, and lets the other end know once a second that this one is
     * there.
     *
     * @param now {@link System#nanoTime}
     * @throws CommandFailedException if the connection has ended, or the other end failed or was silent too long
     * @throws InterruptedException if this thread was interrupted
     */
    void tick(long now) throws CommandFailedException, InterruptedException {
        if (now - lastLook < LOOK_NANOS) {
            return;
        }
        lastLook = now;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        while (poll(Duration.ZERO)) {
            lastHeard = now;
        }
        if (now - lastHeard > timeout.toNanos()) {
            throw fail("the " + peer + " was silent for " + timeout.toSeconds() + " s", null);
        }
        if (now - lastSpoken > SIGN_OF_LIFE_NANOS) {
            lastSpoken = now;
            send(new PerfMessage.Alive());
        }
    }

    /** Returns the next message but signs of life, or null if none has come. */
    PerfMessage take() {
        return inbox.poll();
    }

    /** Waits for the next message. */
    PerfMessage await() throws CommandFailedException, InterruptedException {
        PerfMessage message = inbox.poll();
        while (message == null) {
            if (poll(LAST_WORDS)) {
                lastHeard = System.nanoTime();
            }
            tick(System.nanoTime());
            message = inbox.poll();
        }
        return message;
    }

    /** Tells the other end, if it is still there, why this one cannot go on. */
    void tellFailure(String reason) throws InterruptedException {
        if (queuePair.state() != QueuePairState.RTS) {
            return;
        }
        queuePair.postSend(
                send.send().inline(new PerfMessage.Failed(reason).encode()).signaled(false));
        queuePair.disconnect(GOODBYE);
    }

    /** Disconnects in order. */
    void disconnect() throws InterruptedException {
        queuePair.disconnect(GOODBYE);
    }

    /**
     * Returns the best reason for a failure of this end that may have begun at the other: what that said last, or why the control
     * connection ended, before {@code seenHere}.
     */
    Exception reason(Exception seenHere) throws InterruptedException {
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            for (long left = LAST_WORDS.toNanos(); left > 0 && failure == null; left = end - System.nanoTime()) {
                inbox.clear();
                poll(Duration.ofNanos(left));
            }
        } catch (CommandFailedException better) {
            better.addSuppressed(seenHere);
        }
        return failure == null ? seenHere : failure;
    }

    /** Takes in one completion; false if there was none within {@code wait}. */
    private boolean poll(Duration wait) throws CommandFailedException, InterruptedException {
        if (ended == null) {
            WorkCompletion completion = completions.next(wait);
            if (completion == null) {
                return false;
            }
            if (completion.success()) {
                take(completion);
                return true;
            }
            ended = Completions.reason(completion);
        }
        // What the other end said before it went counts for more than that it has gone.
        if (inbox.isEmpty()) {
            throw fail("the " + peer + " went away: " + ended, null);
        }
        return false;
    }

    private void take(WorkCompletion completion) throws CommandFailedException {
        if (completion.operation() == CompletedOperation.RECEIVE) {
            receive((int) completion.id(), (int) completion.lengthOctets());
        }
    }

    private void receive(int slot, int length) throws CommandFailedException {
        int offset = slot * PerfMessage.MAX_OCTETS;
        PerfMessage message;
        try {
            message = PerfMessage.decode(slots.duplicate().position(offset).limit(offset + length));
        } catch (IllegalArgumentException e) {
            throw fail("the " + peer + " breaks the protocol: it sent " + e.getMessage(), e);
        }
        postReceive(slot);
        if (message instanceof PerfMessage.Failed failed) {
            throw fail("the " + peer + " failed: " + failed.reason(), null);
        }
        if (!(message instanceof PerfMessage.Alive)) {
            if (inbox.size() == RECEIVES) {
                // What waits here is memory that the peer fills, so it has a limit.
                throw fail("the " + peer + " breaks the protocol: it does not wait for answers", null);
            }
            inbox.add(message);
        }
    }

    private CommandFailedException lost() throws InterruptedException {
        FailureCause cause = queuePair.query().cause();
        String words = cause == null ? "it closed the connection" : cause.root().message();
        CommandFailedException lost = new CommandFailedException("the " + peer + " went away: " + words);
        reason(lost);
        return failure == null ? lost : failure;
    }

    /** Returns the failure to throw: the first one stays, whatever follows from it. */
    private CommandFailedException fail(String words, Throwable cause) {
        if (failure == null) {
            failure = new CommandFailedException(words, cause);
        }
        return failure;
    }

    private PostResult postReceive(int slot) {
        receive.receive(slot).local(slotRegion, (long) slot * PerfMessage.MAX_OCTETS, PerfMessage.MAX_OCTETS);
        return queuePair.postReceive(receive);
    }

    @Override
    public void close() {
        queuePair.close();
        slotRegion.close();
        completions.close();
        domain.close();
    }
}
