package io.verbena.transport.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;

/**
 * A socket's place in the selector of its loop.
 *
 * <p>Who listens to its readiness may change, so that a connection attempt can hand the socket on to the stream it
 * became without registering it again.
 *
 * <p>Thread rule: loop thread.
 */
final class SelectedSocket implements NioIoHandle {
    private final NettyEventLoop loop;
    private final SelectableChannel channel;
    private ReadinessListener listener;
    private IoRegistration registration;
    private boolean released;
    private NioIoOps interest = NioIoOps.NONE;

    SelectedSocket(NettyEventLoop loop, SelectableChannel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    void registeredAs(IoRegistration registration) {
        this.registration = registration;
    }

    /** Names who is told from now on; needed before the loop's next turn. */
    void listener(ReadinessListener next) {
        listener = next;
    }

    /** Asks to be told when one of {@code ops} is possible, and no other. */
    void interest(NioIoOps ops) {
        if (ops.value() != interest.value()) {
            interest = ops;
            registration.submit(ops);
        }
    }

    /** Leaves the selector and closes the socket. */
    void release() throws IOException {
        released = true;
        loop.forget(this);
        registration.cancel();
        try {
            channel.close();
        } finally {
            loop.onReleased();
        }
    }

    /** Leaves the selector and closes the socket so that the peer sees a reset (TCP: RST instead of FIN). */
    void releaseWithReset() throws IOException {
        try {
            ((NetworkChannel) channel).setOption(StandardSocketOptions.SO_LINGER, 0);
        } finally {
            release();
        }
    }

    void onTransportClosed() {
        listener.onTransportClosed();
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        onReady(((NioIoEvent) event).ops().value());
    }

    void onReady(int readyOps) {
        try {
            listener.onReady(readyOps);
        } catch (Throwable failure) {
            // Whatever a listener did not foresee is its own affair: the loop serves others too.
            NettyEventLoop.onUncaught(failure);
        }
    }

    /** Reads without having been told that there is something to read; returns whether there was. */
    boolean poll() {
        try {
            return interest.contains(NioIoOps.READ) && listener.poll();
        } catch (Throwable failure) {
            NettyEventLoop.onUncaught(failure);
            return true;
        }
    }

    /** The selector ends, and with it the loop. */
    @Override
    public void close() {
        if (!released) {
            listener.onTransportClosed();
        }
    }
}
