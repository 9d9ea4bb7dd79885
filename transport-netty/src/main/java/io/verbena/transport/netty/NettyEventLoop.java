package io.verbena.transport.netty;

import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import io.verbena.transport.StreamHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What background and caller-driven loops have in common: the sockets they own, and how they part from them.
 *
 * <p>Thread rule: as {@link EventLoop} says; the methods added here are for the loop thread unless they say otherwise.
 */
abstract class NettyEventLoop implements EventLoop {
    private final int index;
    private final Set<SelectedSocket> sockets = new LinkedHashSet<>();
    private final ByteBuffer[] readTargets = new ByteBuffer[StreamHandler.MAX_TARGETS];
    private boolean closing;

    NettyEventLoop(int index) {
        this.index = index;
    }

    @Override
    public final int index() {
        return index;
    }

    @Override
    public final NanoClock clock() {
        return SystemNanoClock.INSTANCE;
    }

    /**
     * Puts {@code channel} under this loop's selector, with no interest yet and nobody listening.
     *
     * @throws ClosedSelectorException if the loop is being closed
     * @throws IOException if the selector does not take it
     */
    final SelectedSocket register(SelectableChannel channel) throws IOException {
        if (closing) {
            throw new ClosedSelectorException();
        }
        SelectedSocket socket = new SelectedSocket(this, channel);
        socket.registeredAs(register(socket));
        sockets.add(socket);
        return socket;
    }

    /** Adds {@code handle} to the selector. */
    abstract IoRegistration register(NioIoHandle handle) throws IOException;

    /** Returns the array in which handlers name their targets; nothing is kept in it from one read to the next. */
    final ByteBuffer[] readTargets() {
        return readTargets;
    }

    final void forget(SelectedSocket socket) {
        sockets.remove(socket);
    }

    /** A socket has left the selector; it is really closed the next time the selector looks at its sockets. */
    abstract void onReleased();

    /** Parts from all sockets and takes no new ones; their listeners are told. */
    final void closeSockets() {
        closing = true;
        for (SelectedSocket socket : List.copyOf(sockets)) {
            socket.onTransportClosed();
        }
    }

    /** Begins to close this loop: sockets first, then the tasks that were given. Any thread; idempotent. */
    abstract void beginClose();

    /**
     * Waits until this loop has ended.
     *
     * @param maxWaitNs at most so many nanoseconds
     */
    abstract void awaitClosed(long maxWaitNs) throws InterruptedException;

    /**
     * Hands a failure for which nobody in the seam is responsible (a handler that throws while it is told of a failure, a
     * task that throws) to the thread's uncaught exception handler. The loop lives on.
     */
    static void onUncaught(Throwable failure) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
}
