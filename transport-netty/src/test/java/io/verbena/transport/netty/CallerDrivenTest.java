package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(30)
class CallerDrivenTest {
    private final StreamTransport left = NettyStreamTransport.open(1, true, "left-");
    private Echo echo;
    private final StreamTransport right = NettyStreamTransport.open(1, true, "right-");

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    private final class Echo extends Probe {
        private final GatherList list = new GatherList(1);

        Echo(ByteStream stream) {
            super(stream);
            echo = this;
        }

        @Override
        public void onOctets(int octets, boolean filled) {
            list.clear();
            list.add(room.flip());
            stream.write(list);
        }
    }

    private void driveUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            left.loop(0).drive(0);
            right.loop(0).drive(0);
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
        }
    }

    private Probe connectToEcho() throws Exception {
        try (var listening = right.listen(TcpPair.anyPort(), StreamOptions.defaults(), Echo::new)) {
            CompletableFuture<Probe> connected =
                    TcpPair.connect(left, left.loop(0), listening.localAddress(), StreamOptions.defaults(), Probe::new);
            driveUntil(connected::isDone);
            return connected.get(1, TimeUnit.SECONDS);
        }
    }

    @Test
    void echoesBetweenTwoTransportsOnOneThread() throws Exception {
        Probe client = connectToEcho();
        GatherList list = new GatherList(1);
        for (int i = 0; i < 1000; i++) {
            list.clear();
            list.add(ByteBuffer.wrap(new byte[] {(byte) i}));
            assertThat(client.stream.write(list)).isEqualTo(1);
            int expected = i + 1;
            driveUntil(() -> client.receivedOctets() == expected);
        }
        assertThat(client.received()[999]).isEqualTo((byte) 999);
    }

    /** More than are read directly while spinning, so that the selector is asked. */
    @Test
    void servesManyConnections() throws Exception {
        List<Probe> clients = new ArrayList<>();
        for (int i = 0; i < 3 * SelectorIoHandler.MAX_POLLED_SOCKETS; i++) {
            clients.add(connectToEcho());
        }
        for (Probe client : clients) {
            GatherList list = new GatherList(1);
            list.add(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            client.stream.write(list);
        }
        driveUntil(() -> clients.stream().allMatch(client -> client.receivedOctets() == 3));
    }

    /** What has to wait for the selector is served although the loop spins over a stream that is read directly. */
    @Test
    void noticesRoomToWriteWhileSpinning() throws Exception {
        Probe client = connectToEcho();
        GatherList list = new GatherList(1);
        list.add(ByteBuffer.allocateDirect(64_000_000));
        right.loop(0).execute(echo.stream::pauseReading);
        right.loop(0).drive(0);
        client.stream.write(list);
        assertThat(list.remaining()).isPositive();
        right.loop(0).execute(echo.stream::resumeReading);
        driveUntil(() -> client.writable.get() > 0);
        assertThat(client.failure).isNotDone();
    }

    @Test
    void belongsToTheFirstThreadThatDrivesIt() throws Exception {
        EventLoop loop = left.loop(0);
        assertThat(loop.callerDriven()).isTrue();
        assertThat(loop.inLoop()).isFalse();
        loop.drive(0);
        assertThat(loop.inLoop()).isTrue();
        List<Integer> ran = new ArrayList<>();
        loop.execute(() -> ran.add(1));
        Thread other = new Thread(() -> {
            ran.add(loop.drive(0));
            ran.add(loop.inLoop() ? 1 : 0);
        });
        other.start();
        other.join(10_000);
        assertThat(ran).containsExactly(0, 0);
        assertThat(loop.drive(0)).isEqualTo(1);
        assertThat(ran).containsExactly(0, 0, 1);
    }

    @Test
    void passesOnWhenItsOwnerHasEnded() throws Exception {
        EventLoop loop = left.loop(0);
        Thread first = new Thread(() -> loop.drive(0));
        first.start();
        first.join(10_000);
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        loop.execute(() -> ran.complete(loop.inLoop()));
        assertThat(loop.drive(0)).isEqualTo(1);
        assertThat(ran).isCompletedWithValue(true);
    }

    @Test
    void waitsForWorkAsLongAsItIsTold() throws Exception {
        EventLoop loop = left.loop(0);
        assertThat(loop.drive(1_000_000)).isZero();
        Thread other = new Thread(() -> loop.execute(() -> {}));
        long start = System.nanoTime();
        other.start();
        int done = 0;
        while (done == 0 && System.nanoTime() - start < 10_000_000_000L) {
            done = loop.drive(20_000_000_000L);
        }
        assertThat(done).isEqualTo(1);
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    /** An owner that breaks a connection between two turns may never take another one. */
    @Test
    void resetsAtOnceOutsideOfDrive() throws Exception {
        Probe client = connectToEcho();
        client.stream.reset();
        long start = System.nanoTime();
        while (!echo.failure.isDone()) {
            right.loop(0).drive(1_000_000);
            assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        }
        assertThat(echo.failure.get().error()).isEqualTo(StreamError.RESET);
    }

    @Test
    void doesNotRunItselfFromItsOwnTask() {
        EventLoop loop = left.loop(0);
        List<Integer> nested = new ArrayList<>();
        loop.execute(() -> {
            loop.execute(() -> nested.add(-1));
            nested.add(loop.drive(0));
        });
        loop.drive(0);
        assertThat(nested).containsExactly(0, -1);
    }

    @Test
    void closesFromAnotherThreadAfterItsOwnerHasEnded() throws Exception {
        CompletableFuture<Probe> client = new CompletableFuture<>();
        Thread owner = new Thread(() -> {
            try {
                client.complete(connectToEcho());
            } catch (Exception failure) {
                client.completeExceptionally(failure);
            }
        });
        owner.start();
        owner.join(10_000);
        Probe probe = client.get(1, TimeUnit.SECONDS);
        left.close();
        assertThat(probe.failure.get(1, TimeUnit.SECONDS).error()).isEqualTo(StreamError.TRANSPORT_CLOSED);
        assertThatThrownBy(() -> left.loop(0).execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void leavesTheClosingToAnOwnerThatLives() throws Exception {
        Probe client = connectToEcho();
        Thread closer = new Thread(left::close);
        closer.start();
        closer.join(10_000);
        assertThat(closer.isAlive()).isFalse();
        assertThat(client.failure).isNotDone();
        left.loop(0).drive(0);
        assertThat(client.failure.get(1, TimeUnit.SECONDS).error()).isEqualTo(StreamError.TRANSPORT_CLOSED);
        assertThat(left.loop(0).drive(0)).isZero();
    }
}
