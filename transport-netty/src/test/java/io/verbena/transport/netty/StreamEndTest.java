package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.verbena.transport.ByteStream;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamError;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(30)
class StreamEndTest {
    private final TcpPair pair = new TcpPair();

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void closesEachDirectionByItself() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ends.client().send((byte) 1);
        ends.client().onLoop(ends.client().stream::shutdownOutput);
        ends.client().onLoop(ends.client().stream::shutdownOutput);
        ends.server().endOfStream.get(10, TimeUnit.SECONDS);
        assertThat(ends.server().received()).containsExactly(1);

        ends.server().send((byte) 2, (byte) 3);
        ends.server().onLoop(ends.server().stream::shutdownOutput);
        ends.client().endOfStream.get(10, TimeUnit.SECONDS);
        assertThat(ends.client().received()).containsExactly(2, 3);
        assertThat(ends.client().failure).isNotDone();
        assertThat(ends.server().failure).isNotDone();
    }

    @Test
    void refusesToWriteAfterShutdownOutput() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ends.client().onLoop(ends.client().stream::shutdownOutput);
        assertThatThrownBy(() -> ends.client().send((byte) 1)).hasMessageContaining("write after shutdownOutput");
    }

    @Test
    void deliversWhatWasWrittenBeforeClose() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ends.client().send((byte) 9);
        ends.client().onLoop(ends.client().stream::close);
        ends.client().onLoop(ends.client().stream::close);
        ends.server().endOfStream.get(10, TimeUnit.SECONDS);
        assertThat(ends.server().received()).containsExactly(9);
        assertThat(ends.client().failure).isNotDone();
    }

    @Test
    void reportsTheResetOfThePeerOnce() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ends.client().onLoop(ends.client().stream::reset);
        ends.client().onLoop(ends.client().stream::reset);
        assertThat(ends.server().failure.get(10, TimeUnit.SECONDS).error()).isEqualTo(StreamError.RESET);
        ends.server().onLoop(() -> assertThat(write(ends.server().stream)).isZero());
        ends.server().onLoop(() -> {});
        assertThat(ends.server().failures).hasValue(1);
        assertThat(ends.server().endOfStream).isNotDone();
        assertThat(ends.client().failure).isNotDone();
    }

    @Test
    void reportsAFailedWriteAfterTheCallReturned() throws Exception {
        var ends = pair.connect(Probe::new, stream -> {
            stream.pauseReading();
            return new Probe(stream);
        });
        ends.client().onLoop(ends.client().stream::reset);
        AtomicInteger failuresAtReturn = new AtomicInteger(-1);
        await().until(() -> {
            ends.server().onLoop(() -> {
                if (write(ends.server().stream) == 0 && failuresAtReturn.get() < 0) {
                    failuresAtReturn.set(ends.server().failures.get());
                }
            });
            return failuresAtReturn.get() >= 0;
        });
        assertThat(failuresAtReturn).hasValue(0);
        assertThat(ends.server().failure.get(10, TimeUnit.SECONDS).error()).isEqualTo(StreamError.RESET);
        assertThat(ends.server().failures).hasValue(1);
    }

    /** A peer says why before it breaks the connection; a write that fails meanwhile must not hide that. */
    @Test
    void deliversWhatArrivedBeforeAWriteFailed() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ends.server().onLoop(() -> {
            // On this loop nothing is read while this task runs.
            try {
                ends.client().send((byte) 4, (byte) 2);
                ends.client().onLoop(ends.client().stream::reset);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
            long start = System.nanoTime();
            while (write(ends.server().stream) > 0) {
                assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
            }
        });
        ends.server().failure.get(10, TimeUnit.SECONDS);
        assertThat(ends.server().received()).containsExactly(4, 2);
    }

    @Test
    void hearsNothingMoreAfterClosingInACallback() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        var ends = pair.connect(Probe::new, stream -> new Probe(stream) {
            @Override
            public void onOctets(int octets, boolean filled) {
                calls.incrementAndGet();
                stream.close();
            }

            @Override
            public void onReadBurstEnd() {
                calls.incrementAndGet();
            }
        });
        ends.client().send((byte) 1);
        ends.client().endOfStream.get(10, TimeUnit.SECONDS);
        ends.server().onLoop(() -> {});
        assertThat(calls).hasValue(1);
        assertThat(ends.server().failure).isNotDone();
    }

    @Test
    void resetsInACallback() throws Exception {
        var ends = pair.connect(Probe::new, stream -> new Probe(stream) {
            @Override
            public void onOctets(int octets, boolean filled) {
                stream.reset();
            }
        });
        ends.client().send((byte) 1);
        assertThat(ends.client().failure.get(10, TimeUnit.SECONDS).error()).isEqualTo(StreamError.RESET);
        assertThat(ends.server().failure).isNotDone();
    }

    @Test
    void breaksTheStreamOfAHandlerThatThrowsAndNoOther() throws Exception {
        IllegalStateException thrown = new IllegalStateException("handler");
        var bystander = pair.connect(Probe::new, Probe::new);
        var ends = pair.connect(Probe::new, stream -> new Probe(stream) {
            @Override
            public void onOctets(int octets, boolean filled) {
                throw thrown;
            }
        });
        ends.client().send((byte) 1);
        assertThat(ends.server().failure.get(10, TimeUnit.SECONDS))
                .isEqualTo(new Probe.Failure(StreamError.LOST, thrown));
        assertThat(ends.client().failure.get(10, TimeUnit.SECONDS).error()).isEqualTo(StreamError.RESET);
        assertThat(ends.server().failures).hasValue(1);

        bystander.client().send((byte) 5);
        await().until(() -> bystander.server().receivedOctets() == 1);
    }

    @Test
    void handsAFailureOfFailureHandlingToTheThreadAndLivesOn() throws Exception {
        IllegalStateException thrown = new IllegalStateException("twice");
        CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
        var ends = pair.connect(Probe::new, stream -> new Probe(stream) {
            @Override
            public void onFailed(StreamError error, Throwable cause) {
                throw thrown;
            }
        });
        ends.server()
                .onLoop(() -> Thread.currentThread()
                        .setUncaughtExceptionHandler((thread, failure) -> uncaught.complete(failure)));
        ends.client().onLoop(ends.client().stream::reset);
        assertThat(uncaught.get(10, TimeUnit.SECONDS)).isSameAs(thrown);
        ends.server().onLoop(() -> {});
    }

    private static long write(ByteStream stream) {
        GatherList list = new GatherList(1);
        list.add(ByteBuffer.allocate(1));
        return stream.write(list);
    }
}
