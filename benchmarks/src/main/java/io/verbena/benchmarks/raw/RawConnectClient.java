package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.row.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes connections, several at once, and exchanges some octets on each; one thread and a selector. */
public final class RawConnectClient implements ClientEnd {
    /** Octets sent each way: about as much as an MPA Request and Reply. */
    public static final int EXCHANGED_OCTETS = 32;

    /** Attempts under way at once. */
    public static final int AT_ONCE = 32;

    private static final double NANOS_PER_SECOND = 1e9;

    private final EndTask task;
    private final Selector selector = Selector.open();
    private final List<SocketChannel> made = new ArrayList<>();
    private InetSocketAddress remote;
    private int established;

    RawConnectClient(EndTask task) throws IOException {
        this.task = task;
    }

    @Override
    public void connect(List<Integer> ports) {
        remote = RawStation.loopback(ports.get(0));
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        established = 0;
        int most = task.effort().connections();
        try {
            long began = System.nanoTime();
            while (!enough(most, began, time) || established < made.size()) {
                while (made.size() - established < AT_ONCE && !enough(most, began, time)) {
                    begin();
                }
                if (selector.select(this::ready, Patience.LIMIT.toMillis()) == 0) {
                    throw new EndFailedException("no connection was made in " + Patience.LIMIT.toSeconds() + " s");
                }
            }
            long nanos = System.nanoTime() - began;
            return new Figures()
                    .with(Figures.VALUE, established * NANOS_PER_SECOND / nanos)
                    .with(Figures.OPERATIONS, established);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            closeAll();
        }
    }

    private boolean enough(int most, long began, Duration time) {
        return made.size() >= most || System.nanoTime() - began >= time.toNanos();
    }

    private void begin() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.configureBlocking(false);
        made.add(channel);
        channel.connect(remote);
        channel.register(selector, SelectionKey.OP_CONNECT, ByteBuffer.allocateDirect(EXCHANGED_OCTETS));
    }

    private void ready(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        ByteBuffer octets = (ByteBuffer) key.attachment();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(octets);
                octets.clear();
                key.interestOps(SelectionKey.OP_READ);
            } else if (channel.read(octets) < 0) {
                throw new IOException("the server has closed a new connection");
            } else if (!octets.hasRemaining()) {
                key.cancel();
                established++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeAll() throws IOException {
        for (SocketChannel channel : made) {
            channel.close();
        }
        made.clear();
        selector.selectNow();
    }

    @Override
    public void close() throws IOException {
        closeAll();
        selector.close();
    }
}
