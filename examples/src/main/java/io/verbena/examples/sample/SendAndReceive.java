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
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Two-sided messages: one queue pair posts a receive, the other sends into it. Here both live in one process; two processes
 * differ only in who calls {@code listen} and who calls {@code connect}.
 */
public final class SendAndReceive {
    private SendAndReceive() {}

    /** Runs the sample. */
    public static void main(String[] arguments) throws Exception {
        run(DeviceOptions.defaults(), System.out::println);
    }

    /** Sends one message and prints what arrived. */
    public static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        try (Device device = Device.open(options)) {
            ProtectionDomain domain = device.allocateProtectionDomain();
            CompletionQueue completions = device.createCompletionQueue(16);
            QueuePair sender = domain.createQueuePair(QueuePairOptions.with(completions));
            QueuePair receiver = domain.createQueuePair(QueuePairOptions.with(completions));

            // A receive must be posted before the message comes: there is no hidden buffer that it could wait in.
            ByteBuffer inbox = ByteBuffer.allocateDirect(64);
            MemoryRegion inboxRegion = domain.register(inbox, AccessFlag.LOCAL_WRITE);
            receiver.postReceive(new ReceiveRequest().receive(1).local(inboxRegion, 0, 64))
                    .orThrow();

            connect(device, sender, receiver);

            ByteBuffer text = ByteBuffer.allocateDirect(64);
            int length =
                    text.put("Hello, RDMA!".getBytes(StandardCharsets.UTF_8)).position();
            MemoryRegion textRegion = domain.register(text.clear());
            sender.postSend(new SendRequest().send().id(2).local(textRegion, 0, length))
                    .orThrow();

            CompletionCursor cursor = completions.cursor();
            for (int completed = 0; completed < 2; completed++) {
                awaitNext(cursor);
                out.accept("request " + cursor.id() + ": " + cursor.operation() + " " + cursor.status());
                if (cursor.id() == 1) {
                    byte[] octets = new byte[(int) cursor.lengthOctets()];
                    inbox.get(0, octets);
                    out.accept("received: " + new String(octets, StandardCharsets.UTF_8));
                }
            }
            sender.disconnect(Duration.ofSeconds(5));
        }
    }

    private static void connect(Device device, QueuePair from, QueuePair to) throws Exception {
        try (ConnectionListener listener = device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Future<Connection> connecting =
                    device.connectAsync(from, listener.localAddress(), ConnectionParameters.defaults());
            listener.nextRequest(Duration.ofSeconds(5)).accept(to, ConnectionParameters.defaults());
            connecting.get(5, TimeUnit.SECONDS);
        }
    }

    private static void awaitNext(CompletionCursor cursor) throws TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!cursor.next()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("nothing completed within 5 seconds");
            }
            Thread.onSpinWait();
        }
    }
}
