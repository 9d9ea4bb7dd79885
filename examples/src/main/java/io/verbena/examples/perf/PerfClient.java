package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.FailureWords;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.OctetCount;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ReadyToReceive;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Runs a test: a round for each size.
 *
 * <p>Thread rule: one thread.
 */
final class PerfClient {
    private final DeviceOptions options;
    private final PerfParameters parameters;
    private final Duration timeout;
    private final PerfReport report;
    private final boolean showProgress;

    /**
     * Makes a client.
     *
     * @param options for the devices it opens
     * @param timeout the longest silence of the server
     */
    PerfClient(
            DeviceOptions options,
            PerfParameters parameters,
            Duration timeout,
            PerfReport report,
            boolean showProgress) {
        this.options = options;
        this.parameters = parameters;
        this.timeout = timeout;
        this.report = report;
        this.showProgress = showProgress;
    }

    /** Runs it against {@code server}; the rows go to the report. */
    void run(InetSocketAddress server, SizeSweep sizes)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        try (Device device = Device.open(options.withName("perf-control").withBackgroundProgress(1));
                ControlLink control = new ControlLink(device, "server", timeout)) {
            PerfOffer offer = connect(device, control, server);
            try (PerfEnd end = open(control)) {
                try {
                    for (long octets : sizes.octets()) {
                        report.add(round(end, control, server, offer, octets));
                    }
                    control.send(new PerfMessage.Done());
                    control.disconnect();
                } catch (CommandFailedException | ConnectionFailedException | RuntimeException e) {
                    throw told(control, e);
                }
            }
        }
    }

    private PerfOffer connect(Device device, ControlLink control, InetSocketAddress server)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        try {
            Connection connection = device.connect(
                    control.queuePair(),
                    server,
                    // Peer-to-peer, because the server may speak first.
                    ConnectionParameters.defaults()
                            .withPeerToPeer(ReadyToReceive.WRITE)
                            .withDeadline(timeout)
                            .withPrivateData(parameters.encode()));
            return PerfOffer.decode(connection.privateData());
        } catch (ConnectionRejectedException e) {
            String reason = PerfMessage.printable(ByteBuffer.wrap(e.privateData()));
            throw new CommandFailedException(
                    "the server refused: " + (reason.isEmpty() ? "it did not say why" : reason), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(
                    "who listens at " + HostAndPort.toString(server) + " cannot run this test: " + e.getMessage(), e);
        }
    }

    private PerfEnd open(ControlLink control) throws CommandFailedException, InterruptedException {
        try {
            return new PerfEnd(options, parameters);
        } catch (CommandFailedException e) {
            control.tellFailure(e.getMessage());
            throw e;
        }
    }

    /** Returns the best reason for {@code e}, after the server was told of it. */
    private static RuntimeException told(ControlLink control, Exception e)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        Exception reason = control.reason(e);
        control.tellFailure(FailureWords.of(reason));
        if (reason instanceof CommandFailedException failed) {
            throw failed;
        }
        if (reason instanceof ConnectionFailedException failed) {
            throw failed;
        }
        return (RuntimeException) reason;
    }

    private PerfRow round(PerfEnd end, ControlLink control, InetSocketAddress server, PerfOffer offer, long octets)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        control.send(new PerfMessage.Round(octets, end.memory().remote()));
        end.open(octets, offer.memory());
        connect(end, control, new InetSocketAddress(server.getAddress(), offer.port()), offer.token());
        expect(PerfMessage.Begin.class, end.await(control));
        report.connected(end.channel(0).queuePair().connection());
        PerfRow row = parameters.measure() == PerfMeasure.LATENCY
                ? latency(end, control, octets)
                : bandwidth(end, control, octets);
        end.closeChannels();
        return row;
    }

    private void connect(PerfEnd end, ControlLink control, InetSocketAddress server, long token)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        ConnectionParameters wished = parameters
                .wire(ConnectionParameters.defaults())
                .withPeerToPeer(ReadyToReceive.WRITE)
                .withDeadline(timeout);
        for (int number = 0; number < parameters.queuePairs(); number++) {
            end.device()
                    .connect(
                            end.channel(number).queuePair(),
                            server,
                            wished.withPrivateData(new ChannelHello(token, number).encode()));
            control.tick(System.nanoTime());
        }
    }

    private PerfRow bandwidth(PerfEnd end, ControlLink control, long octets)
            throws CommandFailedException, InterruptedException {
        BandwidthLoop loop = new BandwidthLoop(end, control, parameters, octets);
        long warm = 0;
        if (parameters.warmUpNanos() > 0) {
            warm = loop.run(RunLength.ofNanos(parameters.warmUpNanos()), PerfProgress.none())
                    .messages();
        }
        control.send(new PerfMessage.Measuring());
        CpuUse start = CpuUse.now();
        BandwidthFigures sent;
        try (PerfProgress progress = progress(octets)) {
            sent = loop.run(parameters.length(), progress);
        }
        CpuUse cpu = CpuUse.now().since(start);
        PerfMessage.Result result = finish(end, control, warm + sent.messages());
        return new BandwidthRow(octets, sent, result.sent(), cpu, result.cpu());
    }

    private PerfRow latency(PerfEnd end, ControlLink control, long octets)
            throws CommandFailedException, InterruptedException {
        PingLoop loop = new PingLoop(end, control, parameters, octets);
        Histogram trips = PingLoop.record();
        if (parameters.warmUpNanos() > 0) {
            loop.run(RunLength.ofNanos(parameters.warmUpNanos()), trips, PerfProgress.none());
            trips.reset();
        }
        control.send(new PerfMessage.Measuring());
        CpuUse start = CpuUse.now();
        try (PerfProgress progress = progress(octets)) {
            loop.run(parameters.length(), trips, progress);
        }
        CpuUse cpu = CpuUse.now().since(start);
        PerfMessage.Result result = finish(end, control, trips.getTotalCount());
        return new LatencyRow(octets, trips, LatencyRow.divisor(parameters.operation()), cpu, result.cpu());
    }

    private PerfMessage.Result finish(PerfEnd end, ControlLink control, long messages)
            throws CommandFailedException, InterruptedException {
        control.send(new PerfMessage.Finish(messages));
        end.mayEnd();
        return expect(PerfMessage.Result.class, end.await(control));
    }

    private static <M extends PerfMessage> M expect(Class<M> kind, PerfMessage message) throws CommandFailedException {
        if (!kind.isInstance(message)) {
            throw new CommandFailedException("the server breaks the protocol: it sent " + message + " where "
                    + kind.getSimpleName() + " was due");
        }
        return kind.cast(message);
    }

    private PerfProgress progress(long octets) {
        return PerfProgress.of(OctetCount.words(octets), parameters.length(), showProgress);
    }
}
