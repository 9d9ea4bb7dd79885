package io.verbena.examples.demo;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.HostAndPort;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.Device;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The end whose memory is written and read. It follows the client and tells what it sees. */
final class DemoServer {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final PrintWriter lines;

    DemoServer(PrintWriter lines) {
        this.lines = lines;
    }

    void run(Device device) throws CommandFailedException, IOException, InterruptedException, TimeoutException {
        BlockingQueue<AsyncEvent> events = new LinkedBlockingQueue<>();
        device.onAsyncEvent(events::add);
        DemoEnd end = new DemoEnd(device);
        ByteBuffer open = memory("");
        MemoryRegion openRegion =
                end.domain().register(open, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
        say("open memory:    " + DemoText.describe(openRegion, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ));
        ByteBuffer guarded = memory("look, but do not touch");
        MemoryRegion guardedRegion = end.domain().register(guarded, AccessFlag.REMOTE_READ);
        say("guarded memory: " + DemoText.describe(guardedRegion, AccessFlag.REMOTE_READ));
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ConnectionListener listener = device.listen(anyPort)) {
            tell(ServerLine.fact("address", HostAndPort.toString(listener.localAddress())));
            say("they read " + DemoText.quoted(open) + " and " + DemoText.quoted(guarded));
            say("my device's translation and protection table:");
            device.dumpMemory().lines().forEach(line -> say(line.replace(' ', DemoText.NO_BREAK)));
            done("registered");
            ConnectionRequest request = listener.nextRequest(CONNECT);
            say("a peer asks to connect; its private data says: '"
                    + new String(request.privateData(), StandardCharsets.US_ASCII) + "'");
            DemoGreeting greeting = new DemoGreeting(
                    openRegion.remote(), guardedRegion.remote(), "welcome from process " + processId());
            request.accept(end.queuePair(), ConnectionParameters.defaults().withPrivateData(greeting.encode()));
            say("accepted; my private data tells where my memory is");
            done("connected");
        }
        answerMessage(end);
        showWrite(end, open);
        awaitRefusal(end, events, guarded);
    }

    private void answerMessage(DemoEnd end) throws CommandFailedException, InterruptedException {
        String text = end.receive();
        say("a receive completed: " + text.length() + " octets, '" + text + "'");
        end.send("and hello to you from process " + processId());
        done("answered");
    }

    private void showWrite(DemoEnd end, ByteBuffer open) throws CommandFailedException, InterruptedException {
        end.receive();
        say("I was told to look. My program wrote nothing, yet my open memory now reads " + DemoText.quoted(open));
        tell(ServerLine.fact("written", DemoText.all(open)));
        done("looked");
        end.receive();
        DemoText.put(open, 0, "changed by process " + processId() + " itself");
        say("I changed my open memory to " + DemoText.quoted(open));
        tell(ServerLine.fact("changed", DemoText.all(open)));
        done("changed");
    }

    private void awaitRefusal(DemoEnd end, BlockingQueue<AsyncEvent> events, ByteBuffer guarded)
            throws CommandFailedException, InterruptedException {
        FailureCause cause = end.awaitTermination();
        AsyncEvent event = events.poll(DemoEnd.STEP.toNanos(), TimeUnit.NANOSECONDS);
        if (event == null) {
            throw new CommandFailedException("no asynchronous event told of the refused Write");
        }
        say("event " + event.kind() + ": " + cause.message());
        say("my guarded memory still reads " + DemoText.quoted(guarded));
        say("my queue pair is in state " + end.queuePair().state());
        tell(ServerLine.fact("guarded", DemoText.all(guarded)));
        tell(ServerLine.fact("terminate", cause.terminate().triple()));
        tell(ServerLine.fact("check", cause.check().name()));
        done("refused");
    }

    private static ByteBuffer memory(String text) {
        ByteBuffer memory = ByteBuffer.allocateDirect(DemoText.MEMORY_OCTETS);
        DemoText.put(memory, 0, text);
        return memory;
    }

    private static long processId() {
        return ProcessHandle.current().pid();
    }

    private void say(String text) {
        tell(ServerLine.say(text));
    }

    private void done(String step) {
        tell(ServerLine.done(step));
    }

    private void tell(String line) {
        lines.println(line);
        lines.flush();
    }
}
