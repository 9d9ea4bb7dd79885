package io.verbena.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a connected queue pair holds on the heap, at the depths of {@code ./verbena bench idle-qp-bytes}. */
@Tag("tcp")
@Timeout(60)
class IdleQueuePairTest {
    private static final int DEPTH = 16;
    private static final int FIRST = 100;
    private static final int COUNTED = 300;

    /** A third more than {@code docs/performance.md} states, and well under the budget of 16 KiB. */
    private static final long MOST_IDLE_OCTETS = 10 << 10;

    /** The same for one that keeps the rings that it has used. */
    private static final long MOST_USED_OCTETS = 12 << 10;

    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private final Queue<QueuePair> accepted = new ConcurrentLinkedQueue<>();
    private final List<QueuePair> connected = new ArrayList<>();
    private Device client;
    private Device server;
    private ProtectionDomain clientDomain;
    private ProtectionDomain serverDomain;
    private CompletionQueue completions;
    private QueuePairOptions clientOptions;
    private ConnectionListener listener;

    @BeforeEach
    void open() throws Exception {
        server = Device.open(DeviceOptions.defaults().withName("idle-server"));
        client = Device.open(DeviceOptions.defaults().withName("idle-client"));
        serverDomain = server.allocateProtectionDomain();
        clientDomain = client.allocateProtectionDomain();
        completions = client.createCompletionQueue(DEPTH);
        clientOptions = QueuePairOptions.with(completions).withDepths(DEPTH, DEPTH);
        QueuePairOptions serverOptions =
                QueuePairOptions.with(server.createCompletionQueue(DEPTH)).withDepths(DEPTH, DEPTH);
        listener = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.onRequest(request -> {
            QueuePair queuePair = serverDomain.createQueuePair(serverOptions);
            accepted.add(queuePair);
            request.acceptAsync(queuePair, ConnectionParameters.defaults());
        });
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void holdsWellUnderItsBudgetIdleAndOnceUsed() throws Exception {
        MemoryRegion region = serverDomain.register(
                ByteBuffer.allocateDirect(64), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
        MemoryRegion local = clientDomain.register(ByteBuffer.allocateDirect(64), AccessFlag.LOCAL_WRITE);
        connect(FIRST);
        use(connected, local, region.remote());
        long before = heapOctets();
        connect(COUNTED);
        long idle = heapOctets();
        use(connected.subList(FIRST, FIRST + COUNTED), local, region.remote());
        long used = heapOctets();
        assertThat((idle - before) / (2 * COUNTED))
                .as("octets of an idle queue pair")
                .isLessThan(MOST_IDLE_OCTETS);
        assertThat((used - before) / (2 * COUNTED))
                .as("octets of a queue pair that has written and read")
                .isLessThan(MOST_USED_OCTETS);
    }

    private void connect(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            QueuePair queuePair = clientDomain.createQueuePair(clientOptions);
            connected.add(queuePair);
            client.connectAsync(queuePair, listener.localAddress(), ConnectionParameters.defaults())
                    .get(SystemDeadline.USUAL.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void use(List<QueuePair> queuePairs, MemoryRegion local, RemoteRegion remote) {
        SendRequest request = new SendRequest();
        CompletionCursor cursor = completions.cursor();
        for (QueuePair each : queuePairs) {
            each.postSend(request.write(remote).local(local, 0, 64)).orThrow();
            SystemDeadline.awaitUsual("a Write", cursor::next);
            each.postSend(request.read(remote).local(local, 0, 64)).orThrow();
            SystemDeadline.awaitUsual("a Read", cursor::next);
        }
    }

    /** Returns the octets of live objects; more than one collection, as some are freed behind one. */
    private static long heapOctets() {
        for (int i = 0; i < 3; i++) {
            MEMORY.gc();
        }
        return MEMORY.getHeapMemoryUsage().getUsed();
    }
}
