package io.verbena.testkit.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbena.observe.Counter;
import io.verbena.observe.Counters;
import io.verbena.observe.LogListener;
import io.verbena.observe.MicrometerBinder;
import io.verbena.observe.TraceListener;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ForbidBadEvents;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.RecordedEvent.Kind;
import io.verbena.testkit.async.AsyncPeers;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.async.LeasedRegion;
import io.verbena.verbs.async.Operation;
import io.verbena.verbs.observe.StackEvents;
import io.verbena.verbs.observe.StackEvents.Direction;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

@Tag("tcp")
class ListenersOverTcpTest {
    @RegisterExtension
    final ForbidBadEvents events = new ForbidBadEvents();

    @Test
    void logIsSilentUnlessSomebodyAsks() throws Exception {
        try (LogCapture log = new LogCapture(Level.INFO)) {
            exchange(new LogListener());

            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void logTellsEachSubjectToItsLogger() throws Exception {
        try (LogCapture log = new LogCapture(Level.TRACE)) {
            exchange(new LogListener());

            assertThat(log.lines("io.verbena.trace"))
                    .anyMatch(line -> line.startsWith(">> MPA         REQUEST  rev 2 CRC ird 16 ord 16"))
                    .anyMatch(line ->
                            line.matches(">> qp 0x\\w+ +TAGGED   stag 0x\\w{8} to 0x\\w{16} len 64 +WRITE LAST"))
                    .anyMatch(line -> line.matches("<< qp 0x\\w+ +UNTAGGED q0 msn 1 mo 0 +len 64 +SEND LAST"));
            assertThat(log.lines("io.verbena.connection"))
                    .anyMatch(line -> line.matches("watched connecting to 127.0.0.1:\\d+"))
                    .anyMatch(line -> line.matches("watched qp 0x\\w+ IDLE -> RTS"))
                    .anyMatch(line -> line.matches("watched qp 0x\\w+ connected .* revision 2 CRC ird 16 ord 16 .*"));
            assertThat(log.lines("io.verbena.memory"))
                    .anyMatch(line -> line.matches("watched region 0x\\w{8} registered length 128"));
            assertThat(log.lines("io.verbena.completion"))
                    .anyMatch(line -> line.matches("watched qp 0x\\w+ RECEIVE \\d+ SUCCESS length 64"));
            assertThat(log.lines("io.verbena.device")).contains("watched opened", "watched closed");
        }
    }

    @Test
    void traceGivesALineForEachFrame() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();

        exchange(new TraceListener(lines::add));

        // Each frame is seen twice, since both ends are on the same device.
        assertThat(lines).filteredOn(line -> line.contains("REQUEST")).hasSize(2);
        assertThat(lines).filteredOn(line -> line.endsWith("WRITE LAST")).hasSize(2);
        assertThat(lines).allMatch(line -> line.startsWith(">> ") || line.startsWith("<< ") || line.startsWith("-- "));
    }

    @Test
    void countersCountWhatWasExchanged() throws Exception {
        Counters counters = new Counters();

        exchange(counters);

        assertThat(counters.value(Counter.CONNECTIONS_INITIATED)).isEqualTo(1);
        assertThat(counters.value(Counter.CONNECTIONS_ACCEPTED)).isEqualTo(1);
        assertThat(counters.value(Counter.CONNECTIONS_ESTABLISHED)).isEqualTo(2);
        assertThat(counters.segments(Direction.SENT, RdmapOpcode.RDMA_WRITE)).isEqualTo(1);
        assertThat(counters.segmentOctets(Direction.RECEIVED, RdmapOpcode.RDMA_WRITE))
                .isEqualTo(14 + 64);
        assertThat(counters.segmentOctets(Direction.SENT, RdmapOpcode.SEND)).isEqualTo(18 + 64);
        assertThat(counters.completions(CompletedOperation.WRITE, WorkCompletionStatus.SUCCESS))
                .isEqualTo(1);
        assertThat(counters.value(Counter.OCTETS_RECEIVED)).isEqualTo(64);
        assertThat(counters.value(Counter.STARTUP_FRAMES_SENT)).isEqualTo(2);
        assertThat(counters.value(Counter.SOCKET_OCTETS_SENT))
                .isEqualTo(counters.value(Counter.SOCKET_OCTETS_RECEIVED))
                .isPositive();
    }

    @Test
    void nothingIsLeftInTheGaugesOnceTheDeviceIsClosed() throws Exception {
        Counters counters = new Counters();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new MicrometerBinder("watched", counters).bindTo(registry);

        exchange(counters);

        assertThat(registry.get("verbena.registrations").functionCounter().count())
                .isEqualTo(1);
        for (String gauge : List.of(
                "verbena.connections.active",
                "verbena.completion.queues",
                "verbena.completion.queue.capacity",
                "verbena.regions",
                "verbena.regions.size")) {
            assertThat(registry.get(gauge).gauge().value()).as(gauge).isZero();
        }
        for (QueuePairState state : QueuePairState.values()) {
            assertThat(counters.queuePairsNow(state)).as(state.toString()).isZero();
        }
    }

    /** They were not told of, though no completion queue shows them. */
    @Test
    void countersCountUnsignaledRequests() {
        Counters counters = new Counters();
        PairOptions options = PairOptions.defaults().withListeners(counters, new StackEvents() {});
        try (DevicePair pair = DevicePair.open(options)) {
            SendRequest write = new SendRequest().write(0, 0).signaled(false);
            SendRequest read = new SendRequest().read(0, 0).local(0, 0, 0);
            pair.client().post(write);
            pair.client().post(read);
            pair.client().awaitSendSuccess();

            assertThat(pair.client().sendCompletions().size()).isZero();
        }
        assertThat(counters.completions(CompletedOperation.WRITE, WorkCompletionStatus.SUCCESS))
                .isEqualTo(1);
        assertThat(counters.completions(CompletedOperation.READ, WorkCompletionStatus.SUCCESS))
                .isEqualTo(1);
    }

    @Test
    void aListenerThatFailsDoesNotHarmTheConnection() throws Exception {
        Thread.UncaughtExceptionHandler forbidding = Thread.getDefaultUncaughtExceptionHandler();
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> reported.add(failure));
        try {
            exchange(new StackEvents() {
                @Override
                public void onSegment(
                        String device,
                        Direction direction,
                        int queuePairNumber,
                        ByteBuffer lent,
                        int offset,
                        int headerOctets,
                        int segmentOctets) {
                    throw new IllegalStateException("a listener's bug");
                }
            });
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(forbidding);
        }

        assertThat(reported)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("a listener's bug"));
        assertThat(events.recorded().all(Kind.SEGMENT)).isNotEmpty();
    }

    /** One Write and one Send of 64 octets between two queue pairs of one watched device. */
    private void exchange(StackEvents listener) throws Exception {
        DeviceOptions options = events.watch(DeviceOptions.defaults())
                .withName("watched")
                .withListener(listener)
                .withBackgroundProgress(1);
        try (AsyncPeers peers = AsyncPeers.open(options, 16)) {
            LeasedRegion memory = LeasedRegion.register(
                    peers.domain(), ByteBuffer.allocateDirect(128), AccessFlag.REMOTE_WRITE, AccessFlag.LOCAL_WRITE);
            Operation receive = peers.far().receive(memory, 64, 64);
            peers.connect();
            peers.near().write(memory, 0, 64, memory.remote().slice(64, 64)).await(AsyncPeers.LONG);
            peers.near().send(memory, 0, 64).await(AsyncPeers.LONG);
            receive.await(AsyncPeers.LONG);
        }
    }

    /** Takes what the stack's loggers say, and gives their level back at the end. */
    private static final class LogCapture implements AutoCloseable {
        private final Logger stack = (Logger) LoggerFactory.getLogger("io.verbena");
        private final Level levelBefore = stack.getLevel();
        private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

        LogCapture(Level level) {
            appender.list = new CopyOnWriteArrayList<>();
            appender.start();
            stack.addAppender(appender);
            stack.setAdditive(false);
            stack.setLevel(level);
        }

        List<String> lines() {
            return appender.list.stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        List<String> lines(String logger) {
            return appender.list.stream()
                    .filter(event -> event.getLoggerName().equals(logger))
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        @Override
        public void close() {
            stack.detachAppender(appender);
            stack.setAdditive(true);
            stack.setLevel(levelBefore);
        }
    }
}
