package io.verbena.testkit;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.cm.Connection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * One end of a connection of a {@link DevicePair}: a queue pair with completion queues of its own, and short ways to do what
 * every test does.
 *
 * <p>Thread rule: the test's thread.
 */
public final class PairEnd {
    private final PairSide side;
    private final Runnable progress;
    private final CompletionChannel channel;
    private final CompletionQueue sendCompletions;
    private final CompletionQueue receiveCompletions;
    private final QueuePair queuePair;

    PairEnd(PairSide side, PairOptions options, UnaryOperator<QueuePairOptions> changes, Runnable progress) {
        this.side = side;
        this.progress = progress;
        channel = side.device().createCompletionChannel();
        sendCompletions = side.device().createCompletionQueue(options.completionCapacity(), channel);
        receiveCompletions = side.device().createCompletionQueue(options.completionCapacity(), channel);
        queuePair = side.domain()
                .createQueuePair(changes.apply(
                        options.queuePairs().apply(QueuePairOptions.with(sendCompletions, receiveCompletions))));
    }

    /** Returns the device. */
    public Device device() {
        return side.device();
    }

    /** Returns the protection domain. */
    public ProtectionDomain domain() {
        return side.domain();
    }

    /** Returns the queue pair. */
    public QueuePair queuePair() {
        return queuePair;
    }

    /** Returns the connection that the queue pair is or was bound to. */
    public Connection connection() {
        return queuePair.connection();
    }

    /** Returns the channel that both completion queues can notify. */
    public CompletionChannel channel() {
        return channel;
    }

    /** Returns the completion queue of the send queue. */
    public CompletionQueue sendCompletions() {
        return sendCompletions;
    }

    /** Returns the completion queue of the receive queue. */
    public CompletionQueue receiveCompletions() {
        return receiveCompletions;
    }

    /** Returns the asynchronous events of this queue pair so far, in their order. */
    public List<AsyncEvent> events() {
        return side.events().stream()
                .filter(event -> event.queuePairNumber() == queuePair.number())
                .toList();
    }

    /** Registers a new direct buffer of zeros, with local write and these rights; the pair closes the region. */
    public MemoryRegion register(int octets, AccessFlag... access) {
        return register(ByteBuffer.allocateDirect(octets), access);
    }

    /** Registers the remaining octets of {@code lent} with local write and these rights; the pair closes the region. */
    public MemoryRegion register(ByteBuffer lent, AccessFlag... access) {
        AccessFlag[] rights = new AccessFlag[access.length + 1];
        System.arraycopy(access, 0, rights, 0, access.length);
        rights[access.length] = AccessFlag.LOCAL_WRITE;
        return register(List.of(lent), RegionOptions.access(rights));
    }

    /** Registers several buffers as one region; the pair closes it. */
    public MemoryRegion register(List<ByteBuffer> lent, RegionOptions options) {
        return side.adopt(side.domain().register(lent, options));
    }

    /** Allocates a region without memory, for fast registration; the pair closes it. */
    public MemoryRegion allocateRegion(int maxPages, boolean remoteAccess) {
        return side.adopt(side.domain().allocateRegion(maxPages, remoteAccess));
    }

    /** Allocates a window that is not bound; the pair closes it, before all regions. */
    public MemoryWindow allocateWindow(WindowType type) {
        return side.adopt(side.domain().allocateWindow(type));
    }

    /** Posts a request of the send queue. */
    public void post(SendRequest request) {
        queuePair.postSend(request).orThrow();
    }

    /** Posts a receive that may use the whole of {@code region}. */
    public void postReceive(long id, MemoryRegion region) {
        queuePair
                .postReceive(new ReceiveRequest().receive(id).local(region, 0, region.lengthOctets()))
                .orThrow();
    }

    /** Posts a receive for a message without octets. */
    public void postEmptyReceive(long id) {
        queuePair.postReceive(new ReceiveRequest().receive(id)).orThrow();
    }

    /** Waits for the next completion of the send queue. */
    public WorkCompletion awaitSend() {
        return await(sendCompletions, "a completion of the send queue");
    }

    /** Waits for the next completion of the receive queue. */
    public WorkCompletion awaitReceive() {
        return await(receiveCompletions, "a completion of the receive queue");
    }

    /** Waits for the next completion of the send queue and insists on success. */
    public WorkCompletion awaitSendSuccess() {
        return requireSuccess(awaitSend());
    }

    /** Waits for the next completion of the receive queue and insists on success. */
    public WorkCompletion awaitReceiveSuccess() {
        return requireSuccess(awaitReceive());
    }

    /** Waits until the queue pair is in {@code state}. */
    public void awaitState(QueuePairState state) {
        await(
                "state " + state + " of queue pair " + queuePair.number() + ", which is in " + queuePair.state(),
                () -> queuePair.state() == state);
    }

    /** Waits until this queue pair has had {@code count} asynchronous events, and returns all there are. */
    public List<AsyncEvent> awaitEvents(int count) {
        await(count + " asynchronous events", () -> events().size() >= count);
        return events();
    }

    /** Waits for a condition; caller-driven devices make progress meanwhile. */
    public void await(String what, BooleanSupplier condition) {
        SystemDeadline.awaitUsual(what, () -> {
            progress.run();
            return condition.getAsBoolean();
        });
    }

    private WorkCompletion await(CompletionQueue queue, String what) {
        WorkCompletion[] taken = new WorkCompletion[1];
        SystemDeadline.awaitUsual(what, () -> {
            progress.run();
            return queue.poll(1, completion -> taken[0] = completion.copy()) == 1;
        });
        return taken[0];
    }

    private static WorkCompletion requireSuccess(WorkCompletion completion) {
        if (!completion.success()) {
            throw new AssertionError("request " + completion.id() + " (" + completion.operation() + ") ended with "
                    + completion.status() + ": "
                    + (completion.cause() == null
                            ? "no cause"
                            : completion.cause().message()));
        }
        return completion;
    }

    void close() {
        queuePair.close();
        sendCompletions.close();
        if (receiveCompletions != sendCompletions) {
            receiveCompletions.close();
        }
        channel.close();
    }
}
