package io.verbena.connection;

import io.verbena.transport.ByteStream;
import io.verbena.verbs.cm.StreamBinding;
import java.net.InetSocketAddress;

/**
 * What one TCP connection is bound to: nothing, an MPA startup, or a queue pair.
 *
 * <p>Thread rule: any thread.
 */
final class StreamEntry {
    private final StreamTable table;
    private final boolean inbound;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private StreamBinding.Kind kind;
    private int queuePairNumber = StreamBinding.NO_QUEUE_PAIR;
    private boolean hasPlainPlace;

    StreamEntry(StreamTable table, ByteStream stream, boolean inbound, StreamBinding.Kind kind, boolean hasPlainPlace) {
        this.table = table;
        this.inbound = inbound;
        this.kind = kind;
        this.hasPlainPlace = hasPlainPlace;
        localAddress = stream.localAddress();
        remoteAddress = stream.remoteAddress();
    }

    /** Returns what the stream is bound to now. */
    synchronized StreamBinding binding() {
        return new StreamBinding(kind, inbound, localAddress, remoteAddress, queuePairNumber);
    }

    /** Returns whether the application reads and writes. */
    synchronized boolean plain() {
        return kind == StreamBinding.Kind.PLAIN;
    }

    /** MPA starts on a plain stream. */
    synchronized void beginStartup() {
        kind = StreamBinding.Kind.STARTUP;
    }

    /** MPA ended with a rejection: the stream is in streaming mode again. */
    synchronized void leaveStartup() {
        if (kind == StreamBinding.Kind.STARTUP) {
            kind = StreamBinding.Kind.PLAIN;
        }
    }

    /** The startup is done. */
    synchronized void bindTo(int queuePair) {
        kind = StreamBinding.Kind.RDMA;
        queuePairNumber = queuePair;
        leavePlace();
    }

    /** The connection has ended, or is only closing. Idempotent. */
    synchronized void end() {
        kind = StreamBinding.Kind.ENDED;
        queuePairNumber = StreamBinding.NO_QUEUE_PAIR;
        leavePlace();
        table.remove(this);
    }

    private void leavePlace() {
        if (hasPlainPlace) {
            hasPlainPlace = false;
            table.leavePlainPlace();
        }
    }

    /** Returns why the application may not read or write, for messages. */
    synchronized String whyNotPlain() {
        return switch (kind) {
            case STARTUP -> "MPA has begun on the stream " + addresses();
            case RDMA -> "the stream " + addresses() + " is bound to queue pair " + queuePairNumber;
            case ENDED -> "the stream " + addresses() + " has ended";
            case PLAIN -> "the stream " + addresses() + " is plain";
        };
    }

    /** Returns both ends, for messages. */
    String addresses() {
        return (inbound ? "from " : "to ") + Failures.text(remoteAddress);
    }

    InetSocketAddress localAddress() {
        return localAddress;
    }

    InetSocketAddress remoteAddress() {
        return remoteAddress;
    }
}
