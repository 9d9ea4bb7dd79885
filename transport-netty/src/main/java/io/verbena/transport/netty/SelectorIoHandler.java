package io.verbena.transport.netty;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * How an event loop waits for {@code java.nio} sockets.
 *
 * <p>It stands where Netty's {@code NioIoHandler} would, for three reasons. That one allocates for every ready socket,
 * unless it may reach into the JDK with {@code Unsafe}, which it no longer does on current JDKs; this one goes through
 * {@link Selector#select(Consumer, long)}. That one writes to the selector's wake-up descriptor once a turn even if the
 * loop is not asleep; here a wake-up costs a system call only for a loop that sleeps. And a loop that spins over few sockets
 * is served here by reading them straight away, which spares the call that asks whether there is something to read.
 *
 * <p>Thread rule: who runs the loop, except {@link #wakeup()} and {@link #sockets()}.
 */
final class SelectorIoHandler {
    /** What a turn knows of how long it may wait. */
    interface Waits {
        /** Returns whether there is nothing to do but wait. */
        boolean mayWait();

        /** Returns the longest wait in nanoseconds, {@link Long#MAX_VALUE} without end. */
        long longestNs();
    }

    /** The most sockets that are read directly while spinning; with more of them the selector is cheaper. */
    static final int MAX_POLLED_SOCKETS = 4;

    /** Every so many spinning turns the selector is asked: for connections to accept, and whether an attempt has succeeded. */
    static final int TURNS_PER_SELECT = 64;

    /** The same while a socket waits for room to write. */
    static final int TURNS_PER_SELECT_FOR_ROOM = 16;

    private static final int INITIAL_READY_CAPACITY = 64;

    private final NettyEventLoop loop;
    private final Selector selector;
    private final List<Registration> registrations = new ArrayList<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Consumer<SelectionKey> collector = this::collect;
    private SelectionKey[] ready = new SelectionKey[INITIAL_READY_CAPACITY];
    private int readyCount;
    private int turnsUntilSelect;

    /** How many sockets wait for room to write. */
    private int waitForRoom;

    private boolean releasing;

    /** How many registrations there are, for other threads. */
    private volatile int sockets;

    /** Opens a selector. */
    SelectorIoHandler(NettyEventLoop loop) {
        this.loop = loop;
        try {
            selector = Selector.open();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot open a selector: " + failure.getMessage(), failure);
        }
    }

    /** Returns how many sockets there are. Any thread; a snapshot. */
    int sockets() {
        return sockets;
    }

    /** Serves the sockets that are ready, waiting for one if it may, and returns how many were. */
    int run(Waits waits) {
        boolean mayWait = waits.mayWait();
        if (!mayWait && registrations.size() <= MAX_POLLED_SOCKETS && turnsUntilSelect > 0) {
            turnsUntilSelect--;
            return poll();
        }
        turnsUntilSelect = waitForRoom > 0 ? TURNS_PER_SELECT_FOR_ROOM : TURNS_PER_SELECT;
        try {
            if (mayWait) {
                await(waits);
            } else {
                selector.selectNow(collector);
            }
        } catch (IOException failure) {
            throw broken(failure);
        }
        releasing = false;
        return serveReady();
    }

    private int poll() {
        int served = 0;
        for (int i = registrations.size() - 1; i >= 0; i--) {
            // A socket that was served may have closed others.
            if (i < registrations.size() && registrations.get(i).handle.poll()) {
                served++;
            }
        }
        return served;
    }

    private void await(Waits waits) throws IOException {
        asleep.set(true);
        // What was given to the loop before it could be seen asleep did not wake it: look again.
        if (waits.mayWait()) {
            selectWithin(waits.longestNs());
        } else {
            selector.selectNow(collector);
        }
        asleep.set(false);
    }

    private void selectWithin(long delayNs) throws IOException {
        if (delayNs == Long.MAX_VALUE) {
            selector.select(collector);
            return;
        }
        // Selectors count in milliseconds: the nearest one.
        long millis = delayNs / 1_000_000 + (delayNs % 1_000_000 >= 500_000 ? 1 : 0);
        if (millis > 0) {
            selector.select(collector, millis);
        } else {
            selector.selectNow(collector);
        }
    }

    /** Only takes note: the selector is locked while it calls, and may not be asked again meanwhile. */
    private void collect(SelectionKey key) {
        if (readyCount == ready.length) {
            ready = Arrays.copyOf(ready, readyCount * 2);
        }
        ready[readyCount++] = key;
    }

    private int serveReady() {
        int count = readyCount;
        readyCount = 0;
        for (int i = 0; i < count; i++) {
            SelectionKey key = ready[i];
            ready[i] = null;
            if (key.isValid()) {
                ((Registration) key.attachment()).handle.onReady(key.readyOps());
            }
        }
        return count;
    }

    /**
     * Lets the operating system close the sockets that have left the selector. For a loop that may not run again soon:
     * until then their peers would wait for a FIN or RST.
     */
    void letGo() {
        if (releasing) {
            try {
                selector.selectNow(collector);
            } catch (IOException failure) {
                throw broken(failure);
            }
            releasing = false;
            turnsUntilSelect = 0;
        }
    }

    private static UncheckedIOException broken(IOException failure) {
        return new UncheckedIOException("the selector is broken: " + failure.getMessage(), failure);
    }

    /** Wakes a loop that sleeps here, because it was given something. Any thread. */
    void wakeup() {
        if (loop.inLoop()) {
            return;
        }
        // The task that was given must be visible to a loop that goes to sleep just now, or its sleep visible to us.
        VarHandle.fullFence();
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Puts a socket under the selector, with no interest yet. */
    IoRegistration register(SelectedSocket socket) throws IOException {
        Registration registration = new Registration(socket);
        registration.key = socket.selectableChannel().register(selector, 0, registration);
        registration.place = registrations.size();
        registrations.add(registration);
        sockets = registrations.size();
        turnsUntilSelect = 0;
        return registration;
    }

    /** Tells the sockets that are left, and closes the selector. */
    void close() {
        for (Registration registration : List.copyOf(registrations)) {
            registration.handle.close();
        }
        try {
            selector.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close the selector: " + failure.getMessage(), failure);
        }
    }

    /** One socket under the selector. */
    private final class Registration implements IoRegistration {
        private final SelectedSocket handle;
        private SelectionKey key;
        private int place;
        private boolean waitsForRoom;

        private Registration(SelectedSocket handle) {
            this.handle = handle;
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Netty declares it so.
        public <T> T attachment() {
            return (T) key;
        }

        @Override
        public long submit(IoOps ops) {
            if (!key.isValid()) {
                return -1;
            }
            int value = ((NioIoOps) ops).value();
            try {
                key.interestOps(value);
            } catch (CancelledKeyException closedMeanwhile) {
                return -1;
            }
            waitsForRoom((value & SelectionKey.OP_WRITE) != 0);
            turnsUntilSelect = 0;
            return value;
        }

        private void waitsForRoom(boolean waits) {
            if (waits != waitsForRoom) {
                waitsForRoom = waits;
                waitForRoom += waits ? 1 : -1;
            }
        }

        @Override
        public boolean isValid() {
            return key.isValid();
        }

        @Override
        public boolean cancel() {
            if (place < 0) {
                return false;
            }
            Registration last = registrations.remove(registrations.size() - 1);
            if (last != this) {
                registrations.set(place, last);
                last.place = place;
            }
            place = -1;
            waitsForRoom(false);
            sockets = registrations.size();
            key.cancel();
            // The operating system closes the socket when the selector has let go of it: soon.
            turnsUntilSelect = 0;
            releasing = true;
            handle.unregistered();
            return true;
        }
    }
}
