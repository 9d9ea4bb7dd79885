package io.verbena.verbs.async;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Equal buffers that are posted as receives, handed out as messages, and posted again when released.
 *
 * <pre>{@code
 * ReceivePool pool = ReceivePool.open(pair, 16, 4096);
 * try (ReceivedMessage message = pool.receive(Duration.ofSeconds(5))) {
 *     handle(message.octets());
 * }
 * }</pre>
 *
 * <p>Open it before connecting, so that the first message meets a receive. The messages that may arrive before the
 * application has released one are as many as the pool has buffers; agree with the peer on that number.
 *
 * <p>Thread rule: any thread. Ownership: the memory is the pool's (or given to it); a message lends a piece of it.
 */
public final class ReceivePool implements AutoCloseable {
    /** Wakes up who waits for a message once none will come any more. */
    private static final ReceivedMessage END = new ReceivedMessage(null, -1, null, null, null);

    private static final long RETRY_NANOS = 1_000_000;

    private final AsyncQueuePair pair;
    private final LeasedRegion region;
    private final ByteBuffer memory;
    private final int octetsEach;
    private final LinkedBlockingQueue<ReceivedMessage> arrived = new LinkedBlockingQueue<>();
    private final Queue<Integer> unposted = new ConcurrentLinkedQueue<>();
    private final AtomicReference<OperationFailedException> failure = new AtomicReference<>();
    private volatile boolean closed;

    private ReceivePool(AsyncQueuePair pair, ByteBuffer memory, int octetsEach) {
        this.pair = pair;
        this.memory = memory;
        this.octetsEach = octetsEach;
        this.region =
                LeasedRegion.register(pair.queuePair().protectionDomain(), memory.duplicate(), AccessFlag.LOCAL_WRITE);
    }

    /**
     * Allocates, registers and posts {@code buffers} buffers of {@code octetsEach}.
     *
     * @throws IllegalArgumentException if a number is below 1, or there are more buffers than the receive queue has slots
     */
    public static ReceivePool open(AsyncQueuePair pair, int buffers, int octetsEach)
            throws TimeoutException, InterruptedException {
        if (buffers < 1 || octetsEach < 1) {
            throw new IllegalArgumentException(buffers + " buffers of " + octetsEach + " octets: at least 1 of each");
        }
        return open(pair, ByteBuffer.allocateDirect(Math.multiplyExact(buffers, octetsEach)), octetsEach);
    }

    /**
     * Registers {@code given} and posts its remaining octets in buffers of {@code octetsEach}; a rest is left unused.
     *
     * @throws IllegalArgumentException if it is shorter than one buffer, or has more than the receive queue has slots
     * @throws TimeoutException if the receive queue had no room
     * @throws InterruptedException if the thread was interrupted
     */
    public static ReceivePool open(AsyncQueuePair pair, ByteBuffer given, int octetsEach)
            throws TimeoutException, InterruptedException {
        int slots = pair.queuePair().options().receiveDepth();
        if (octetsEach < 1 || given.remaining() < octetsEach || given.remaining() / octetsEach > slots) {
            throw new IllegalArgumentException(
                    given.remaining() + " octets do not make 1 to " + slots + " buffers of " + octetsEach + " octets");
        }
        ReceivePool pool = new ReceivePool(pair, given.slice(), octetsEach);
        try {
            for (int slot = 0; slot < pool.bufferCount(); slot++) {
                pool.post(slot);
            }
        } catch (TimeoutException | InterruptedException | RuntimeException refused) {
            pool.close();
            throw refused;
        }
        return pool;
    }

    /** Returns the number of buffers. */
    public int bufferCount() {
        return memory.capacity() / octetsEach;
    }

    /**
     * Waits for the next message.
     *
     * @param deadline the longest wait; zero only looks
     * @return the message, to be released
     * @throws TimeoutException if none arrived in time
     * @throws OperationFailedException if the queue pair has stopped and all messages that had arrived were handed out
     * @throws IllegalStateException if the pool is or gets closed
     * @throws InterruptedException if the thread was interrupted
     */
    public ReceivedMessage receive(Duration deadline)
            throws TimeoutException, OperationFailedException, InterruptedException {
        Deadline end = pair.dispatcher().deadline(deadline);
        while (true) {
            postAgain();
            ReceivedMessage message = next(end);
            if (message == END) {
                // Left for whoever else waits: after it nothing follows.
                arrived.add(END);
                throw ended();
            }
            if (message != null) {
                return message;
            }
            if (end.passed()) {
                throw new TimeoutException("no message arrived at " + pair + " within " + end);
            }
        }
    }

    /**
     * Hands out no more messages, and no more buffers to the queue pair. The memory is deregistered once the last buffer has come back: the
     * application's with their release, those posted when the queue pair is disconnected or closed. Idempotent.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            discardArrived();
            region.closeOnceFree();
        }
    }

    @Override
    public String toString() {
        return "receive pool of " + pair;
    }

    void onReleased(int slot, BufferLease lease) {
        unposted.add(slot);
        try {
            postAgain();
        } catch (TimeoutException late) {
            // The buffer waits in the pool: the next one who receives tries again.
            assert !unposted.isEmpty() : late;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            lease.end();
        }
    }

    private ReceivedMessage next(Deadline end) throws InterruptedException {
        if (pair.dispatcher().drivenByThisThread()) {
            while (arrived.isEmpty() && !end.passed()) {
                pair.dispatcher().driveFor(end);
            }
            return arrived.poll();
        }
        // With a buffer that could not be posted, look again soon: perhaps it is the only one.
        long wait = unposted.isEmpty() ? end.remainingNanos() : end.remainingNanos(RETRY_NANOS);
        return arrived.poll(wait, TimeUnit.NANOSECONDS);
    }

    private void postAgain() throws TimeoutException, InterruptedException {
        for (Integer slot = unposted.poll(); slot != null; slot = unposted.poll()) {
            boolean over = false;
            try {
                postIfOpen(slot);
                over = true;
            } finally {
                if (!over) {
                    unposted.add(slot);
                }
            }
        }
    }

    /** Posts a buffer, unless there is nothing left to post it to. */
    private void postIfOpen(int slot) throws TimeoutException, InterruptedException {
        if (closed || pair.closed() || failure.get() != null) {
            return;
        }
        try {
            post(slot);
        } catch (IllegalStateException refused) {
            // Closed since the look above: the buffer has nowhere to go.
            if (!closed && !pair.closed()) {
                throw refused;
            }
        }
    }

    private void post(int slot) throws TimeoutException, InterruptedException {
        long offset = (long) slot * octetsEach;
        pair.receive(region, offset, octetsEach, completion -> onCompletion(slot, offset, completion));
    }

    private void onCompletion(int slot, long offset, WorkCompletion completion) {
        if (completion.success()) {
            // The application's own lease begins before the receive's ends, so the region cannot close in between.
            BufferLease lease = region.leaseIfOpen(offset, octetsEach, "a received message", null);
            if (lease != null) {
                arrived.add(new ReceivedMessage(this, slot, lease, octets(offset, completion), completion));
            }
        } else if (failure.compareAndSet(null, new OperationFailedException(this, completion))) {
            arrived.add(END);
        }
        if (closed) {
            discardArrived();
        }
    }

    private void discardArrived() {
        for (ReceivedMessage message = arrived.poll(); message != null; message = arrived.poll()) {
            if (message != END) {
                message.release();
            }
        }
        arrived.add(END);
    }

    private OperationFailedException ended() {
        OperationFailedException first = failure.get();
        if (closed || first == null) {
            throw new IllegalStateException(this + " is closed");
        }
        return new OperationFailedException(this, first.completion());
    }

    private ByteBuffer octets(long offset, WorkCompletion completion) {
        return memory.slice(Math.toIntExact(offset), Math.toIntExact(completion.lengthOctets()));
    }
}
