package io.verbena.examples.demo;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Completions;
import io.verbena.examples.command.HostAndPort;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceAttributes;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The end that acts: connects, sends, writes, reads, and finally tries what it may not. Each step checks both ends. */
final class DemoClient {
    private static final Duration SERVER_START = Duration.ofSeconds(20);
    private static final Duration STEP = DemoEnd.STEP;

    private final DemoScreen screen;
    private final ServerProcess server;
    private final Device device;
    private final DemoEnd end;

    DemoClient(DemoScreen screen, ServerProcess server, Device device) {
        this.screen = screen;
        this.server = server;
        this.device = device;
        end = new DemoEnd(device);
    }

    void run() throws CommandFailedException, ConnectionFailedException, InterruptedException {
        register();
        DemoGreeting greeting = connect();
        sendAndReceive();
        write(greeting);
        read(greeting);
        writeWithoutRight(greeting);
        server.awaitEnd(STEP);
    }

    private void register() throws CommandFailedException, InterruptedException {
        DeviceAttributes attributes = device.query();
        screen.step(
                "Open a device and register memory",
                "The adapter touches registered memory only. A registration has an STag, which names it on the wire, and "
                        + "rights, which say what a peer may do there.");
        screen.client("opened device '" + attributes.name() + "', transport " + attributes.transport());
        screen.client("message buffer: " + DemoText.describe(end.outboxRegion()));
        server.await("registered", SERVER_START);
    }

    private DemoGreeting connect() throws CommandFailedException, ConnectionFailedException, InterruptedException {
        screen.step(
                "Connect two queue pairs",
                "TCP carries the connection. Before the first RDMA frame the ends agree on the wire's options, and each may "
                        + "hand the other some private data.");
        HostAndPort address = HostAndPort.parse(server.fact("address"));
        InetSocketAddress remote = address.resolve(InetAddress.getLoopbackAddress(), address.port());
        String hello = "hello from process " + ProcessHandle.current().pid();
        screen.client("connecting to " + server.fact("address") + " with private data '" + hello + "'");
        Connection connection = device.connect(
                end.queuePair(),
                remote,
                ConnectionParameters.defaults().withPrivateData(hello.getBytes(StandardCharsets.US_ASCII)));
        server.await("connected", STEP);
        DemoGreeting greeting = DemoGreeting.decode(connection.privateData());
        Connection.Agreement agreed = connection.agreement();
        screen.client("connected: MPA revision " + agreed.revision() + ", CRC " + (agreed.crc() ? "on" : "off")
                + ", markers " + (agreed.sendMarkers() || agreed.receiveMarkers() ? "on" : "off") + ", up to "
                + agreed.outboundReadDepth() + " Reads at once, frames of up to " + agreed.mulpduOctets() + " octets");
        screen.client("the server's private data says: '" + greeting.text() + "', open memory at " + greeting.open());
        return greeting;
    }

    private void sendAndReceive() throws CommandFailedException, InterruptedException {
        screen.step("Send and receive", "A Send goes into the next receive that the peer has posted: two-sided.");
        String text = "hello, here is process " + ProcessHandle.current().pid();
        screen.client("Send of '" + text + "'");
        end.send(text);
        server.await("answered", STEP);
        screen.client("received '" + end.receive() + "'");
    }

    private void write(DemoGreeting greeting) throws CommandFailedException, InterruptedException {
        screen.step(
                "RDMA Write",
                "The octets go straight into the peer's memory. Its program is not asked and gets no completion: one-sided.");
        String text = "placed here by process " + ProcessHandle.current().pid();
        screen.client("RDMA Write of '" + text + "' to " + greeting.open());
        end.post(new SendRequest().write(greeting.open()).local(end.outboxRegion(), 0, end.stage(text)));
        end.expect(CompletedOperation.WRITE);
        screen.client("Write completed; a Send tells the server to look, and arrives behind the Write");
        end.send("look");
        server.await("looked", STEP);
        check("the server's memory", padded(text), server.fact("written"));
    }

    private void read(DemoGreeting greeting) throws CommandFailedException, InterruptedException {
        screen.step(
                "RDMA Read", "The other way round: the peer's memory is fetched, and again its program takes no part.");
        end.send("change");
        server.await("changed", STEP);
        ByteBuffer sink = ByteBuffer.allocateDirect(DemoText.MEMORY_OCTETS);
        MemoryRegion sinkRegion = end.domain().register(sink, AccessFlag.LOCAL_WRITE);
        screen.client("RDMA Read of " + greeting.open().lengthOctets() + " octets from " + greeting.open());
        end.post(new SendRequest().read(greeting.open()).local(sinkRegion, 0, DemoText.MEMORY_OCTETS));
        WorkCompletion completion = end.expect(CompletedOperation.READ);
        screen.client("Read completed, " + completion.lengthOctets() + " octets: " + DemoText.quoted(sink));
        check("what was read", server.fact("changed"), DemoText.all(sink));
    }

    private void writeWithoutRight(DemoGreeting greeting) throws CommandFailedException, InterruptedException {
        screen.step(
                "A Write that is refused",
                "The guarded memory may be read by the peer, not written. The server's adapter refuses before an octet is "
                        + "placed, says why in a Terminate message, and ends the connection.");
        screen.client("RDMA Write to " + greeting.guarded());
        end.post(new SendRequest().write(greeting.guarded()).local(end.outboxRegion(), 0, end.stage("gotcha")));
        FailureCause cause = end.awaitTermination();
        server.await("refused", STEP);
        screen.client(fate(end.next()));
        screen.client("then came the end: " + cause.message());
        screen.client(
                "STag, address and length are those of the refused frame, whose header the Terminate brought back");
        screen.client("my queue pair is in state " + end.queuePair().state());
        check("the server's guarded memory", padded("look, but do not touch"), server.fact("guarded"));
        RemoteRegion refused = new RemoteRegion(cause.stag(), cause.address(), cause.lengthOctets());
        check(
                "the refused target",
                greeting.guarded().slice(0, "gotcha".length()).toString(),
                refused.toString());
        check("the Terminate here", server.fact("terminate"), cause.terminate().triple());
        check("the server's check", FailedCheck.ACCESS_RIGHT.name(), server.fact("check"));
    }

    private static String fate(WorkCompletion write) throws CommandFailedException {
        if (write == null) {
            throw new CommandFailedException("the refused Write did not complete");
        }
        return write.success()
                ? "my Write had completed with SUCCESS: it has no answer, so it is complete when its octets have left"
                : "my Write completed with " + write.status() + ": " + Completions.reason(write);
    }

    private static String padded(String text) {
        return text + ".".repeat(DemoText.MEMORY_OCTETS - text.length());
    }

    private static void check(String what, String expected, String actual) throws CommandFailedException {
        if (!actual.equals(expected)) {
            throw new CommandFailedException(what + " is '" + actual + "', and '" + expected + "' was expected");
        }
    }
}
