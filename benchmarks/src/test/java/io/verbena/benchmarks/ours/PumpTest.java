package io.verbena.benchmarks.ours;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Progress;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.Device;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.cm.ConnectionListener;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PumpTest {
    private static final int WALK_OCTETS = 1 << 20;

    /** One walk through the region carries all of it to the other end. */
    @ParameterizedTest
    @CsvSource({"WRITE, 65536", "READ, 65536", "SEND, 65536", "WRITE, 64", "SEND, 64"})
    void movesTheRegion(Operation operation, int messageOctets) throws Exception {
        BenchRow row = messageOctets == 64 ? BenchRow.WRITE_64_RATE : BenchRow.WRITE_64K_DIRECT;
        Workload workload = row.workload().with(operation, messageOctets, PlacementMode.VALIDATED, Progress.BACKGROUND);
        try (Device clientDevice = Device.open(Station.options("client", Progress.BACKGROUND));
                Device serverDevice = Device.open(Station.options("server", Progress.BACKGROUND));
                Station client = new Station(clientDevice, workload, WALK_OCTETS);
                Station server = new Station(serverDevice, workload, WALK_OCTETS);
                ConnectionListener listener = serverDevice.listen(Station.loopback(0))) {
            Station source = operation == Operation.READ ? server : client;
            Station sink = operation == Operation.READ ? client : server;
            fill(source.memory());
            Receiver receiver = new Receiver(server);
            CompletableFuture<Long> moved = CompletableFuture.supplyAsync(() -> pump(client, listener));
            server.accept(listener);

            while (!moved.isDone()) {
                receiver.step();
                Station.nap();
            }

            assertThat(moved.get(1, TimeUnit.SECONDS)).isEqualTo(WALK_OCTETS / messageOctets);
            assertThat(walk(sink)).isEqualTo(walk(source));
        }
    }

    private static long pump(Station client, ConnectionListener listener) {
        try {
            client.connect(listener.localAddress().getPort());
            return new Pump(client).messages(WALK_OCTETS / client.workload().messageOctets());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fill(ByteBuffer memory) {
        byte[] octets = new byte[WALK_OCTETS];
        new Random(5).nextBytes(octets);
        memory.put(0, octets);
    }

    private static ByteBuffer walk(Station station) {
        return station.memory().duplicate().clear().limit(WALK_OCTETS);
    }
}
