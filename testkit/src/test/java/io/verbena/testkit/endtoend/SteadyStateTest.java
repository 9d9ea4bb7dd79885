package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.AllocationMeter;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Posting, the engine and polling allocate nothing once warm (style rule 8). */
@Tag("tcp")
@Timeout(60)
class SteadyStateTest {
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 5_000;

    /** For the odd resize inside the JDK; one octet an operation would be as much. */
    private static final long ALLOWED_OCTETS = MEASURED;

    @ParameterizedTest
    @CsvSource({"VALIDATED,false", "EAGER,false", "DIRECT,false", "VALIDATED,true", "DIRECT,true"})
    void allocatesNothingForAPingPong(PlacementMode mode, boolean callerDriven) {
        try (DevicePair pair = DevicePair.open(options(mode, callerDriven))) {
            Player client = new Player(pair.client());
            Player server = new Player(pair.server());
            for (int i = 0; i < WARM_UP; i++) {
                pingPong(pair, client, server);
            }
            long octets = AllocationMeter.least(name -> name.startsWith("verbena"), ALLOWED_OCTETS, () -> {
                for (int i = 0; i < MEASURED; i++) {
                    pingPong(pair, client, server);
                }
            });
            assertThat(octets).isLessThan(ALLOWED_OCTETS);
        }
    }

    private static void pingPong(DevicePair pair, Player first, Player second) {
        second.expect();
        first.send();
        first.awaitSent(pair);
        second.awaitReceived(pair);
        first.expect();
        second.send();
        second.awaitSent(pair);
        first.awaitReceived(pair);
    }

    @ParameterizedTest
    @CsvSource({"VALIDATED,false", "EAGER,false", "DIRECT,false"})
    void allocatesNothingForWritesOf64KiB(PlacementMode mode, boolean callerDriven) {
        int length = 64 << 10;
        try (DevicePair pair = DevicePair.open(options(mode, callerDriven))) {
            TestMemory source = TestMemory.pattern(pair.client(), length);
            TestMemory target = TestMemory.open(pair.server(), length);
            RemoteRegion remote = target.region().remote();
            Player client = new Player(pair.client());
            for (int i = 0; i < 2_000; i++) {
                client.write(pair, remote, source);
            }
            long octets = AllocationMeter.least(name -> name.startsWith("verbena"), ALLOWED_OCTETS, () -> {
                for (int i = 0; i < 1_000; i++) {
                    client.write(pair, remote, source);
                }
            });
            assertThat(octets).isLessThan(ALLOWED_OCTETS);
            assertThat(target.octets()).isEqualTo(source.octets());
        }
    }

    private static PairOptions options(PlacementMode mode, boolean callerDriven) {
        PairOptions options = PairOptions.defaults().withPlacement(mode);
        return callerDriven ? options.withCallerDrivenProgress() : options;
    }

    /** One end with all it needs for a round made beforehand. */
    private static final class Player {
        private final PairEnd end;
        private final TestMemory memory;
        private final SendRequest request = new SendRequest();
        private final ReceiveRequest receive = new ReceiveRequest();
        private final CompletionCursor sent;
        private final CompletionCursor received;

        Player(PairEnd end) {
            this.end = end;
            memory = TestMemory.pattern(end, 64);
            sent = end.sendCompletions().cursor();
            received = end.receiveCompletions().cursor();
        }

        void expect() {
            end.queuePair()
                    .postReceive(receive.receive(1).local(memory.region(), 0, 64))
                    .orThrow();
        }

        void send() {
            end.queuePair()
                    .postSend(request.send().id(1).local(memory.region(), 0, 64))
                    .orThrow();
        }

        void write(DevicePair pair, RemoteRegion remote, TestMemory source) {
            end.queuePair()
                    .postSend(request.write(remote)
                            .local(source.region(), 0, source.buffer().capacity()))
                    .orThrow();
            awaitSent(pair);
        }

        void awaitSent(DevicePair pair) {
            await(pair, sent);
        }

        void awaitReceived(DevicePair pair) {
            await(pair, received);
        }

        private static void await(DevicePair pair, CompletionCursor cursor) {
            boolean drive = pair.options().clientDevice().callerDriven();
            while (!cursor.next()) {
                if (drive) {
                    pair.progress();
                } else {
                    Thread.onSpinWait();
                }
            }
            if (!cursor.success()) {
                throw new AssertionError(cursor.status() + ": " + cursor.cause());
            }
        }
    }
}
