package io.verbena.verbs.async;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.STag;
import io.verbena.verbs.ScatterGatherList;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A queue pair whose requests are {@link Operation}s: awaited with a deadline, or futures.
 *
 * <pre>{@code
 * try (AsyncQueuePair pair = AsyncQueuePair.open(domain)) {
 *     device.connect(pair.queuePair(), address, ConnectionParameters.defaults());
 *     pair.write(memory, 0, 4096, remote).await(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>Memory comes as {@link LeasedRegion}s: what an operation was given stays leased to it until it completes. A full queue
 * is waited for, first come first served; when the wait is over, nothing was posted. A queue pair that takes no requests
 * any more yields operations that have failed, with the cause.
 *
 * <p>Thread rule: any thread (caller-driven device: the one that owns its loop). Operations of one thread are posted in its
 * order. Ownership: the queue pair is given; nobody else posts to it.
 */
public final class AsyncQueuePair implements AutoCloseable {
    /** How long an operation waits for room in a full queue, unless told otherwise. */
    static final Duration ROOM_DEADLINE = Duration.ofSeconds(10);

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);
    private static final int DEPTH = 128;

    private final QueuePair queuePair;
    private final CompletionDispatcher dispatcher;
    private final Duration roomDeadline;
    private final Runnable afterClose;
    private final PostingLane sends;
    private final PostingLane receives;
    private final Map<Long, Operation> outstanding = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile RegistrationCache cache;

    AsyncQueuePair(QueuePair queuePair, CompletionDispatcher dispatcher, Duration roomDeadline, Runnable afterClose) {
        this.queuePair = queuePair;
        this.dispatcher = dispatcher;
        this.roomDeadline = roomDeadline;
        this.afterClose = afterClose;
        this.sends = new PostingLane(
                dispatcher,
                "send queue of queue pair " + queuePair.number(),
                queuePair.options().sendDepth());
        this.receives = new PostingLane(
                dispatcher,
                "receive queue of queue pair " + queuePair.number(),
                queuePair.options().receiveDepth());
    }

    /** Creates a queue pair in {@code domain} with useful options, with a dispatcher of its own that is closed with it. */
    public static AsyncQueuePair open(ProtectionDomain domain) {
        return open(domain, DEPTH, DEPTH);
    }

    /** Creates a queue pair in {@code domain} with queues of these depths, with a dispatcher of its own. */
    public static AsyncQueuePair open(ProtectionDomain domain, int sendDepth, int receiveDepth) {
        CompletionDispatcher dispatcher = CompletionDispatcher.open(domain.device(), sendDepth + receiveDepth);
        QueuePair queuePair = null;
        try {
            queuePair = domain.createQueuePair(
                    QueuePairOptions.with(dispatcher.queue()).withDepths(sendDepth, receiveDepth));
            return dispatcher.attach(queuePair, ROOM_DEADLINE, dispatcher::close);
        } catch (RuntimeException failure) {
            if (queuePair != null) {
                queuePair.close();
            }
            dispatcher.close();
            throw failure;
        }
    }

    /**
     * Wraps a queue pair whose completion queues notify {@code lent} and serve nobody else, with a dispatcher thread of its
     * own. Queues and channel stay the application's.
     */
    public static AsyncQueuePair over(QueuePair given, CompletionChannel lent) {
        CompletionDispatcher dispatcher = CompletionDispatcher.over(device(given), lent, queues(given));
        return dispatcher.attach(given, ROOM_DEADLINE, dispatcher::close);
    }

    /** Wraps a queue pair of a caller-driven device whose completion queues serve nobody else. They stay the application's. */
    public static AsyncQueuePair callerDriven(QueuePair given) {
        CompletionDispatcher dispatcher = CompletionDispatcher.callerDriven(device(given), queues(given));
        return dispatcher.attach(given, ROOM_DEADLINE, dispatcher::close);
    }

    /** Returns the queue pair below: to connect, query and disconnect, not to post. */
    public QueuePair queuePair() {
        return queuePair;
    }

    /** Returns its number. */
    public int number() {
        return queuePair.number();
    }

    /** Returns what dispatches its completions. */
    public CompletionDispatcher dispatcher() {
        return dispatcher;
    }

    /** Returns the number of operations under way, receives included. */
    public int outstandingCount() {
        return outstanding.size();
    }

    /**
     * Writes {@code length} octets of {@code source} from {@code offset} on into the peer's memory from {@code remote} on.
     *
     * @throws IndexOutOfBoundsException if the octets are not inside the region
     * @throws IllegalStateException if the region or this object is closed
     * @throws TimeoutException if the send queue had no room in time; nothing was posted
     * @throws InterruptedException if interrupted while waiting for room; nothing was posted
     */
    public Operation write(LeasedRegion source, long offset, long length, RemoteRegion remote)
            throws TimeoutException, InterruptedException {
        return post(new SendRequest().write(remote).local(source.region(), offset, length), source);
    }

    /** Reads {@code length} octets of the peer's memory from {@code remote} on into {@code sink}; throws like {@link #write}. */
    public Operation read(LeasedRegion sink, long offset, long length, RemoteRegion remote)
            throws TimeoutException, InterruptedException {
        return post(new SendRequest().read(remote).local(sink.region(), offset, length), sink);
    }

    /** Sends {@code length} octets of {@code source} as a message; throws like {@link #write}. */
    public Operation send(LeasedRegion source, long offset, long length) throws TimeoutException, InterruptedException {
        return post(new SendRequest().send().local(source.region(), offset, length), source);
    }

    /** Sends a message with Solicited Event; throws like {@link #write}. */
    public Operation sendSolicited(LeasedRegion source, long offset, long length)
            throws TimeoutException, InterruptedException {
        return post(new SendRequest().sendSolicited().local(source.region(), offset, length), source);
    }

    /** Sends a message that makes the peer invalidate its {@code stag}; throws like {@link #write}. */
    public Operation sendInvalidate(LeasedRegion source, long offset, long length, int stag)
            throws TimeoutException, InterruptedException {
        return post(new SendRequest().sendInvalidate(stag).local(source.region(), offset, length), source);
    }

    /**
     * Lets operations take plain buffers, which {@code lent} registers as needed; the cache stays the application's, and any number
     * of queue pairs of its domain may use it.
     *
     * @throws IllegalArgumentException if the cache is of another domain
     */
    public AsyncQueuePair useCache(RegistrationCache lent) {
        if (!lent.protectionDomain().equals(queuePair.protectionDomain())) {
            throw new IllegalArgumentException("a cache of " + lent.protectionDomain() + " is no use to " + this
                    + " of " + queuePair.protectionDomain());
        }
        cache = lent;
        return this;
    }

    /**
     * Writes the remaining octets of {@code lent}, which the cache finds or registers, into the peer's memory from {@code remote}
     * on. The buffer's position and limit do not change, and do not matter once this returns; its octets are lent until the
     * operation completes.
     *
     * @throws IllegalArgumentException if the cache cannot register the buffer
     * @throws IllegalStateException if there is no cache ({@link #useCache}), or it has no room, or it or this object is closed
     * @throws TimeoutException if the send queue had no room in time; nothing was posted
     * @throws InterruptedException if interrupted while waiting for room; nothing was posted
     */
    public Operation write(ByteBuffer lent, RemoteRegion remote) throws TimeoutException, InterruptedException {
        return postCached(new SendRequest().write(remote), lent, AccessFlag.LOCAL_READ);
    }

    /** Reads the peer's memory from {@code remote} on into the remaining octets of {@code lent}; as {@link #write(ByteBuffer, RemoteRegion)}. */
    public Operation read(ByteBuffer lent, RemoteRegion remote) throws TimeoutException, InterruptedException {
        return postCached(new SendRequest().read(remote), lent, AccessFlag.LOCAL_WRITE);
    }

    /** Sends the remaining octets of {@code lent} as a message; as {@link #write(ByteBuffer, RemoteRegion)}. */
    public Operation send(ByteBuffer lent) throws TimeoutException, InterruptedException {
        return postCached(new SendRequest().send(), lent, AccessFlag.LOCAL_READ);
    }

    /** Sends the remaining octets of {@code lent} with Solicited Event; as {@link #write(ByteBuffer, RemoteRegion)}. */
    public Operation sendSolicited(ByteBuffer lent) throws TimeoutException, InterruptedException {
        return postCached(new SendRequest().sendSolicited(), lent, AccessFlag.LOCAL_READ);
    }

    /** Sends a message that makes the peer invalidate its {@code stag}; as {@link #write(ByteBuffer, RemoteRegion)}. */
    public Operation sendInvalidate(ByteBuffer lent, int stag) throws TimeoutException, InterruptedException {
        return postCached(new SendRequest().sendInvalidate(stag), lent, AccessFlag.LOCAL_READ);
    }

    /**
     * Posts a receive: the next message that meets it is placed in {@code lent} from its position on, and the completion tells its
     * length; as {@link #write(ByteBuffer, RemoteRegion)}.
     */
    public Operation receive(ByteBuffer lent) throws TimeoutException, InterruptedException {
        Operation operation = newOperation(CompletedOperation.RECEIVE, completion -> {});
        ReceiveRequest request = new ReceiveRequest().receive(operation.id());
        BufferLease lease = leaseCached(operation, lent, AccessFlag.LOCAL_WRITE);
        if (lease != null) {
            request.local(lease.region().region(), lease.offset(), lease.lengthOctets());
        }
        postLeased(operation, receives, () -> queuePair.postReceive(request));
        return operation;
    }

    /** Sends the remaining octets of {@code borrowed} as a message; they are copied now. Throws like {@link #write}. */
    public Operation sendInline(ByteBuffer borrowed) throws TimeoutException, InterruptedException {
        return post(new SendRequest().send().inline(borrowed));
    }

    /**
     * Sends Immediate Data, whose 8 octets come to the peer in the completion of a receive; throws like {@link #write}, but
     * there is no region.
     */
    public Operation immediate(long value) throws TimeoutException, InterruptedException {
        return post(new SendRequest().immediate(value));
    }

    /** Sends Immediate Data with Solicited Event; throws like {@link #immediate}. */
    public Operation immediateSolicited(long value) throws TimeoutException, InterruptedException {
        return post(new SendRequest().immediateSolicited(value));
    }

    /**
     * Adds to the first 8 octets of {@code remote}, atomically. The value before comes into the 8 octets of {@code sink} from
     * {@code offset} on, in this machine's byte order. Throws like {@link #write}.
     */
    public Operation fetchAdd(LeasedRegion sink, long offset, RemoteRegion remote, long addend)
            throws TimeoutException, InterruptedException {
        return post(onWord(new SendRequest().fetchAdd(remote.stag(), remote.address(), addend), sink, offset), sink);
    }

    /**
     * Puts {@code replacement} into the first 8 octets of {@code remote} if they are {@code expected}, atomically; it was done if
     * the value before, which comes as for {@link #fetchAdd}, is {@code expected}. Throws like {@link #write}.
     */
    public Operation compareSwap(LeasedRegion sink, long offset, RemoteRegion remote, long expected, long replacement)
            throws TimeoutException, InterruptedException {
        SendRequest request = new SendRequest().compareSwap(remote.stag(), remote.address(), expected, replacement);
        return post(onWord(request, sink, offset), sink);
    }

    /**
     * Puts {@code replacement} into the first 8 octets of {@code remote}, atomically. The value before comes as for {@link
     * #fetchAdd}. Throws like {@link #write}. For masks see {@link #post}.
     */
    public Operation swap(LeasedRegion sink, long offset, RemoteRegion remote, long replacement)
            throws TimeoutException, InterruptedException {
        return post(onWord(new SendRequest().swap(remote.stag(), remote.address(), replacement), sink, offset), sink);
    }

    private static SendRequest onWord(SendRequest request, LeasedRegion sink, long offset) {
        return request.local(sink.region(), offset, Long.BYTES);
    }

    /**
     * Posts a request of any kind. Its id is replaced and it is signaled; the rest is taken as it is.
     *
     * @param borrowed free again when this returns
     * @param memory the regions that its pieces of local memory lie in
     * @throws IllegalArgumentException if the request can never work, or a piece lies in none of {@code memory}
     * @throws IllegalStateException if a region or this object is closed
     * @throws TimeoutException if the send queue had no room in time; nothing was posted
     * @throws InterruptedException if interrupted while waiting for room; nothing was posted
     */
    public Operation post(SendRequest borrowed, LeasedRegion... memory) throws TimeoutException, InterruptedException {
        Operation operation = newOperation(kindOf(borrowed), completion -> {});
        borrowed.id(operation.id()).signaled(true);
        begin(operation, borrowed.memory(), memory, sends, () -> queuePair.postSend(borrowed));
        return operation;
    }

    /**
     * Posts a receive: the next message that meets it is placed in {@code length} octets of {@code sink} from {@code offset}
     * on, and the completion tells its length. Throws like {@link #write}.
     */
    public Operation receive(LeasedRegion sink, long offset, long length)
            throws TimeoutException, InterruptedException {
        return receive(sink, offset, length, completion -> {});
    }

    Operation receive(LeasedRegion sink, long offset, long length, Consumer<WorkCompletion> onOver)
            throws TimeoutException, InterruptedException {
        Operation operation = newOperation(CompletedOperation.RECEIVE, onOver);
        ReceiveRequest request = new ReceiveRequest().receive(operation.id()).local(sink.region(), offset, length);
        begin(operation, request.memory(), new LeasedRegion[] {sink}, receives, () -> queuePair.postReceive(request));
        return operation;
    }

    /**
     * Disconnects gracefully, as {@link QueuePair#disconnect}; the posted receives are flushed.
     *
     * @param deadline the longest wait, above zero; then the connection is aborted
     * @return whether the connection ended in good order
     * @throws InterruptedException if the thread was interrupted; the disconnect goes on
     */
    public boolean disconnect(Duration deadline) throws InterruptedException {
        return queuePair.disconnect(deadline);
    }

    /** Closes, waiting at most 5 seconds for a graceful end. */
    @Override
    public void close() {
        close(CLOSE_DEADLINE);
    }

    /**
     * Disconnects gracefully, aborts if that takes too long, waits until every outstanding operation has completed, destroys
     * the queue pair, and ends what was opened for it. Nothing of it uses any memory afterwards. Idempotent.
     *
     * @param longest the longest wait for a graceful end, above zero
     */
    public void close(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("deadline " + longest + " must be above zero");
        }
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Deadline deadline = dispatcher.deadline(longest);
        try {
            queuePair.disconnect(longest);
            if (!outstanding.isEmpty()) {
                // Requests that wait for a connection, or came in at the last moment, are not flushed by a graceful
                // end.
                queuePair.abort();
                awaitOutstanding(deadline);
            }
        } catch (InterruptedException interrupted) {
            queuePair.abort();
            Thread.currentThread().interrupt();
        } finally {
            abandon();
            dispatcher.detach(this);
            afterClose.run();
        }
    }

    @Override
    public String toString() {
        return "queue pair " + queuePair.number();
    }

    boolean closed() {
        return closed.get();
    }

    /** Ends the operation of {@code completion}; false if there is none. */
    boolean onCompletion(WorkCompletion completion) {
        Operation operation = outstanding.remove(completion.id());
        if (operation == null) {
            return false;
        }
        (operation.kind() == CompletedOperation.RECEIVE ? receives : sends).onCompleted();
        operation.complete(completion);
        return true;
    }

    /**
     * Destroys the queue pair and ends what is still outstanding: no completion will come any more.
     *
     * <p>An operation is put into {@link #outstanding} before it is posted, and a destroyed queue pair takes none: so each is
     * either found here or sees that it was not posted. Leases end only once nothing can touch the memory (VRB-QP-06).
     */
    void abandon() {
        queuePair.close();
        for (Operation operation : List.copyOf(outstanding.values())) {
            endUnposted(operation, "the queue pair was closed before it completed");
        }
    }

    private Operation newOperation(CompletedOperation kind, Consumer<WorkCompletion> onOver) {
        return new Operation(dispatcher, dispatcher.nextId(), kind, queuePair.number(), onOver);
    }

    private void begin(
            Operation operation,
            ScatterGatherList pieces,
            LeasedRegion[] memory,
            PostingLane lane,
            Supplier<PostResult> attempt)
            throws TimeoutException, InterruptedException {
        requireOpen();
        leaseAll(operation, pieces, memory);
        postLeased(operation, lane, attempt);
    }

    private Operation postCached(SendRequest request, ByteBuffer lent, AccessFlag right)
            throws TimeoutException, InterruptedException {
        Operation operation = newOperation(kindOf(request), completion -> {});
        BufferLease lease = leaseCached(operation, lent, right);
        if (lease != null) {
            request.local(lease.region().region(), lease.offset(), lease.lengthOctets());
        }
        request.id(operation.id());
        postLeased(operation, sends, () -> queuePair.postSend(request));
        return operation;
    }

    /** Leases the remaining octets through the cache; null if there are none, which needs no memory. */
    private BufferLease leaseCached(Operation operation, ByteBuffer lent, AccessFlag right) {
        requireOpen();
        RegistrationCache using = cache;
        if (using == null) {
            throw new IllegalStateException(
                    this + " has no registration cache for plain buffers: give it one with useCache");
        }
        if (!lent.hasRemaining()) {
            return null;
        }
        BufferLease lease = using.lease(lent, right, operation);
        operation.leased(List.of(lease));
        return lease;
    }

    private void postLeased(Operation operation, PostingLane lane, Supplier<PostResult> attempt)
            throws TimeoutException, InterruptedException {
        outstanding.put(operation.id(), operation);
        PostResult result = null;
        try {
            result = lane.post(attempt, roomDeadline);
        } finally {
            if (result == null) {
                outstanding.remove(operation.id());
                operation.endLeases();
            }
        }
        if (!result.posted()) {
            endUnposted(operation, "the queue pair takes no requests any more");
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException(this + " is closed");
        }
        dispatcher.requireRunning();
    }

    private static void leaseAll(Operation operation, ScatterGatherList pieces, LeasedRegion[] memory) {
        List<BufferLease> leases = new ArrayList<>(pieces.count());
        operation.leased(leases);
        try {
            for (int i = 0; i < pieces.count(); i++) {
                LeasedRegion region = regionOf(pieces.stag(i), memory);
                long offset = pieces.address(i) - region.region().startAddress();
                leases.add(region.lease(offset, pieces.lengthOctets(i), operation));
            }
        } catch (RuntimeException refused) {
            operation.endLeases();
            throw refused;
        }
    }

    private static LeasedRegion regionOf(int stag, LeasedRegion[] memory) {
        for (LeasedRegion region : memory) {
            if (region.stag() == stag) {
                return region;
            }
        }
        throw new IllegalArgumentException("memory with STag " + STag.toString(stag)
                + " is used by the request, but its region was not given to be leased");
    }

    private void endUnposted(Operation operation, String why) {
        if (outstanding.remove(operation.id()) != null) {
            operation.complete(
                    new UnpostedCompletion(operation.id(), operation.kind(), queuePair.number(), causeOfRefusal(why)));
        }
    }

    private FailureCause causeOfRefusal(String why) {
        FailureCause.Builder cause = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.LOCAL_CLOSE)
                .detail(why)
                .exception(dispatcher.endedBy());
        FailureCause first = queuePair.query().cause();
        return (first == null ? cause : cause.startedBy(first, 0)).build();
    }

    private void awaitOutstanding(Deadline deadline) throws InterruptedException {
        try {
            for (Operation operation : List.copyOf(outstanding.values())) {
                operation.awaitOver(Duration.ofNanos(deadline.remainingNanos()));
            }
        } catch (TimeoutException late) {
            // The queue pair is destroyed next, which ends them all.
            assert deadline.passed() : late;
        }
    }

    private static CompletedOperation kindOf(SendRequest request) {
        return switch (request.operation()) {
            case SEND, SEND_SOLICITED, SEND_INVALIDATE, SEND_SOLICITED_INVALIDATE -> CompletedOperation.SEND;
            case WRITE -> CompletedOperation.WRITE;
            case READ, READ_LOCAL_INVALIDATE -> CompletedOperation.READ;
            case IMMEDIATE, IMMEDIATE_SOLICITED -> CompletedOperation.IMMEDIATE;
            case FETCH_ADD -> CompletedOperation.FETCH_ADD;
            case COMPARE_SWAP -> CompletedOperation.COMPARE_SWAP;
            case FAST_REGISTER -> CompletedOperation.FAST_REGISTER;
            case BIND_WINDOW -> CompletedOperation.BIND_WINDOW;
            case LOCAL_INVALIDATE -> CompletedOperation.LOCAL_INVALIDATE;
        };
    }

    private static Device device(QueuePair queuePair) {
        return queuePair.protectionDomain().device();
    }

    private static CompletionQueue[] queues(QueuePair queuePair) {
        CompletionQueue send = queuePair.options().sendQueue();
        CompletionQueue receive = queuePair.options().receiveQueue();
        return send.equals(receive) ? new CompletionQueue[] {send} : new CompletionQueue[] {send, receive};
    }
}
