package io.verbena.examples.sample;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamListener;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import io.verbena.verbs.cm.PlainStreamOptions;
import io.verbena.verbs.cm.StreamBinding;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A TCP connection that begins in streaming mode: two programs talk in lines of text, agree to go on with RDMA, and bind a
 * queue pair each to the same connection (RFC 5044 section 7.1).
 *
 * <p>Neither reads past the end of the line that agrees: whatever follows belongs to MPA.
 */
public final class TextThenRdma {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int MEMORY_OCTETS = 64;
    private static final String TEXT = "written by RDMA on the same connection";

    private TextThenRdma() {}

    /** Runs the sample. */
    public static void main(String[] arguments) throws Exception {
        run(DeviceOptions.defaults(), System.out::println);
    }

    /** Greets in text, writes into the other's memory, and prints what happened. */
    public static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Device device = Device.open(options);
                PlainStreamListener listener =
                        device.listenForStreams(anyPort, PlainStreamListenerOptions.defaults())) {
            FutureTask<QueuePair> server = inBackground(() -> serve(device, listener, out));
            FutureTask<QueuePair> client = inBackground(() -> greet(device, listener.localAddress(), out));
            QueuePair accepted = server.get(2 * DEADLINE.toSeconds(), TimeUnit.SECONDS);
            client.get(2 * DEADLINE.toSeconds(), TimeUnit.SECONDS).disconnect(DEADLINE);
            accepted.disconnect(DEADLINE);
        }
    }

    private static FutureTask<QueuePair> inBackground(Callable<QueuePair> program) {
        FutureTask<QueuePair> task = new FutureTask<>(program);
        Thread thread = new Thread(task, "sample");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** The end that listens: offers memory in a line of text, and is the responder of MPA. */
    private static QueuePair serve(Device device, PlainStreamListener listener, Consumer<String> out) throws Exception {
        ProtectionDomain domain = device.allocateProtectionDomain();
        CompletionQueue completions = device.createCompletionQueue(16);
        QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(completions));
        queuePair.postReceive(new ReceiveRequest().receive(1)).orThrow();
        ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_OCTETS);
        MemoryRegion region = domain.register(memory.duplicate(), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);

        // Until a queue pair is bound closing the stream closes the connection; after that it does nothing.
        try (PlainStream stream = listener.nextStream(DEADLINE)) {
            out.accept("server reads: " + readLine(stream));
            writeLine(stream, HexFormat.of().formatHex(region.remote().encode()));
            ConnectionRequest request = stream.awaitMpa(DEADLINE);
            request.accept(queuePair, ConnectionParameters.defaults());
            out.accept("server's stream is bound to: " + words(stream.binding()));
        }

        // Writes are seen by nobody; the message behind them tells that they are there.
        awaitNext(completions.cursor());
        byte[] octets = new byte[TEXT.length()];
        memory.get(0, octets);
        out.accept("server's memory: " + new String(octets, StandardCharsets.US_ASCII));
        return queuePair;
    }

    /** The end that connects: asks in a line of text, and is the initiator of MPA. */
    private static QueuePair greet(Device device, InetSocketAddress server, Consumer<String> out) throws Exception {
        ProtectionDomain domain = device.allocateProtectionDomain();
        CompletionQueue completions = device.createCompletionQueue(16);
        QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(completions));
        RemoteRegion memory;
        try (PlainStream stream = device.openStream(server, PlainStreamOptions.defaults())) {
            writeLine(stream, "hello, may I write to you?");
            memory = RemoteRegion.decode(ByteBuffer.wrap(HexFormat.of().parseHex(readLine(stream))));
            out.accept("client reads: " + memory.lengthOctets() + " octets may be written");
            stream.startMpa(queuePair, ConnectionParameters.defaults());
        }
        SendRequest request = new SendRequest();
        queuePair
                .postSend(request.write(memory).inline(ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.US_ASCII))))
                .orThrow();
        queuePair.postSend(request.send()).orThrow();
        return queuePair;
    }

    private static String words(StreamBinding binding) {
        return binding.kind().words() + (binding.inbound() ? ", inbound" : ", outbound");
    }

    private static void writeLine(PlainStream stream, String line) throws Exception {
        stream.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)), DEADLINE);
    }

    /** Reads one octet after the other, so that nothing behind the line is taken. */
    private static String readLine(PlainStream stream) throws Exception {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer octet = ByteBuffer.allocate(1);
        stream.readFully(octet, DEADLINE);
        while (octet.get(0) != '\n') {
            line.write(octet.get(0));
            stream.readFully(octet.clear(), DEADLINE);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    private static void awaitNext(CompletionCursor cursor) throws TimeoutException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!cursor.next()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("nothing completed within " + DEADLINE.toSeconds() + " seconds");
            }
            Thread.onSpinWait();
        }
    }
}
