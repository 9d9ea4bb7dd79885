package io.verbena.transport.netty;

import io.verbena.transport.ByteStream;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream handler that keeps what arrives and remembers what it was told; tests override what they are about. */
class Probe implements StreamHandler {
    /** What {@link #onFailed} was told. */
    record Failure(StreamError error, Throwable cause) {}

    final ByteStream stream;
    final CompletableFuture<Void> endOfStream = new CompletableFuture<>();
    final CompletableFuture<Failure> failure = new CompletableFuture<>();
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger writable = new AtomicInteger();
    final AtomicInteger burstEnds = new AtomicInteger();
    final ByteBuffer room = ByteBuffer.allocateDirect(64 * 1024);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final Object lock = new Object();

    Probe(ByteStream stream) {
        this.stream = stream;
    }

    /** Returns a copy of everything that arrived; any thread. */
    byte[] received() {
        synchronized (lock) {
            return received.toByteArray();
        }
    }

    /** Returns how many octets have arrived; any thread. */
    int receivedOctets() {
        synchronized (lock) {
            return received.size();
        }
    }

    final void keep(ByteBuffer filled) {
        filled.flip();
        byte[] octets = new byte[filled.remaining()];
        filled.get(octets);
        synchronized (lock) {
            received.writeBytes(octets);
        }
    }

    @Override
    public int targets(ByteBuffer[] lent) {
        lent[0] = room.clear();
        return 1;
    }

    @Override
    public void onOctets(int octets, boolean filled) {
        keep(room);
    }

    @Override
    public void onReadNothing() {}

    @Override
    public void onReadBurstEnd() {
        burstEnds.incrementAndGet();
    }

    @Override
    public void onWritable() {
        writable.incrementAndGet();
    }

    @Override
    public void onEndOfStream() {
        endOfStream.complete(null);
    }

    @Override
    public void onFailed(StreamError error, Throwable cause) {
        failures.incrementAndGet();
        failure.complete(new Failure(error, cause));
    }

    /** Runs {@code action} on the stream's loop and waits for its end. */
    final void onLoop(Runnable action) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        stream.loop().execute(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (Throwable thrown) {
                done.completeExceptionally(thrown);
            }
        });
        done.get(10, TimeUnit.SECONDS);
    }

    /** Writes all of {@code octets} (few enough for the socket's buffer) from the stream's loop. */
    final void send(byte... octets) throws Exception {
        onLoop(() -> {
            GatherList list = new GatherList(1);
            list.add(ByteBuffer.wrap(octets));
            stream.write(list);
            if (list.remaining() > 0) {
                throw new IllegalStateException(list.remaining() + " octets were not taken");
            }
        });
    }
}
