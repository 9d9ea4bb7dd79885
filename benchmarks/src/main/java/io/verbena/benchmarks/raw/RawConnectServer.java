package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.ServerEnd;
import io.verbena.benchmarks.end.StopSignal;
import io.verbena.benchmarks.row.Figures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Accepts connections and returns the octets that each begins with; one thread and a selector. */
final class RawConnectServer implements ServerEnd {
    private static final int BACKLOG = 1024;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();

    RawConnectServer() throws IOException {}

    @Override
    public List<Integer> listen() throws Exception {
        listener.bind(RawStation.loopback(0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(this::loop, "raw-connect-server");
        thread.setDaemon(true);
        thread.start();
        return List.of(listener.socket().getLocalPort());
    }

    @Override
    public void accept() {
        // Connections come while it serves.
    }

    @Override
    public Figures serve(StopSignal stop) throws Exception {
        stop.await();
        return new Figures();
    }

    private void loop() {
        try {
            while (listener.isOpen()) {
                selector.select(this::ready);
            }
        } catch (IOException | ClosedSelectorException e) {
            // The client then waits for an answer in vain and says so.
            return;
        }
    }

    private void ready(SelectionKey key) {
        if (key.channel() == listener) {
            acceptAll();
            return;
        }
        try {
            answer((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
        } catch (IOException e) {
            // The client has reset the connection: the measurement is over.
            closeQuietly(key);
        }
    }

    private void acceptAll() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                channel.configureBlocking(false);
                channel.register(
                        selector, SelectionKey.OP_READ, ByteBuffer.allocateDirect(RawConnectClient.EXCHANGED_OCTETS));
            }
        } catch (IOException e) {
            // The client then waits for an answer in vain and says so.
            return;
        }
    }

    private static void answer(SocketChannel channel, ByteBuffer octets) throws IOException {
        if (channel.read(octets) < 0) {
            channel.close();
        } else if (!octets.hasRemaining()) {
            channel.write(octets.flip());
            octets.clear();
        }
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            // There is nothing left to close.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
