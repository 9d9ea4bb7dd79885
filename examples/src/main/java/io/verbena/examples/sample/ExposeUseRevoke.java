package io.verbena.examples.sample;

import io.verbena.examples.command.Completions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.STag;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
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
import java.util.function.Consumer;

/**
 * Expose, use, revoke, in one round trip: what a storage client does for each read. One request of the client registers a
 * buffer and sends its STag; the server writes the answer into that buffer and gives the STag back with a Send with
 * Invalidate. When the client has its receive completion, the octets are there and nobody else reaches them any more.
 */
public final class ExposeUseRevoke {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ExposeUseRevoke() {}

    /** Runs the sample. */
    public static void main(String[] arguments) throws Exception {
        run(DeviceOptions.defaults(), System.out::println);
    }

    /** Asks for a text, and prints what happened to the memory that it came into. */
    public static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        try (Device server = Device.open(options);
                Device client = Device.open(options)) {
            Completions ofServer = new Completions(server, 16);
            Completions ofClient = new Completions(client, 16);
            ProtectionDomain serverDomain = server.allocateProtectionDomain();
            ProtectionDomain clientDomain = client.allocateProtectionDomain();
            QueuePair serverEnd = serverDomain.createQueuePair(QueuePairOptions.with(ofServer.queue()));
            QueuePair clientEnd = clientDomain.createQueuePair(
                    QueuePairOptions.with(ofClient.queue()).withFastRegister(true));
            ByteBuffer asked = ByteBuffer.allocateDirect(RemoteRegion.ENCODED_OCTETS);
            MemoryRegion askedRegion = serverDomain.register(asked.duplicate(), AccessFlag.LOCAL_WRITE);
            serverEnd
                    .postReceive(new ReceiveRequest().receive(1).local(askedRegion, 0, RemoteRegion.ENCODED_OCTETS))
                    .orThrow();
            connect(server, serverEnd, client, clientEnd);

            // Made once: an STag without memory, which each request gives other memory and another key.
            MemoryRegion region = clientDomain.allocateRegion(16, true);
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            FastRegistration exposed = region.fastRegistration(buffer, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
            clientEnd.postReceive(new ReceiveRequest().receive(2)).orThrow();
            clientEnd
                    .postSend(new SendRequest()
                            .send()
                            .exposing(exposed)
                            .inline(ByteBuffer.wrap(exposed.remote().encode())))
                    .orThrow();
            ofClient.expect(CompletedOperation.SEND, PATIENCE);
            out.accept("client: exposed and told " + exposed.remote());

            ofServer.expect(CompletedOperation.RECEIVE, PATIENCE);
            answer(serverEnd, RemoteRegion.decode(asked), "Nothing left open behind me");
            ofServer.expect(CompletedOperation.WRITE, PATIENCE);
            ofServer.expect(CompletedOperation.SEND, PATIENCE);
            out.accept("server: written, and given back with the answer");

            WorkCompletion answered = ofClient.expect(CompletedOperation.RECEIVE, PATIENCE);
            out.accept("client: STag " + STag.toString(answered.invalidatedStag()) + " revoked, the region is "
                    + (region.valid() ? "still valid" : "invalid"));
            byte[] text = new byte[27];
            buffer.get(0, text);
            out.accept("client: it says: " + new String(text, StandardCharsets.UTF_8));
            clientEnd.disconnect(PATIENCE);
        }
    }

    /** Writes the answer where the client wants it; the Send behind it arrives after it, and revokes the access. */
    private static void answer(QueuePair serverEnd, RemoteRegion target, String text) {
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        serverEnd.postSend(new SendRequest().write(target).inline(octets)).orThrow();
        serverEnd.postSend(new SendRequest().sendInvalidate(target.stag())).orThrow();
    }

    private static void connect(Device server, QueuePair serverEnd, Device client, QueuePair clientEnd)
            throws Exception {
        try (ConnectionListener listener = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Future<Connection> connecting =
                    client.connectAsync(clientEnd, listener.localAddress(), ConnectionParameters.defaults());
            listener.nextRequest(PATIENCE).accept(serverEnd, ConnectionParameters.defaults());
            connecting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
