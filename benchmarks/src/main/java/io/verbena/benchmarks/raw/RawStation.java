package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.MemoryWalk;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One end's memory, and moving messages between it and a channel. A channel that does not block is spun on.
 *
 * <p>Thread rule: one thread.
 */
final class RawStation {
    private final ByteBuffer memory;
    private final MemoryWalk walk;
    private final int messageOctets;
    private SocketChannel channel;

    RawStation(EndTask task) {
        memory = ByteBuffer.allocateDirect(task.effort().regionOctets());
        messageOctets = task.workload().messageOctets();
        walk = new MemoryWalk(memory.capacity(), messageOctets);
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    void use(SocketChannel connected, boolean blocking) throws IOException {
        connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connected.configureBlocking(blocking);
        channel = connected;
    }

    SocketChannel channel() {
        return channel;
    }

    ByteBuffer memory() {
        return memory;
    }

    int messageOctets() {
        return messageOctets;
    }

    /** Returns the place of the next message in the walk. */
    int next() {
        return walk.next();
    }

    /** Writes the message at {@code offset}. */
    void write(int offset) throws IOException {
        memory.limit(offset + messageOctets).position(offset);
        writeFully(memory);
    }

    /** Reads a message to {@code offset}. */
    void read(int offset) throws IOException {
        memory.limit(offset + messageOctets).position(offset);
        readFully(memory);
    }

    /** Reads what there is of a message into what {@code target} has left; false if nothing was there. */
    boolean readSome(ByteBuffer target) throws IOException {
        int count = channel.read(target);
        if (count < 0) {
            throw new EOFException("the peer has closed the connection");
        }
        return count > 0;
    }

    void writeFully(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            channel.write(source);
        }
    }

    void readFully(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            readSome(target);
        }
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
