package io.verbena.examples.sample;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.Notify;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
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
 * One-sided access: one end opens memory to its peer and tells where it is, as private data of the connection; the other
 * writes and reads it, and no code of the first end takes part.
 */
public final class WriteAndRead {
    private WriteAndRead() {}

    /** Runs the sample. */
    public static void main(String[] arguments) throws Exception {
        run(DeviceOptions.defaults(), System.out::println);
    }

    /** Writes a text into the peer's memory and reads it back. */
    public static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        byte[] text = "Placed without asking anybody".getBytes(StandardCharsets.UTF_8);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Device server = Device.open(options);
                Device client = Device.open(options);
                ConnectionListener listener = server.listen(anyPort)) {
            ByteBuffer open = ByteBuffer.allocateDirect(4096);
            ProtectionDomain serverDomain = server.allocateProtectionDomain();
            MemoryRegion openRegion = serverDomain.register(
                    open, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
            QueuePair serverEnd = serverDomain.createQueuePair(QueuePairOptions.with(server.createCompletionQueue(16)));

            ProtectionDomain clientDomain = client.allocateProtectionDomain();
            CompletionChannel channel = client.createCompletionChannel();
            CompletionQueue completions = client.createCompletionQueue(16, channel);
            QueuePair clientEnd = clientDomain.createQueuePair(QueuePairOptions.with(completions));

            Future<Connection> connecting =
                    client.connectAsync(clientEnd, listener.localAddress(), ConnectionParameters.defaults());
            listener.nextRequest(Duration.ofSeconds(5))
                    .accept(
                            serverEnd,
                            ConnectionParameters.defaults()
                                    .withPrivateData(openRegion.remote().encode()));
            byte[] privateData = connecting.get(5, TimeUnit.SECONDS).privateData();
            RemoteRegion remote = RemoteRegion.decode(ByteBuffer.wrap(privateData));
            out.accept("the peer opened: " + remote);

            ByteBuffer local = ByteBuffer.allocateDirect(2 * text.length).put(text);
            MemoryRegion localRegion = clientDomain.register(local.clear(), AccessFlag.LOCAL_WRITE);
            SendRequest request = new SendRequest();
            // One queue pair works in order: the Read sees what the Write before it has placed.
            clientEnd
                    .postSend(request.write(remote)
                            .local(localRegion, 0, text.length)
                            .signaled(false))
                    .orThrow();
            clientEnd
                    .postSend(request.read(remote).local(localRegion, text.length, text.length))
                    .orThrow();

            CompletionCursor cursor = completions.cursor();
            completions.arm(Notify.NEXT);
            if (!cursor.next() && (channel.await(Duration.ofSeconds(5)) == null || !cursor.next())) {
                throw new TimeoutException("nothing completed within 5 seconds");
            }
            byte[] readBack = new byte[text.length];
            local.get(text.length, readBack);
            out.accept(
                    cursor.operation() + " " + cursor.status() + ": " + new String(readBack, StandardCharsets.UTF_8));
            clientEnd.disconnect(Duration.ofSeconds(5));
        }
    }
}
