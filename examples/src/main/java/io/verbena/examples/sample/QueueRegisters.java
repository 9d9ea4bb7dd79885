package io.verbena.examples.sample;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The registers and slots of a send queue, step by step: a Read and two Writes are posted, served, and done in another order.
 *
 * <p>Both devices make progress only when this program drives them, so every step stands still to be looked at.
 */
public final class QueueRegisters {
    private static final int OCTETS = 64;

    private QueueRegisters() {}

    /** Runs the sample. */
    public static void main(String[] arguments) throws Exception {
        run(DeviceOptions.defaults(), System.out::println);
    }

    /** Prints the send queue before, while and after three requests are served. */
    public static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Device server = Device.open(options.withCallerDrivenProgress());
                Device client = Device.open(options.withCallerDrivenProgress());
                ConnectionListener listener = server.listen(anyPort)) {
            ProtectionDomain domain = server.allocateProtectionDomain();
            MemoryRegion remote = domain.register(
                    ByteBuffer.allocateDirect(OCTETS),
                    AccessFlag.LOCAL_WRITE,
                    AccessFlag.REMOTE_READ,
                    AccessFlag.REMOTE_WRITE);
            QueuePair serverEnd = domain.createQueuePair(QueuePairOptions.with(server.createCompletionQueue(8)));
            ProtectionDomain clientDomain = client.allocateProtectionDomain();
            MemoryRegion local = clientDomain.register(ByteBuffer.allocateDirect(OCTETS), AccessFlag.LOCAL_WRITE);
            CompletionQueue completions = client.createCompletionQueue(8);
            QueuePair queuePair = clientDomain.createQueuePair(
                    QueuePairOptions.with(completions).withDepths(4, 4));
            connect(client, server, listener, queuePair, serverEnd);

            out.accept("Four slots; nothing was ever posted:");
            out.accept(queuePair.querySendQueue().toString());

            SendRequest request = new SendRequest();
            queuePair
                    .postSend(request.read(remote.remote()).id(1).local(local, 0, OCTETS))
                    .orThrow();
            out.accept("A Read is posted. The engine is idle, so posting writes its slot into the first register:");
            out.accept(queuePair.querySendQueue().toString());

            queuePair
                    .postSend(request.write(remote.remote()).id(2).local(local, 0, OCTETS))
                    .orThrow();
            queuePair
                    .postSend(request.write(remote.remote()).id(3).local(local, 0, OCTETS))
                    .orThrow();
            out.accept("Two Writes more. The first register has a request to name; only the counter goes up:");
            out.accept(queuePair.querySendQueue().toString());

            drive(
                    () -> client.progress(Duration.ZERO),
                    () -> queuePair.querySendQueue().busy() == 1);
            out.accept(
                    "The engine ran, the peer did not. The Writes are done and free; the older Read needs the peer:");
            out.accept(queuePair.querySendQueue().toString());
            out.accept("completions to poll: " + completions.size() + ", because they come in the order of posting");

            queuePair
                    .postSend(request.write(remote.remote()).id(4).local(local, 0, OCTETS))
                    .orThrow();
            queuePair
                    .postSend(request.write(remote.remote()).id(5).local(local, 0, OCTETS))
                    .orThrow();
            out.accept("Two Writes again. A slot that says free is used again, whatever the older one does:");
            out.accept(queuePair.querySendQueue().toString());

            drive(
                    () -> {
                        client.progress(Duration.ZERO);
                        server.progress(Duration.ZERO);
                    },
                    () -> queuePair.querySendQueue().busy() == 0);
            out.accept("Both ends ran. Everything is done, and nothing was polled yet:");
            out.accept(queuePair.querySendQueue().toString());
            out.accept("completions to poll: " + completions.size());
        }
    }

    private static void connect(
            Device client, Device server, ConnectionListener listener, QueuePair clientEnd, QueuePair serverEnd)
            throws Exception {
        var connecting = client.connectAsync(clientEnd, listener.localAddress(), ConnectionParameters.defaults());
        Runnable both = () -> {
            client.progress(Duration.ZERO);
            server.progress(Duration.ZERO);
        };
        CompletableFuture<?>[] accepting = new CompletableFuture<?>[1];
        drive(both, () -> {
            try {
                accepting[0] =
                        listener.nextRequest(Duration.ZERO).acceptAsync(serverEnd, ConnectionParameters.defaults());
                return true;
            } catch (TimeoutException notYet) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        drive(both, () -> connecting.isDone() && accepting[0].isDone());
        connecting.join();
    }

    private static void drive(Runnable progress, BooleanSupplier until) throws TimeoutException {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!until.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("what was driven did not happen within 5 seconds");
            }
            progress.run();
        }
    }
}
