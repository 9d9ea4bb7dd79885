package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.FailureWords;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Serves one client: the other end of each of its rounds, on a device of its own that makes progress as the client wishes.
 *
 * <p>Thread rule: one thread, once.
 */
final class ServerSession implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final PerfParameters parameters;
    private final Duration timeout;
    private final PerfEnd end;
    private final ConnectionListener listener;
    private final long token = new SecureRandom().nextLong();
    private int rounds;

    /**
     * Makes ready for a client.
     *
     * @param options for the device it opens
     * @param local where the data connections shall arrive; port 0 takes any free one
     * @param timeout the longest silence of the client
     */
    ServerSession(DeviceOptions options, PerfParameters parameters, InetSocketAddress local, Duration timeout)
            throws CommandFailedException, IOException {
        this.parameters = parameters;
        this.timeout = timeout;
        end = new PerfEnd(options, parameters);
        try {
            listener = end.device().listen(local);
        } catch (IOException | RuntimeException e) {
            end.close();
            throw e;
        }
    }

    /** Returns what the client has to know. */
    PerfOffer offer() {
        return new PerfOffer(
                token, listener.localAddress().getPort(), end.memory().remote());
    }

    /** Returns how many rounds were run to their end. */
    int rounds() {
        return rounds;
    }

    /** Serves rounds until the client says that there are no more. */
    void serve(ControlLink control) throws CommandFailedException, ConnectionFailedException, InterruptedException {
        try {
            PerfMessage message = end.await(control);
            while (message instanceof PerfMessage.Round round) {
                serve(control, round);
                rounds++;
                message = end.await(control);
            }
            if (!(message instanceof PerfMessage.Done)) {
                throw unexpected(message);
            }
            control.disconnect();
        } catch (CommandFailedException | ConnectionFailedException | RuntimeException e) {
            Exception reason = control.reason(e);
            control.tellFailure(FailureWords.of(reason));
            if (reason instanceof CommandFailedException better) {
                throw better;
            }
            throw e;
        }
    }

    private void serve(ControlLink control, PerfMessage.Round round)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        if (round.octets() < 1 || round.octets() > parameters.largestOctets()) {
            throw new CommandFailedException("the client breaks the protocol: a round of " + round.octets()
                    + " octets, in a test of at most " + parameters.largestOctets());
        }
        end.open(round.octets(), round.memory());
        accept(control);
        boolean answers = parameters.measure() == PerfMeasure.LATENCY && parameters.operation() != PerfOperation.READ;
        PingLoop ping = answers ? new PingLoop(end, control, parameters, round.octets()) : null;
        control.send(new PerfMessage.Begin());
        CpuUse start = CpuUse.now();
        BandwidthFigures sent = BandwidthFigures.NONE;
        if (parameters.bidirectional()) {
            BandwidthLoop loop = new BandwidthLoop(end, control, parameters, round.octets());
            if (parameters.warmUpNanos() > 0) {
                loop.run(RunLength.ofNanos(parameters.warmUpNanos()), PerfProgress.none());
            }
            start = CpuUse.now();
            sent = loop.run(parameters.length(), PerfProgress.none());
        }
        PerfMessage message = next(control, ping);
        if (message instanceof PerfMessage.Measuring) {
            start = parameters.bidirectional() ? start : CpuUse.now();
            message = next(control, ping);
        }
        if (!(message instanceof PerfMessage.Finish finish)) {
            throw unexpected(message);
        }
        CpuUse cpu = CpuUse.now().since(start);
        requireAllReceived(finish.messages());
        control.send(new PerfMessage.Result(sent, cpu));
        end.closeChannels();
    }

    private PerfMessage next(ControlLink control, PingLoop ping) throws CommandFailedException, InterruptedException {
        return ping == null ? end.await(control) : ping.answer(control.take());
    }

    private void accept(ControlLink control)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        ConnectionParameters wished =
                parameters.wire(ConnectionParameters.defaults()).withDeadline(timeout);
        int missing = parameters.queuePairs();
        boolean[] present = new boolean[missing];
        while (missing > 0) {
            control.tick(System.nanoTime());
            ConnectionRequest request = nextRequest();
            if (request == null) {
                continue;
            }
            ChannelHello hello = ChannelHello.decode(request.privateData());
            if (hello == null
                    || hello.token() != token
                    || hello.number() < 0
                    || hello.number() >= present.length
                    || present[hello.number()]) {
                request.reject("this port is for the data of one client of 'verbena perf', and you are not it"
                        .getBytes(StandardCharsets.UTF_8));
                continue;
            }
            request.accept(end.channel(hello.number()).queuePair(), wished);
            present[hello.number()] = true;
            missing--;
        }
    }

    private ConnectionRequest nextRequest() throws InterruptedException {
        try {
            return listener.nextRequest(LOOK);
        } catch (TimeoutException nobodyYet) {
            return null;
        }
    }

    /** The client has settled: a Read of its came back behind its last Send, so all are on the completion queue. */
    private void requireAllReceived(long messages) throws CommandFailedException {
        if (parameters.operation() != PerfOperation.SEND || parameters.measure() == PerfMeasure.LATENCY) {
            return;
        }
        while (end.drain()) {
            // Counted by their channels.
        }
        long received = 0;
        for (PerfChannel channel : end.channels()) {
            received += channel.received();
        }
        if (received != messages) {
            throw new CommandFailedException("the client sent " + messages + " messages, and " + received + " arrived");
        }
    }

    private static CommandFailedException unexpected(PerfMessage message) {
        return new CommandFailedException(
                "the client breaks the protocol: it sent " + message + ", which is not due now");
    }

    @Override
    public void close() {
        listener.close();
        end.close();
    }
}
