package io.verbena.examples.crowd;

import io.verbena.examples.command.CommandFailedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The one client that keeps no rule. It says hello like the others, and then does what its {@link Hostility} says until it is
 * closed or the server has had enough.
 *
 * <p>Thread rule: runs on a thread of its own; made and closed by the command's.
 */
final class HostileClient implements Runnable, AutoCloseable {
    private static final int BATCH = 64;
    private static final Duration STEP = Duration.ofMillis(5);

    private final Plan plan;
    private final BareIwarp connection;
    private final byte[] payload;
    private volatile long sent;
    private volatile String end = "the round was over";

    HostileClient(Plan plan, InetSocketAddress server) throws CommandFailedException, IOException {
        this.plan = plan;
        connection = BareIwarp.connect(server, new Hello(plan.clients()).encode());
        payload = new byte[plan.messageOctets()];
    }

    @Override
    public void run() {
        try {
            switch (plan.hostility()) {
                case NONE -> {
                    // There is nothing to do.
                }
                case FLOOD -> send(Long.MAX_VALUE / 2);
                case GREEDY -> send(plan.depth() * 97L / 100);
                case UNFINISHED -> unfinished();
                case HALF_FRAME -> halfFrame();
            }
        } catch (IOException e) {
            end = "the server broke the connection (" + e.getMessage() + ")";
        }
    }

    /** Sends batch after batch, with so many messages under way at most. */
    private void send(long ownCredit) throws IOException {
        ByteBuffer frames = ByteBuffer.allocate(BATCH * (payload.length + 64));
        long began = System.nanoTime();
        Beat beat = new Beat(STEP);
        long next = 0;
        while (!Thread.currentThread().isInterrupted()) {
            // Whether it heeds them or not, acknowledgements must not fill its window.
            long acknowledged = connection.acknowledged();
            int batch = (int) Math.min(BATCH, Math.min(ownCredit - (next - acknowledged), due(began) - next));
            if (batch <= 0) {
                beat.await();
                continue;
            }
            frames.clear();
            for (int i = 1; i <= batch; i++) {
                connection.frame(frames, (int) next + i, 0, payload, true);
            }
            connection.send(frames);
            next += batch;
            sent = next;
        }
    }

    private long due(long began) {
        int perSecond = plan.hostilePerSecond();
        return perSecond == 0 ? Long.MAX_VALUE : (long) (perSecond * (System.nanoTime() - began) / 1e9);
    }

    private void unfinished() throws IOException {
        // A receive takes a payload: as many segments as the message can draw receives, none of them the last.
        for (int i = 0; i < Math.min(plan.limit(plan.clients()), plan.receivesPerMessage()); i++) {
            ByteBuffer frame = ByteBuffer.allocate(payload.length + 64);
            connection.frame(frame, 1, i * payload.length, payload, false);
            connection.send(frame);
        }
        connection.awaitEnd();
        end = "the server closed the connection";
    }

    private void halfFrame() throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 64);
        connection.frame(frame, 1, 0, payload, true);
        frame.position(frame.position() / 2);
        connection.send(frame);
        connection.awaitEnd();
        end = "the server closed the connection";
    }

    /** Returns how many messages it has sent. */
    long sent() {
        return sent;
    }

    /** Returns what became of it. */
    String end() {
        return end;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
