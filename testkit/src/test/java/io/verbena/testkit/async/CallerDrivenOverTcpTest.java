package io.verbena.testkit.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ForbidBadEvents;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.async.AsyncQueuePair;
import io.verbena.verbs.async.LeasedRegion;
import io.verbena.verbs.async.Operation;
import io.verbena.verbs.async.ReceivePool;
import io.verbena.verbs.async.ReceivedMessage;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both ends on one device that makes progress on the test's own thread alone. */
@Tag("tcp")
class CallerDrivenOverTcpTest {
    private static final Duration LONG = AsyncPeers.LONG;

    @RegisterExtension
    final ForbidBadEvents events = new ForbidBadEvents();

    @Test
    void everythingHappensOnTheWaitingThread() throws Exception {
        try (Device device = Device.open(events.watch(DeviceOptions.defaults()).withCallerDrivenProgress())) {
            ProtectionDomain domain = device.allocateProtectionDomain();
            try (AsyncQueuePair near = AsyncQueuePair.open(domain, 4, 4);
                    AsyncQueuePair far = AsyncQueuePair.open(domain, 4, 4)) {
                ReceivePool pool = ReceivePool.open(far, 4, 256);
                connect(device, near, far);
                exchange(domain, near, far, pool);
            }
        }
    }

    private static void connect(Device device, AsyncQueuePair near, AsyncQueuePair far) throws Exception {
        ConnectionParameters parameters = ConnectionParameters.defaults();
        try (ConnectionListener listener = device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            CompletableFuture<Connection> connecting =
                    device.connectAsync(near.queuePair(), listener.localAddress(), parameters);
            listener.nextRequest(LONG).accept(far.queuePair(), parameters);
            while (!connecting.isDone()) {
                device.progress(Duration.ofMillis(1));
            }
            connecting.join();
        }
    }

    private static void exchange(ProtectionDomain domain, AsyncQueuePair near, AsyncQueuePair far, ReceivePool pool)
            throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(1024);
        LeasedRegion region = LeasedRegion.register(domain, memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        for (int i = 0; i < 50; i++) {
            memory.putInt(0, i);
            near.send(region, 0, 4);
            Operation write = near.write(region, 0, 4, region.remote(512, 4));
            // Each end has a dispatcher of its own; driving either makes the whole device progress.
            try (ReceivedMessage message = pool.receive(LONG)) {
                assertThat(message.octets().getInt(0)).isEqualTo(i);
            }
            write.await(LONG);
        }
        assertThatThrownBy(() -> pool.receive(Duration.ofMillis(5))).isInstanceOf(TimeoutException.class);
        assertThat(memory.getInt(512)).isEqualTo(49);
        assertThat(near.outstandingCount()).isZero();
        assertThat(far.outstandingCount()).isEqualTo(4);
    }
}
