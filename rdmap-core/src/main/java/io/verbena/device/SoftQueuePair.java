package io.verbena.device;

import io.verbena.connection.BindableQueuePair;
import io.verbena.engine.QueuePairEngine;
import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.rdmap.RdmapStream;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairSnapshot;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveBatch;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkQueueSnapshot;
import io.verbena.verbs.cm.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A queue pair as the application has it: checks arguments, posts to the engine, and takes verbs that change state to the
 * engine's loop. Any thread.
 */
final class SoftQueuePair implements BindableQueuePair {
    private final SoftDevice device;
    private final SoftProtectionDomain domain;
    private final QueuePairOptions options;
    private final QueuePairEngine engine;
    private final SoftCompletionQueue sendCompletions;
    private final SoftCompletionQueue receiveCompletions;
    private final SoftSharedReceiveQueue sharedReceives;
    private final AtomicBoolean reserved = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Connection connection;
    private volatile Runnable giveUp;

    SoftQueuePair(
            SoftDevice device,
            SoftProtectionDomain domain,
            QueuePairEngine engine,
            SoftCompletionQueue sendCompletions,
            SoftCompletionQueue receiveCompletions,
            SoftSharedReceiveQueue sharedReceives) {
        this.device = device;
        this.domain = domain;
        this.engine = engine;
        this.options = engine.options();
        this.sendCompletions = sendCompletions;
        this.receiveCompletions = receiveCompletions;
        this.sharedReceives = sharedReceives;
        sendCompletions.attach("send queue of " + this);
        receiveCompletions.attach("receive queue of " + this);
    }

    @Override
    public QueuePairEngine engine() {
        return engine;
    }

    @Override
    public int number() {
        return engine.number();
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    @Override
    public QueuePairState state() {
        return engine.state();
    }

    @Override
    public QueuePairOptions options() {
        return options;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public void connection(Connection next) {
        connection = next;
    }

    @Override
    public QueuePairSnapshot query() {
        RdmapStream stream = engine.stream();
        return new QueuePairSnapshot(
                number(),
                state(),
                domain.number(),
                options.sendDepth(),
                options.receiveDepth(),
                sendQueueDrained(),
                engine.sendQueue().busy(),
                engine.receiveQueue().busy(),
                engine.waitsForReceive(),
                engine.inboundReadDepth(),
                engine.outboundReadDepth(),
                stream == null ? 0 : stream.peerReads(),
                stream == null ? 0 : stream.ownReads(),
                sendCompletions.number(),
                receiveCompletions.number(),
                engine.terminate(),
                engine.failure());
    }

    @Override
    public WorkQueueSnapshot querySendQueue() {
        return engine.sendQueue().snapshot(number());
    }

    @Override
    public WorkQueueSnapshot queryReceiveQueue() {
        return engine.ownReceiveQueue().snapshot(number());
    }

    @Override
    public PostResult postSend(SendRequest borrowed) {
        RequestCheck.send(borrowed, options, device);
        PostResult result = engine.postSend(borrowed);
        if (result == PostResult.POSTED) {
            engine.ring();
        }
        return result;
    }

    @Override
    public int postSend(SendBatch borrowed) {
        int posted = 0;
        try {
            for (; posted < borrowed.size(); posted++) {
                SendRequest request = borrowed.get(posted);
                RequestCheck.sendOfBatch(request, posted, options, device);
                if (engine.postSend(request) != PostResult.POSTED) {
                    break;
                }
            }
        } finally {
            if (posted > 0) {
                engine.ring();
            }
        }
        return posted;
    }

    @Override
    public PostResult postReceive(ReceiveRequest borrowed) {
        RequestCheck.receive(borrowed, options);
        return engine.postReceive(borrowed);
    }

    @Override
    public int postReceive(ReceiveBatch borrowed) {
        int posted = 0;
        for (; posted < borrowed.size(); posted++) {
            RequestCheck.receiveOfBatch(borrowed.get(posted), posted, options);
            if (engine.postReceive(borrowed.get(posted)) != PostResult.POSTED) {
                break;
            }
        }
        return posted;
    }

    @Override
    public void reserve() {
        QueuePairState now = state();
        if (now != QueuePairState.IDLE) {
            throw new IllegalStateException(this + " is in " + now + ", a connection needs it in IDLE");
        }
        if (closed.get()) {
            throw new IllegalStateException(this + " is destroyed");
        }
        if (!reserved.compareAndSet(false, true)) {
            throw new IllegalStateException(this + " is being connected already");
        }
    }

    @Override
    public void onWithdrawn(Runnable how) {
        giveUp = how;
        if (closed.get()) {
            how.run();
        }
    }

    @Override
    public void unreserve() {
        giveUp = null;
        reserved.set(false);
    }

    @Override
    public void modify(QueuePairState next) {
        if (next == QueuePairState.ERROR) {
            withdraw();
        }
        onLoop(() -> {
            requireOpen();
            engine.modify(next);
        });
    }

    @Override
    public boolean sendQueueDrained() {
        return engine.sendQueueDrained();
    }

    @Override
    public void resumeSendQueue() {
        onLoop(() -> {
            requireOpen();
            QueuePairState now = state();
            if (now != QueuePairState.RTS) {
                throw new IllegalStateException(
                        this + " is in " + now + ", its send queue can be put back to work in RTS only");
            }
            engine.resumeSendQueue();
        });
    }

    @Override
    public void lowerOutboundReadDepth(int depth) {
        onLoop(() -> {
            requireOpen();
            QueuePairState now = state();
            if (now != QueuePairState.IDLE && now != QueuePairState.RTS) {
                throw new IllegalStateException(this + " is in " + now + ", ORD can be lowered in IDLE and RTS");
            }
            if (depth < 0 || depth > engine.outboundReadDepth()) {
                throw new IllegalArgumentException(
                        "ORD " + depth + " must be 0 to the present value " + engine.outboundReadDepth());
            }
            engine.lowerOutboundReadDepth(depth);
        });
    }

    @Override
    public boolean disconnect(Duration deadline) throws InterruptedException {
        CompletableFuture<Boolean> outcome = disconnectAsync(deadline);
        device.waiting().await(outcome, Long.MAX_VALUE);
        return outcome.join();
    }

    @Override
    public CompletableFuture<Boolean> disconnectAsync(Duration deadline) {
        if (deadline.isZero() || deadline.isNegative()) {
            throw new IllegalArgumentException("deadline " + deadline + " must be above zero");
        }
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        engine.execute(() -> engine.disconnect(deadline.toNanos(), outcome));
        return outcome;
    }

    @Override
    public void abort() {
        withdraw();
        onLoop(() -> engine.abort("the application aborted the connection"));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        withdraw();
        onLoop(engine::destroy);
        sendCompletions.forget(number());
        receiveCompletions.forget(number());
        sendCompletions.detach("send queue of " + this);
        receiveCompletions.detach("receive queue of " + this);
        domain.forget(this);
        device.forget(this);
        ReceiveAccount account = engine.sharedReceives();
        if (account != null) {
            // Last, because it asks the application's resource manager.
            sharedReceives.detach(account);
        }
    }

    /** It is of no use to a connection any more; whoever is making one need not go on. */
    private void withdraw() {
        Runnable attempt = giveUp;
        if (attempt != null) {
            attempt.run();
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException(this + " is destroyed");
        }
    }

    /** Runs {@code task} on the engine's loop and returns when it is done; its exception is thrown here. */
    private void onLoop(Runnable task) {
        if (engine.home().inLoop()) {
            task.run();
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        engine.execute(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (RuntimeException failure) {
                done.completeExceptionally(failure);
            }
        });
        device.awaitUninterruptibly(done);
        try {
            done.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    @Override
    public String toString() {
        return "queue pair " + number();
    }
}
