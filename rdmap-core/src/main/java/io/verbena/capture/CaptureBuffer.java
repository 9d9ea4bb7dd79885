package io.verbena.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Blocks on their way to the file: loops add whole blocks to one buffer, a thread of its own writes the other, and then they
 * change places. So the file is never further behind than the disk, and memory is bounded.
 *
 * <p>A loop that finds no room waits, so that nothing is missing from the file; if there is none for a second, or the file
 * takes no more, the capture ends and loops never wait again.
 *
 * <p>Thread rule: {@link #lock}, {@link #room}, {@link #commit} and {@link #unlock} in this order by any thread.
 */
final class CaptureBuffer {
    /** Octets of each of the two buffers; the largest block has to fit. */
    static final int BUFFER_OCTETS = 1 << 21;

    /** How long a loop waits for room before the capture ends. */
    static final long PATIENCE_NS = 1_000_000_000L;

    /** How long {@link #close} waits for the file to take the rest. */
    private static final long CLOSE_PATIENCE_MS = 5_000;

    /** Opens what blocks are written to, on the thread that writes. */
    @FunctionalInterface
    interface Target {
        WritableByteChannel open() throws IOException;
    }

    private final Target target;
    private final long patienceNs;
    private final Consumer<String> onEnded;
    private final Thread writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();
    private ByteBuffer filling = ByteBuffer.allocateDirect(BUFFER_OCTETS);
    private ByteBuffer writing = ByteBuffer.allocateDirect(BUFFER_OCTETS);
    private boolean closing;
    private volatile String ended;
    private String untold;
    private long writtenOctets;

    /**
     * Begins to write.
     *
     * @param target where to
     * @param name the name of the thread that writes
     * @param patienceNs how long a loop waits for room
     * @param onEnded hears once why the capture ended before it was closed, on the thread where that was noticed
     */
    CaptureBuffer(Target target, String name, long patienceNs, Consumer<String> onEnded) {
        this.target = target;
        this.patienceNs = patienceNs;
        this.onEnded = onEnded;
        writer = new Thread(this::write, name);
        writer.setDaemon(true);
        writer.start();
    }

    /** Returns why the capture ended before it was closed, or null. */
    String ended() {
        return ended;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        String why = untold;
        untold = null;
        lock.unlock();
        if (why != null) {
            onEnded.accept(why);
        }
    }

    /**
     * Returns where to put a block, at its position, or null if the capture has ended.
     *
     * @param octets how long the block is at most
     */
    ByteBuffer room(int octets) {
        assert lock.isHeldByCurrentThread() && octets <= BUFFER_OCTETS;
        boolean interrupted = false;
        long leftNs = patienceNs;
        while (ended == null && !closing && filling.remaining() < octets) {
            if (leftNs <= 0) {
                // Told when the lock is free: a listener may take its time.
                untold = "it was not written as fast as it came for " + TimeUnit.NANOSECONDS.toMillis(patienceNs)
                        + " ms";
                ended = untold;
                filled.signalAll();
                emptied.signalAll();
                break;
            }
            try {
                leftNs = emptied.awaitNanos(leftNs);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ended == null && !closing ? filling : null;
    }

    /** The block is whole. */
    void commit() {
        filled.signal();
    }

    private void end(String why) {
        boolean first;
        lock.lock();
        try {
            first = ended == null;
            if (first) {
                ended = why;
            }
            filled.signalAll();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            onEnded.accept(why);
        }
    }

    private void write() {
        try (WritableByteChannel channel = target.open()) {
            while (swap()) {
                writing.flip();
                writeAll(channel);
                writing.clear();
            }
        } catch (IOException failure) {
            end(String.valueOf(failure.getMessage()));
        }
    }

    /** Waits for something to write; false: nothing comes any more. */
    private boolean swap() {
        lock.lock();
        try {
            while (filling.position() == 0 && !closing && ended == null) {
                filled.awaitUninterruptibly();
            }
            if (filling.position() == 0 || ended != null) {
                return false;
            }
            ByteBuffer full = filling;
            filling = writing;
            writing = full;
            emptied.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void writeAll(WritableByteChannel channel) throws IOException {
        try {
            while (writing.hasRemaining()) {
                channel.write(writing);
            }
            writtenOctets += writing.limit();
        } catch (IOException failure) {
            if (channel instanceof FileChannel file) {
                // The file shall end with a whole packet.
                file.truncate(writtenOctets + PcapngBlocks.wholeBlocks(writing, writing.position()));
            }
            throw failure;
        }
    }

    /** Writes the rest and closes the file; waits for it a few seconds. Nothing can be added any more. */
    void close() {
        lock.lock();
        try {
            closing = true;
            filled.signalAll();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            writer.join(CLOSE_PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (writer.isAlive()) {
            end("its last octets could not be written in time");
        }
    }
}
